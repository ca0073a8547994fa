package dev.podpath.aliyun.slb;

import dev.podpath.core.location.HttpRequest;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.Locale;

/**
 * The forwarding rules of an HTTP or HTTPS listener. The domain comes first: an exact domain before a wildcard, a longer
 * wildcard before a shorter; within it the rule with the longest URL that begins the path. Rules without a domain are for
 * requests whose host no rule names. (Forward requests based on domain names or URLs, CLB user guide.)
 */
final class ForwardingRules {
    private final Vector<Json> rules;

    ForwardingRules(Vector<Json> rules) {
        this.rules = rules;
    }

    /**
     * Chooses the rule for a request.
     *
     * @param rule the rule; empty where none matches
     * @param domainOnly whether rules name the host but none of them its path, which is not documented further
     */
    record Match(Option<Json> rule, boolean domainOnly) {}

    Match match(HttpRequest request) {
        int query = request.path().indexOf('?');
        String path = query < 0 ? request.path() : request.path().substring(0, query);
        Option<String> domain = rules.map(ForwardingRules::domain)
                .filter(candidate -> !candidate.isEmpty() && covers(candidate, request.host()))
                .maxBy(candidate -> candidate.startsWith("*") ? candidate.length() : Integer.MAX_VALUE);
        String wanted = domain.getOrElse("");
        Option<Json> rule = rules.filter(candidate -> domain(candidate).equals(wanted))
                .filter(candidate -> path.startsWith(url(candidate)))
                .maxBy(candidate -> url(candidate).length());
        return new Match(rule, rule.isEmpty() && domain.isDefined());
    }

    private static boolean covers(String domain, String host) {
        return domain.startsWith("*.")
                ? host.length() > domain.length() - 1 && host.endsWith(domain.substring(1))
                : domain.equals(host);
    }

    private static String domain(Json rule) {
        return rule.textOr("", "Domain").strip().toLowerCase(Locale.ROOT);
    }

    private static String url(Json rule) {
        return rule.textOr("", "Url").strip();
    }
}
