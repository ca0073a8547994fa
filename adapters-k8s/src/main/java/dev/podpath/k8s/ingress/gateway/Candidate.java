package dev.podpath.k8s.ingress.gateway;

import java.util.Comparator;

/**
 * A match that fits a request, and what decides between it and others.
 *
 * @param host the host name of the route that covers the request
 * @param rule the rule
 * @param place the place of the match in its rule
 * @param match the match
 */
record Candidate(HostPattern host, Route.Rule rule, int place, RouteMatch match) {
    /**
     * The order of the standard (HTTPRoute, {@code spec.hostnames} and {@code spec.rules[].matches}): the host name with the most characters, an exact
     * path, the longest prefix, a method, the most headers, the most parameters, the oldest route, the first by name, the first rule.
     */
    static final Comparator<Candidate> ORDER = Comparator.comparing((Candidate each) -> -each.host.rank())
            .thenComparing(each -> each.match.kind() == RouteMatch.Kind.EXACT ? 0 : 1)
            .thenComparing(each -> each.match.kind() == RouteMatch.Kind.PREFIX
                    ? -each.match.path().length()
                    : 0)
            .thenComparing(each -> each.match.method().isDefined() ? 0 : 1)
            .thenComparing(each -> -each.match.headers().size())
            .thenComparing(each -> -each.match.query().size())
            .thenComparing(each -> each.rule.route().created())
            .thenComparing(each -> each.rule.route().id())
            .thenComparing(each -> each.rule.index())
            .thenComparing(Candidate::place);
}
