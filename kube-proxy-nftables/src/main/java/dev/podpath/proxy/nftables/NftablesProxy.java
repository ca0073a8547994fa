package dev.podpath.proxy.nftables;

import dev.podpath.core.finding.Finding;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.packet.Packet;
import dev.podpath.core.proxy.Ends;
import dev.podpath.core.proxy.Partition;
import dev.podpath.core.proxy.ProxyVerdict;
import dev.podpath.core.proxy.ServiceProxy;
import dev.podpath.proxy.nftables.eval.NftablesRules;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/** The service proxy of a node whose kube-proxy writes rules of nftables. */
final class NftablesProxy implements ServiceProxy {
    private final NftablesRules rules;
    private final Vector<Finding> findings;

    NftablesProxy(NftablesRules rules, Vector<Finding> findings) {
        this.rules = rules;
        this.findings = findings;
    }

    @Override
    public String mode() {
        return NftablesMode.ID;
    }

    @Override
    public ProxyVerdict route(Packet packet, Arrival arrival) {
        ProxyVerdict verdict = rules.route(packet, arrival);
        return findings.isEmpty()
                ? verdict
                : ProxyVerdict.builder()
                        .branches(verdict.branches())
                        .decisions(verdict.decisions())
                        .assumptions(verdict.assumptions())
                        .findings(verdict.findings().appendAll(findings))
                        .affinitySeconds(verdict.affinitySeconds())
                        .build();
    }

    @Override
    public Ends ends(Packet packet, Arrival arrival) {
        return rules.ends(packet, arrival);
    }

    @Override
    public Option<Partition> partition(Arrival arrival, boolean v6) {
        return Option.some(rules.partition(arrival, v6));
    }

    @Override
    public boolean isAlike(Arrival one, Arrival other, boolean v6) {
        return rules.isAlike(one, other, v6);
    }
}
