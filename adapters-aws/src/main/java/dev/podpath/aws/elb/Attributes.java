package dev.podpath.aws.elb;

import dev.podpath.aws.document.Response;
import dev.podpath.core.trace.Evidence;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * The attributes of a load balancer or target group.
 *
 * @param response the output; empty where it was not captured
 */
record Attributes(Option<Response> response) {
    /** Whether they were captured. */
    boolean isCaptured() {
        return response.isDefined();
    }

    /** The value of an attribute; empty where it was not captured or is empty. */
    Option<String> value(String key) {
        return entry(key).flatMap(json -> json.text("Value")).filter(text -> !text.isEmpty());
    }

    /** The number an attribute is; empty where it is none, such as {@code off}. */
    Option<Integer> number(String key) {
        return entry(key).flatMap(json -> json.integer("Value"));
    }

    boolean isTrue(String key) {
        return value(key).contains("true");
    }

    /** The attribute as evidence, where it was captured. */
    Vector<Evidence> evidence(String key) {
        return entry(key).map(Json::evidence).toVector();
    }

    private Option<Json> entry(String key) {
        return response.flatMap(r -> r.items().find(json -> json.text("Key").contains(key)));
    }
}
