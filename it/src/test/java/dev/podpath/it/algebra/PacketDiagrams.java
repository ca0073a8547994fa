package dev.podpath.it.algebra;

import dev.podpath.core.net.AddressSet;
import dev.podpath.core.net.PortSet;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.packet.PacketClass;
import jdd.bdd.BDD;

/**
 * Sets of IPv4 packets as binary decision diagrams over the bits of their fields. A set is the number of a node; nothing
 * is ever given back, for the diagrams are small and short-lived.
 */
final class PacketDiagrams {
    private final BDD bdd = new BDD(100_000, 20_000);
    private final int[] destination = variables(32);
    private final int[] destinationPort = variables(16);
    private final int[] protocol = variables(2);
    private final int[] source = variables(32);
    private final int[] sourcePort = variables(16);

    private int[] variables(int count) {
        int[] variables = new int[count];
        for (int i = 0; i < count; i++) {
            variables[i] = bdd.createVar();
        }
        return variables;
    }

    int none() {
        return bdd.getZero();
    }

    int all() {
        return bdd.getOne();
    }

    int and(int one, int other) {
        return bdd.ref(bdd.and(one, other));
    }

    int or(int one, int other) {
        return bdd.ref(bdd.or(one, other));
    }

    int not(int one) {
        return bdd.ref(bdd.not(one));
    }

    int minus(int one, int other) {
        return and(one, not(other));
    }

    int protocol(Protocol wanted) {
        return range(protocol, wanted.ordinal(), wanted.ordinal());
    }

    int source(long first, long last) {
        return range(source, first, last);
    }

    int destination(long first, long last) {
        return range(destination, first, last);
    }

    int sourcePort(int first, int last) {
        return range(sourcePort, first, last);
    }

    int destinationPort(int first, int last) {
        return range(destinationPort, first, last);
    }

    /** Every packet there can be: of three protocols, with a source port above 0. */
    int possible() {
        int protocols = or(protocol(Protocol.TCP), or(protocol(Protocol.UDP), protocol(Protocol.SCTP)));
        return and(protocols, sourcePort(1, 65535));
    }

    /** The packets of a class. */
    int of(PacketClass packets) {
        int addresses = and(ranges(source, packets.sources()), ranges(destination, packets.destinations()));
        int ports = and(ranges(sourcePort, packets.sourcePorts()), ranges(destinationPort, packets.destinationPorts()));
        return and(protocol(packets.protocol()), and(addresses, ports));
    }

    private int ranges(int[] bits, PortSet ports) {
        int set = none();
        int first = ports.next(0);
        while (first >= 0) {
            int behind = ports.complement().next(first);
            set = or(set, range(bits, first, behind < 0 ? 65535 : behind - 1));
            first = behind < 0 ? -1 : ports.next(behind);
        }
        return set;
    }

    private int ranges(int[] bits, AddressSet addresses) {
        int set = none();
        for (AddressSet.Range range : addresses.ranges()) {
            set = or(set, range(bits, range.first().low(), range.last().low()));
        }
        return set;
    }

    private int range(int[] bits, long first, long last) {
        return and(atLeast(bits, first), atMost(bits, last));
    }

    private int atLeast(int[] bits, long bound) {
        int set = all();
        for (int i = bits.length - 1; i >= 0; i--) {
            boolean one = (bound >>> (bits.length - 1 - i) & 1) == 1;
            set = one ? and(bits[i], set) : or(bits[i], set);
        }
        return set;
    }

    private int atMost(int[] bits, long bound) {
        int set = all();
        for (int i = bits.length - 1; i >= 0; i--) {
            boolean one = (bound >>> (bits.length - 1 - i) & 1) == 1;
            set = one ? or(not(bits[i]), set) : and(not(bits[i]), set);
        }
        return set;
    }
}
