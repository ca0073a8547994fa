package dev.podpath.capture.aliyun;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.podpath.ports.capture.DocumentWriter;
import dev.podpath.ports.capture.SnapshotWriter;
import io.vavr.Tuple2;
import io.vavr.collection.Map;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** All pages of one action: from the account into the snapshot, or from a snapshot that a capture goes on with. */
final class Pages {
    private static final int MOST = 10_000;
    private static final int MOST_STARTS = 3;

    private final Account account;
    private final SnapshotWriter snapshot;

    Pages(Account account, SnapshotWriter snapshot) {
        this.account = account;
        this.snapshot = snapshot;
    }

    /** Asks for all pages; all or none. Begins anew where items vanish meanwhile, so that the pages do not fit together. */
    Either<Failure, Vector<JsonNode>> fetch(Call call) {
        for (int start = 0; start < MOST_STARTS; start++) {
            Option<Either<Failure, Vector<JsonNode>>> fitting = fetchOnce(call);
            if (fitting.isDefined()) {
                return fitting.get();
            }
        }
        return Either.left(new Failure(Failure.Kind.REFUSED, "the pages do not add up to the number they name"));
    }

    private Option<Either<Failure, Vector<JsonNode>>> fetchOnce(Call call) {
        Paging paging = call.action().paging();
        Map<String, String> parameters =
                call.parameters().merge(paging.first(call.action().pageSize()));
        List<JsonNode> pages = new ArrayList<>();
        long seen = 0;
        while (pages.size() < MOST) {
            Either<Failure, JsonNode> page = account.page(call, parameters);
            if (page.isLeft()) {
                return Option.some(Either.left(page.getLeft()));
            }
            int items = call.items(page.get()).size();
            pages.add(page.get());
            seen += items;
            Option<Tuple2<String, String>> next = paging.next(pages.size(), page.get(), seen);
            if (next.isEmpty()) {
                return Option.some(Either.right(Vector.ofAll(pages)));
            }
            if (items == 0 && paging != Paging.TOKEN && paging != Paging.TOKEN_OF_ROUTES) {
                return Option.none();
            }
            if (parameters.get(next.get()._1).contains(next.get()._2)) {
                return Option.some(
                        Either.left(new Failure(Failure.Kind.REFUSED, "page after page names the same next one")));
            }
            parameters = parameters.put(next.get());
        }
        return Option.some(Either.left(new Failure(Failure.Kind.REFUSED, "more than " + MOST + " pages")));
    }

    void write(Call call, Vector<JsonNode> pages) throws IOException {
        for (int i = 0; i < pages.size(); i++) {
            String path = pages.size() == 1 ? call.document() : call.document(i + 1);
            try (DocumentWriter document = snapshot.document(path)) {
                document.write(Layout.bytes(pages.get(i)));
                document.commit();
            }
        }
    }

    /** The pages that an earlier run wrote; empty where it left the call out. */
    Vector<JsonNode> read(Call call) throws IOException {
        Option<Path> whole = snapshot.file(call.document());
        List<JsonNode> pages = new ArrayList<>();
        Option<Path> file = whole.orElse(() -> snapshot.file(call.document(1)));
        while (file.isDefined()) {
            try {
                pages.add(Layout.read(Files.readString(file.get(), StandardCharsets.UTF_8)));
            } catch (JsonProcessingException e) {
                throw new IOException(file.get() + " was changed since it was captured", e);
            }
            file = whole.isDefined() ? Option.none() : snapshot.file(call.document(pages.size() + 1));
        }
        return Vector.ofAll(pages);
    }
}
