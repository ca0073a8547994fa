package dev.podpath.core.location;

/**
 * The part of an HTTP request that chooses its way.
 *
 * @param scheme {@code http} or {@code https}, as the server at this point sees it
 * @param host lower-case host of the URL, without port
 * @param path path and query as sent, beginning with {@code /}
 * @param asked the scheme that the client asked with, which a proxy on the way may have ended
 * @param head method and header fields
 */
public record HttpRequest(String scheme, String host, String path, String asked, RequestHead head) {
    /** A plain GET request as the client sends it. */
    public HttpRequest(String scheme, String host, String path) {
        this(scheme, host, path, scheme);
    }

    /** A plain GET request that a proxy may have sent on. */
    public HttpRequest(String scheme, String host, String path, String asked) {
        this(scheme, host, path, asked, RequestHead.plain());
    }

    /** The same request with another head. */
    public HttpRequest with(RequestHead newHead) {
        return new HttpRequest(scheme, host, path, asked, newHead);
    }

    /** The same request on a connection of another scheme. */
    public HttpRequest over(String newScheme) {
        return new HttpRequest(newScheme, host, path, asked, head);
    }

    /** The same request for another host and path. */
    public HttpRequest to(String newHost, String newPath) {
        return new HttpRequest(scheme, newHost, newPath, asked, head);
    }

    /** The URL without port. */
    @Override
    public String toString() {
        return scheme + "://" + host + path;
    }
}
