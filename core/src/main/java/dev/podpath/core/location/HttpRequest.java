package dev.podpath.core.location;

/**
 * The part of an HTTP request that chooses its way.
 *
 * @param scheme {@code http} or {@code https}, as the server at this point sees it
 * @param host lower-case host of the URL, without port
 * @param path path and query as sent, beginning with {@code /}
 */
public record HttpRequest(String scheme, String host, String path) {
    /** The URL without port. */
    @Override
    public String toString() {
        return scheme + "://" + host + path;
    }
}
