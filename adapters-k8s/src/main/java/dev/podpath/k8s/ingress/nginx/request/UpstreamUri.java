package dev.podpath.k8s.ingress.nginx.request;

import dev.podpath.k8s.ingress.nginx.conf.Directive;
import dev.podpath.k8s.ingress.nginx.select.LocationBlock;
import dev.podpath.k8s.ingress.nginx.select.RequestUri;
import io.vavr.control.Option;

/** The path and query that {@code proxy_pass} sends on ({@code ngx_http_proxy_create_request}). */
final class UpstreamUri {
    private UpstreamUri() {}

    /**
     * The target of the request line to the upstream server.
     *
     * @param sent the target as the client sent it
     * @param uri the path and query now
     * @param rewritten whether a {@code rewrite} changed the path
     * @param location the location, where the path is still compared with it
     * @param pass the {@code proxy_pass}
     */
    static String of(String sent, RequestUri uri, boolean rewritten, Option<LocationBlock> location, Directive pass) {
        String url = pass.arg(0).getOrElse("");
        int host = url.indexOf("://");
        int slash = url.indexOf('/', host < 0 ? 0 : host + 3);
        String prefix = slash < 0 || url.indexOf('$') >= 0 ? "" : url.substring(slash);
        if (prefix.isEmpty() && !rewritten) {
            return sent;
        }
        int replaced = prefix.isEmpty()
                ? 0
                : location.filter(block -> !block.isRegex())
                        .map(block -> block.name().length())
                        .getOrElse(0);
        boolean quoted = rewritten || sent.indexOf('%') >= 0;
        String rest = uri.path().substring(Math.min(replaced, uri.path().length()));
        return prefix + (quoted ? Escape.uri(rest) : rest) + (uri.args().isEmpty() ? "" : "?" + uri.args());
    }
}
