package dev.podpath.aws.elb;

import dev.podpath.core.location.HttpRequest;
import dev.podpath.ports.snapshot.Json;
import io.vavr.control.Option;
import java.util.Locale;

/**
 * The transforms of a rule: they change host and URL after the rule was chosen and before the request is sent on
 * (Application Load Balancer guide, "Transforms for listener rules").
 */
final class Rewrites {
    private Rewrites() {}

    /** The request as the targets see it; empty where it cannot be told. */
    static Option<HttpRequest> apply(ListenerRule rule, HttpRequest request, BoundedRegex regex) {
        Option<HttpRequest> rewritten = Option.some(request);
        for (Json transform : rule.transforms()) {
            rewritten = rewritten.flatMap(before -> apply(transform, before, regex));
        }
        return rewritten;
    }

    private static Option<HttpRequest> apply(Json transform, HttpRequest request, BoundedRegex regex) {
        return switch (transform.textOr("", "Type")) {
            case "host-header-rewrite" ->
                rewrite(transform, "HostHeaderRewriteConfig", request.host(), regex)
                        .map(host -> request.to(host.toLowerCase(Locale.ROOT), request.path()));
            case "url-rewrite" ->
                rewrite(transform, "UrlRewriteConfig", request.path(), regex)
                        .map(path -> request.to(request.host(), path.startsWith("/") ? path : "/" + path));
            default -> Option.none();
        };
    }

    private static Option<String> rewrite(Json transform, String config, String text, BoundedRegex regex) {
        Option<String> rewritten = Option.some(text);
        for (Json entry : transform.items(config, "Rewrites")) {
            rewritten = rewritten.flatMap(before -> entry.text("Regex")
                    .flatMap(expression -> regex.replace(expression, entry.textOr("", "Replace"), before)));
        }
        return rewritten;
    }
}
