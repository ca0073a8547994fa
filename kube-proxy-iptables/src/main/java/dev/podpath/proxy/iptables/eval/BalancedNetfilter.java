package dev.podpath.proxy.iptables.eval;

import dev.podpath.core.packet.Arrival;
import dev.podpath.core.packet.Packet;
import dev.podpath.core.proxy.Ends;
import dev.podpath.core.proxy.Partition;
import io.vavr.Lazy;
import io.vavr.control.Option;

/**
 * The packet filter of a node with a load balancer inside its stack: its partition, and the ends of packets without the
 * reasoning. Immutable and safe to use from several threads.
 */
public final class BalancedNetfilter {
    private final Netfilter netfilter;
    private final Option<Lazy<Surveys>> surveys4;
    private final Option<Lazy<Surveys>> surveys6;

    /**
     * A packet filter with a balancer in it.
     *
     * @param netfilter the packet filter
     * @param balancer the load balancer
     */
    public BalancedNetfilter(Netfilter netfilter, Balancer.Partitioned balancer) {
        this.netfilter = netfilter;
        this.surveys4 = netfilter.rules(false).map(rules -> Lazy.of(() -> netfilter.surveys(rules, balancer)));
        this.surveys6 = netfilter.rules(true).map(rules -> Lazy.of(() -> netfilter.surveys(rules, balancer)));
    }

    /** How the first packet of a connection ends; empty where that takes the reasoning. */
    public Option<Ends> ends(Packet packet, Arrival arrival) {
        Option<Lazy<Surveys>> surveys = packet.destination().isV6() ? surveys6 : surveys4;
        return surveys.flatMap(made -> Option.of(made.get().ends(packet, arrival)));
    }

    /** The same partition, where each address is looked at on its own: what {@link #partition} is held to. */
    public Option<Partition> direct(Arrival arrival, boolean family6) {
        return (family6 ? surveys6 : surveys4).map(made -> made.get().direct(netfilter, arrival, Option.none()));
    }

    /** Whether every packet of a family ends the same by either way: both are forwarded, and no rule looks at the way. */
    public boolean isAlike(Arrival one, Arrival other, boolean family6) {
        boolean forwarded = !one.isLocalOutput() && !other.isLocalOutput();
        Option<Lazy<Surveys>> surveys = family6 ? surveys6 : surveys4;
        return one.equals(other)
                || forwarded && surveys.exists(made -> !made.get().asksForTheWayIn());
    }

    /**
     * All packets of a family that can come this way, in classes with one verdict each.
     *
     * @return empty where the rules of the family were not captured
     */
    public Option<Partition> partition(Arrival arrival, boolean family6) {
        return (family6 ? surveys6 : surveys4).map(made -> made.get().partition(netfilter, arrival));
    }
}
