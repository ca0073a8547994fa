package dev.podpath.capture.aliyun;

import com.fasterxml.jackson.databind.JsonNode;
import io.vavr.collection.Map;
import io.vavr.collection.TreeMap;
import io.vavr.collection.Vector;

/**
 * One action to be asked for, over all its pages.
 *
 * @param action which
 * @param region the region
 * @param key what the document's name has after the action; empty text for a list of everything
 * @param parameters the action's parameters, without the region and the page
 */
record Call(Action action, String region, String key, Map<String, String> parameters) {
    static Call all(Action action, String region) {
        return new Call(action, region, "", TreeMap.empty());
    }

    /** For one thing, whose identifier is also the document's key. */
    static Call of(Action action, String region, String parameter, String id) {
        return new Call(action, region, id, TreeMap.of(parameter, id));
    }

    /** The document's path, without a page's number and the ending. */
    String path() {
        return "aliyun/" + region + "/" + action.product().id() + "." + action.action()
                + (key.isEmpty() ? "" : "." + key);
    }

    /** The document's path where all is on one page. */
    String document() {
        return path() + ".json";
    }

    /** The path of one of several pages, from 1. */
    String document(int page) {
        return path() + "." + page + ".json";
    }

    /** The items of a page. */
    Vector<JsonNode> items(JsonNode page) {
        JsonNode at = page;
        for (String field : action.container()) {
            at = at.path(field);
        }
        return action.container().isEmpty() ? Vector.of(page) : Vector.ofAll(at);
    }
}
