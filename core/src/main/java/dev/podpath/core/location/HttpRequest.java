package dev.podpath.core.location;

/**
 * The part of an HTTP request that chooses its way.
 *
 * @param scheme {@code http} or {@code https}, as the server at this point sees it
 * @param host lower-case host of the URL, without port
 * @param path path and query as sent, beginning with {@code /}
 * @param asked the scheme that the client asked with, which a proxy on the way may have ended
 */
public record HttpRequest(String scheme, String host, String path, String asked) {
    /** A request as the client sends it. */
    public HttpRequest(String scheme, String host, String path) {
        this(scheme, host, path, scheme);
    }

    /** The same request on a connection of another scheme. */
    public HttpRequest over(String newScheme) {
        return new HttpRequest(newScheme, host, path, asked);
    }

    /** The same request for another host and path. */
    public HttpRequest to(String newHost, String newPath) {
        return new HttpRequest(scheme, newHost, newPath, asked);
    }

    /** The URL without port. */
    @Override
    public String toString() {
        return scheme + "://" + host + path;
    }
}
