package dev.podpath.testkit.reference;

import dev.podpath.core.cluster.Endpoint;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpPrefix;
import io.vavr.collection.Vector;

/**
 * The rules that choose among endpoints, and those of each endpoint.
 *
 * @param nat the table they are in
 * @param large whether they carry no comments because there are so many
 * @param config how kube-proxy was started
 */
record EndpointChains(TableText nat, boolean large, WriterConfig config) {
    /** Affinity first, then chance: of n endpoints the i-th takes 1/(n-i) of what is left. */
    void choose(PortPlan plan, String chain, Vector<Endpoint> endpoints) {
        nat.chain(chain);
        for (int seconds : plan.affinity()) {
            for (Endpoint endpoint : endpoints) {
                String sep = plan.sep(endpoint.address());
                nat.add(
                        chain,
                        rule(plan, endpoint)
                                .recentlyUsed(sep, seconds, plan.v6())
                                .jump(sep));
            }
        }
        int left = endpoints.size();
        for (Endpoint endpoint : endpoints) {
            RuleLine rule = rule(plan, endpoint);
            if (left > 1) {
                rule.match("-m statistic --mode random --probability " + Probability.saved(left, config.style()));
            }
            nat.add(chain, rule.jump(plan.sep(endpoint.address())));
            left--;
        }
    }

    /** Hairpin masquerade, and the translation itself. */
    void translate(PortPlan plan, AddressPort endpoint) {
        String sep = plan.sep(endpoint);
        RuleLine hairpin = commented(plan.label()).from(IpPrefix.host(endpoint.address()));
        nat.add(sep, hairpin.jump("KUBE-MARK-MASQ"));
        RuleLine rule = commented(plan.label());
        if (plan.affinity().isDefined()) {
            rule.rememberIn(sep, plan.v6());
        }
        nat.add(sep, rule.protocol(plan.protocol()).jump("DNAT --to-destination " + endpoint));
    }

    private RuleLine rule(PortPlan plan, Endpoint endpoint) {
        return commented(plan.label() + " -> " + endpoint.address());
    }

    private RuleLine commented(String text) {
        return large ? RuleLine.any() : RuleLine.any().comment(text);
    }
}
