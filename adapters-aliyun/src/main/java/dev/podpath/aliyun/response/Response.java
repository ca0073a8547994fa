package dev.podpath.aliyun.response;

import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * A captured response body.
 *
 * @param api the API that gave it
 * @param region name of the directory it is in
 * @param key what stands between the action and {@code .json} in the file name; empty text for none
 * @param body the body
 */
public record Response(Api api, String region, String key, Json body) {
    /** The items, without those that lack what makes them useful. */
    public Vector<Item> items() {
        return all().filter(this::isUseful).map(json -> new Item(this, json));
    }

    /** The part of the key before the first dot: an identifier of the cloud, which has none. */
    public String keyHead() {
        int dot = key.indexOf('.');
        return dot < 0 ? key : key.substring(0, dot);
    }

    /** The items, useful or not. */
    public Vector<Json> all() {
        if (api.container().isEmpty()) {
            return Vector.of(body);
        }
        Json at = body.at(api.container().toJavaArray(String[]::new));
        return at.isObject() ? Vector.of(at) : at.items();
    }

    /** Whether an item has the fields it is of no use without. */
    public boolean isUseful(Json item) {
        return api.required().forAll(field -> item.at(field).isPresent());
    }

    /** Whether the body has the shape of this API at all. */
    boolean hasShape() {
        return api.container().isEmpty()
                ? isUseful(body)
                : body.at(api.container().toJavaArray(String[]::new)).isArray() || all().exists(this::isUseful);
    }

    /** The key without the number of a page. */
    public String group() {
        int dot = key.lastIndexOf('.');
        String last = key.substring(dot + 1);
        boolean page = !last.isEmpty() && last.chars().allMatch(c -> c >= '0' && c <= '9');
        return page ? key.substring(0, Math.max(dot, 0)) : key;
    }

    /** How many items the response says there are over all pages. */
    Option<Long> total() {
        return body.number("TotalCount")
                .orElse(() -> body.number("TotalItems"))
                .orElse(() -> body.number("TotalAclEntry"));
    }

    /** Whether the response names a further page. */
    boolean namesNext() {
        return body.text("NextToken").exists(token -> !token.isBlank());
    }
}
