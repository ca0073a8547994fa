package dev.podpath.ports.request;

import dev.podpath.core.location.HttpRequest;
import dev.podpath.core.location.RequestHead;
import dev.podpath.core.net.Protocol;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/**
 * What is traced: a destination and who asks for it.
 *
 * @param destination the destination as the user wrote it
 * @param host lower-case name or address literal, without brackets
 * @param port 1 to 65535
 * @param protocol transport protocol
 * @param http the HTTP request, where the destination is a URL of HTTP
 * @param source who asks
 * @param node the node to look from, where the source leaves that open
 */
public record TraceRequest(
        String destination,
        String host,
        int port,
        Protocol protocol,
        Option<HttpRequest> http,
        Source source,
        Option<String> node) {

    /**
     * Reads a destination: a URL ({@code http}, {@code https}, {@code tcp}, {@code udp}, {@code sctp}),
     * {@code HOST:PORT}, {@code HOST:PORT/udp}, or a bare host, which is taken for {@code http://HOST/}.
     *
     * @return the request, or what is wrong with the destination
     */
    public static Either<String, TraceRequest> parse(String destination, Source source) {
        if (destination.isBlank()) {
            return Either.left("'" + destination + "' names no host");
        }
        return destination.contains("://") ? url(destination, source) : hostPort(destination, source);
    }

    /** The same request looked at from this node. */
    public TraceRequest at(String nodeName) {
        return new TraceRequest(destination, host, port, protocol, http, source, Option.some(nodeName));
    }

    /**
     * The same request with this method and these header fields; a {@code Host} field takes the place of the URL's host where an HTTP request chooses
     * its way.
     *
     * @return the request, or why it cannot have them
     */
    public Either<String, TraceRequest> with(RequestHead head) {
        if (http.isEmpty()) {
            return Either.left("'" + destination + "' is no HTTP request, so it has neither method nor headers");
        }
        Option<String> named = head.field("host").map(value -> value.toLowerCase(Locale.ROOT));
        RequestHead rest = new RequestHead(
                head.method(), head.fields().reject(field -> field.name().equals("host")));
        HttpRequest plain = http.get().with(rest);
        HttpRequest request =
                named.map(value -> plain.to(withoutPort(value), plain.path())).getOrElse(plain);
        return Either.right(new TraceRequest(destination, host, port, protocol, Option.some(request), source, node));
    }

    private static String withoutPort(String host) {
        int colon = host.lastIndexOf(':');
        return unbracket(colon > host.lastIndexOf(']') ? host.substring(0, colon) : host);
    }

    private static Either<String, TraceRequest> url(String text, Source source) {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            return Either.left("'" + text + "' is not a URL: " + e.getReason() + " at character " + e.getIndex());
        }
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        boolean web = scheme.equals("http") || scheme.equals("https");
        Option<Protocol> protocol = web ? Option.some(Protocol.TCP) : Protocol.parse(scheme);
        if (protocol.isEmpty()) {
            return Either.left("'" + text + "' has the scheme " + scheme + "; expected http, https, tcp, udp or sctp");
        }
        if (uri.getHost() == null) {
            return Either.left("'" + text + "' names no host");
        }
        int port = uri.getPort() >= 0 ? uri.getPort() : scheme.equals("https") ? 443 : web ? 80 : 0;
        String host = unbracket(uri.getHost().toLowerCase(Locale.ROOT));
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        Option<HttpRequest> http = web ? Option.some(new HttpRequest(scheme, host, path + query)) : Option.none();
        return checked(new TraceRequest(text, host, port, protocol.get(), http, source, Option.none()));
    }

    private static Either<String, TraceRequest> hostPort(String text, Source source) {
        int slash = text.lastIndexOf('/');
        Option<Protocol> named = slash < 0 ? Option.none() : Protocol.parse(text.substring(slash + 1));
        String rest = named.isDefined() ? text.substring(0, slash) : text;
        int colon = rest.lastIndexOf(':');
        boolean bare = colon < 0 || rest.endsWith("]") || rest.indexOf(':') != colon && !rest.startsWith("[");
        if (bare || rest.contains("/")) {
            String host = rest.indexOf(':') >= 0 && !rest.startsWith("[") ? "[" + rest + "]" : rest;
            return url("http://" + host, source)
                    .map(r -> new TraceRequest(text, r.host, r.port, r.protocol, r.http, source, Option.none()));
        }
        String digits = rest.substring(colon + 1);
        if (digits.isEmpty() || digits.length() > 5 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Either.left("'" + text + "' has no port after the colon; expected HOST:PORT");
        }
        int port = Integer.parseInt(digits);
        String host = unbracket(rest.substring(0, colon).toLowerCase(Locale.ROOT));
        boolean web = named.isEmpty() && (port == 80 || port == 443);
        Option<HttpRequest> http =
                web ? Option.some(new HttpRequest(port == 443 ? "https" : "http", host, "/")) : Option.none();
        return checked(new TraceRequest(text, host, port, named.getOrElse(Protocol.TCP), http, source, Option.none()));
    }

    private static Either<String, TraceRequest> checked(TraceRequest request) {
        if (request.host.isEmpty()) {
            return Either.left("'" + request.destination + "' names no host");
        }
        return request.port >= 1 && request.port <= 65535
                ? Either.right(request)
                : Either.left("'" + request.destination + "' needs a port from 1 to 65535");
    }

    private static String unbracket(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    /** What was asked, for people. */
    @Override
    public String toString() {
        RequestHead head = http.map(HttpRequest::head).getOrElse(RequestHead.plain());
        String what = head.equals(RequestHead.plain()) ? destination : destination + ", " + head;
        return what + " from " + source;
    }
}
