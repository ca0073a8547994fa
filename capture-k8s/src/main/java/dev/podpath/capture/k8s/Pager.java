package dev.podpath.capture.k8s;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.function.LongConsumer;

/**
 * Lists the objects of one collection page by page, each object passed on as soon as it is read. All pages show one state of
 * the cluster; where the server has forgotten it (410 Gone) the list is begun anew, in the end without pages.
 */
final class Pager {
    private static final int PAGE = 500;
    private static final int MOST_RESTARTS = 3;

    private final Api api;
    private final ListDocument document;
    private final LongConsumer progress;

    Pager(Api api, ListDocument document, LongConsumer progress) {
        this.api = api;
        this.document = document;
        this.progress = progress;
    }

    /**
     * What one page ended with.
     *
     * @param next the token of the next page; empty text where this is the last
     * @param left how many objects the server says are on further pages
     */
    private record Page(String next, long left) {}

    /** Adds every object of the collection to the document; on failure it is as it was before. */
    Option<ApiFailure> list(String collection) throws IOException {
        ListDocument.Mark start = document.mark();
        for (int restart = 0; ; restart++) {
            Option<ApiFailure> failure = pages(collection, restart < MOST_RESTARTS ? PAGE : 0);
            if (failure.isEmpty()) {
                return failure;
            }
            document.rollback(start);
            if (!failure.get().gone() || restart >= MOST_RESTARTS || api.cancelled()) {
                return failure;
            }
        }
    }

    private Option<ApiFailure> pages(String collection, int limit) throws IOException {
        String next = "";
        do {
            String query =
                    (limit > 0 ? "?limit=" + limit : "") + (next.isEmpty() ? "" : "&continue=" + Api.encode(next));
            ListDocument.Mark before = document.mark();
            Either<ApiFailure, Page> page;
            try {
                page = api.get(collection + query, in -> {
                    rollback(before);
                    return read(in);
                });
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
            if (page.isLeft()) {
                return Option.some(page.getLeft());
            }
            next = page.get().next();
            progress.accept(document.count() + page.get().left());
        } while (!next.isEmpty() && !api.cancelled());
        return next.isEmpty() ? Option.none() : Option.some(ApiFailure.of(0, "stopped"));
    }

    private void rollback(ListDocument.Mark mark) {
        try {
            document.rollback(mark);
        } catch (IOException e) {
            // The disk, not the connection: asking again would not help.
            throw new UncheckedIOException(e);
        }
    }

    private Page read(InputStream in) throws IOException {
        String version = "v1";
        String kind = "";
        Page page = new Page("", 0);
        boolean items = false;
        try (JsonParser json = KubectlJson.MAPPER.createParser(in)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("an answer that is no list");
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                if (name.equals("items") && json.currentToken() == JsonToken.START_ARRAY) {
                    items = true;
                    items(json, version, kind);
                } else if (name.equals("metadata")) {
                    JsonNode metadata = json.readValueAsTree();
                    page = new Page(
                            metadata.path("continue").asText(""),
                            metadata.path("remainingItemCount").asLong(0));
                } else if (name.equals("apiVersion")) {
                    version = json.getText();
                } else if (name.equals("kind")) {
                    kind = json.getText().replaceFirst("List$", "");
                } else {
                    items |= name.equals("items");
                    json.skipChildren();
                }
            }
            if (json.currentToken() != JsonToken.END_OBJECT || !items) {
                throw new IOException("an answer that is no whole list");
            }
        }
        return page;
    }

    /** The API's own lists leave out what kind each object is; kubectl adds it. */
    private void items(JsonParser json, String version, String kind) throws IOException {
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (json.currentToken() == null) {
                throw new IOException("an answer that ends in the middle of a list");
            }
            JsonNode object = json.readValueAsTree();
            if (object instanceof ObjectNode fields) {
                if (!fields.has("apiVersion")) {
                    fields.put("apiVersion", version);
                }
                if (!fields.has("kind") && !kind.isEmpty()) {
                    fields.put("kind", kind);
                }
            }
            try {
                document.add(object);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
