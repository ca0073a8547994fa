package dev.podpath.capture.aliyun;

import com.fasterxml.jackson.databind.JsonNode;
import io.vavr.Tuple2;
import io.vavr.collection.Map;
import io.vavr.collection.TreeMap;
import io.vavr.control.Option;

/** How an action gives its answer in pages. */
enum Paging {
    /** All at once. */
    NONE("", ""),
    /** By number, with the number of all items in the answer. */
    NUMBER("PageNumber", "PageSize"),
    /** By number, with shorter names. */
    PAGE("Page", "PageSize"),
    /** By a token that the page before gives. */
    TOKEN("NextToken", "MaxResults"),
    /** By a token; the size has a name of its own. */
    TOKEN_OF_ROUTES("NextToken", "MaxResult");

    private final String position;
    private final String size;

    Paging(String position, String size) {
        this.position = position;
        this.size = size;
    }

    private boolean byToken() {
        return this == TOKEN || this == TOKEN_OF_ROUTES;
    }

    /** The parameters that ask for the first page. */
    Map<String, String> first(int most) {
        return this == NONE
                ? TreeMap.empty()
                : byToken()
                        ? TreeMap.of(size, Integer.toString(most))
                        : TreeMap.of(position, "1", size, Integer.toString(most));
    }

    /**
     * The parameter that asks for the page after one; empty after the last.
     *
     * @param number the number of the page, from 1
     * @param page the page
     * @param seen items until now, this page's included
     */
    Option<Tuple2<String, String>> next(int number, JsonNode page, long seen) {
        if (this == NONE) {
            return Option.none();
        }
        if (byToken()) {
            return Option.of(page.path("NextToken").asText(""))
                    .filter(token -> !token.isBlank() && !token.equals("null"))
                    .map(token -> new Tuple2<>(position, token));
        }
        return seen < total(page) ? Option.some(new Tuple2<>(position, Integer.toString(number + 1))) : Option.none();
    }

    private static long total(JsonNode page) {
        return page.path("TotalCount")
                .asLong(page.path("TotalItems")
                        .asLong(page.path("TotalAclEntry").asLong(0)));
    }
}
