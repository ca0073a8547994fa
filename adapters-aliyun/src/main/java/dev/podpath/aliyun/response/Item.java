package dev.podpath.aliyun.response;

import dev.podpath.ports.snapshot.Json;

/**
 * One object of a response.
 *
 * @param response the response it is in
 * @param json the object
 */
public record Item(Response response, Json json) {
    /** The region it was captured in. */
    public String region() {
        return response.region();
    }
}
