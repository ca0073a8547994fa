package dev.podpath.core.proxy;

import dev.podpath.core.packet.Arrival;
import dev.podpath.core.packet.Packet;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * The service proxy of one node in one mode, read from the node's own state: what becomes of a packet.
 *
 * <p>Immutable and safe to use from several threads. Total: every packet gets a verdict, which says UNKNOWN where the
 * state cannot tell.
 */
public interface ServiceProxy {
    /** The mode, as kube-proxy names it: {@code iptables}, {@code ipvs}, {@code nftables}. */
    String mode();

    /** What the node does with the first packet of a connection. */
    ProxyVerdict route(Packet packet, Arrival arrival);

    /** How the first packet of a connection ends: {@link #route} without the reasoning, for checks of many packets. */
    default Ends ends(Packet packet, Arrival arrival) {
        return Ends.of(route(packet, arrival));
    }

    /**
     * Every packet of a family that can come this way, in classes with one verdict each.
     *
     * @param v6 whether of IPv6
     * @return empty where the mode cannot tell, or the state of this family was not captured
     */
    default Option<Partition> partition(Arrival arrival, boolean v6) {
        return Option.none();
    }

    /**
     * Whether every packet of a family ends the same by either way, because nothing on the node looks at what differs.
     *
     * @param v6 whether of IPv6
     * @return false also where that takes more than a look at the rules
     */
    default boolean isAlike(Arrival one, Arrival other, boolean v6) {
        return one.equals(other);
    }

    /** The tables the proxy was read from, and how well their rules are understood; empty where the mode does not tell. */
    default Vector<RuleCoverage> coverage() {
        return Vector.empty();
    }
}
