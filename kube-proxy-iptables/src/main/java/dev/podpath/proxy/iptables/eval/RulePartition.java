package dev.podpath.proxy.iptables.eval;

import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.packet.Packet;
import dev.podpath.core.proxy.Partition;
import dev.podpath.core.proxy.ProxyVerdict;
import dev.podpath.core.proxy.walk.Box;
import dev.podpath.core.proxy.walk.BoxPartition;
import dev.podpath.proxy.iptables.rule.Ruleset;
import io.vavr.collection.Vector;

/** The partition by walking, one test of a rule after the other. Addresses that rules of indexed chains name are groups of their own. */
final class RulePartition implements Partition {
    /** Classes of one group; what is left beyond them is one class whose verdict is not known. */
    private static final int MOST = 50_000;

    private final Netfilter netfilter;
    private final Ruleset rules;
    private final Arrival arrival;
    private final FieldCuts cuts;
    private final Balancer.Partitioned balancer;
    private final BoxPartition boxes;

    RulePartition(Netfilter netfilter, Ruleset rules, Arrival arrival, FieldCuts cuts, Balancer.Partitioned balancer) {
        this.balancer = balancer;
        this.netfilter = netfilter;
        this.rules = rules;
        this.arrival = arrival;
        this.cuts = cuts;
        this.boxes = new BoxPartition(rules.isV6(), cuts.keys(), MOST);
    }

    @Override
    public Arrival arrival() {
        return arrival;
    }

    @Override
    public Vector<IpAddress> addresses() {
        return boxes.addresses();
    }

    @Override
    public Vector<Cell> cells(IpAddress address) {
        return boxes.cells(address, this::follow);
    }

    @Override
    public Vector<Cell> otherCells() {
        return boxes.otherCells(this::follow);
    }

    private Cell follow(Protocol protocol, Packet sample, Box same, boolean single) {
        ProxyVerdict verdict =
                balancer.verdict(sample, arrival, one -> netfilter.record(rules, sample, arrival, cuts, same, one));
        return Cell.of(boxes.packets(protocol, same, single), verdict);
    }
}
