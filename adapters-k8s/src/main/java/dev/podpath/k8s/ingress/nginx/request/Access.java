package dev.podpath.k8s.ingress.nginx.request;

import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.IpPrefix;
import dev.podpath.k8s.ingress.nginx.conf.Directive;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/** The {@code allow} and {@code deny} rules of a block ({@code ngx_http_access_module}): the first that matches decides. */
public sealed interface Access {
    /** No rule matches; the request passes. */
    record NoRule() implements Access {}

    /** A rule lets the client pass. */
    record Allowed(Directive rule) implements Access {}

    /** A rule refuses the client: 403. */
    record Denied(Directive rule) implements Access {}

    /**
     * It depends on something that is not known.
     *
     * @param rule the first rule that depends on it
     */
    record Unclear(Directive rule) implements Access {}

    /**
     * Evaluates rules.
     *
     * @param rules the {@code allow} and {@code deny} directives of the block that has any, in order
     * @param client the client's address, where it is known
     */
    static Access of(Vector<Directive> rules, Option<IpAddress> client) {
        for (int i = 0; i < rules.size(); i++) {
            Directive rule = rules.get(i);
            Option<Boolean> applies = applies(rule.arg(0).getOrElse(""), client);
            if (applies.isEmpty()) {
                return sameForAll(rules.drop(i)) ? verdict(rule) : new Unclear(rule);
            }
            if (applies.get()) {
                return verdict(rule);
            }
        }
        return new NoRule();
    }

    /** Whether the rest says the same to everybody. */
    private static boolean sameForAll(Vector<Directive> rules) {
        boolean deny = rules.head().is("deny");
        boolean reachesEnd = !rules.exists(rule -> rule.arg(0).contains("all"));
        return rules.forAll(rule -> rule.is("deny") == deny) && !(deny && reachesEnd);
    }

    private static Access verdict(Directive rule) {
        return rule.is("deny") ? new Denied(rule) : new Allowed(rule);
    }

    private static Option<Boolean> applies(String what, Option<IpAddress> client) {
        if (what.equals("all")) {
            return Option.some(true);
        }
        if (what.equals("unix:")) {
            return Option.some(false);
        }
        Option<IpPrefix> prefix = IpPrefix.parse(what);
        return prefix.isEmpty()
                ? Option.none()
                : client.map(address -> prefix.get().contains(address));
    }
}
