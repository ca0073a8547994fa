package dev.podpath.proxy.iptables.eval;

import dev.podpath.core.net.IpAddress;
import dev.podpath.core.proxy.SourceNat;
import dev.podpath.core.proxy.walk.Box;
import dev.podpath.ports.node.NodeNetwork;
import dev.podpath.ports.node.NodeRoutes;
import dev.podpath.proxy.iptables.rule.Addresses;
import dev.podpath.proxy.iptables.rule.Hook;
import dev.podpath.proxy.iptables.rule.NatRange;
import dev.podpath.proxy.iptables.rule.Op;
import io.vavr.collection.Vector;
import org.jspecify.annotations.Nullable;

/**
 * Changes of addresses and ports (net/netfilter/nf_nat_core.c, nf_nat_redirect.c, nf_nat_masquerade.c, xt_NETMAP.c). An
 * address is taken as given; a port within a range is kept where it is in the range.
 */
final class Translations {
    /** Ranges of more addresses are not spelled out. */
    private static final int MOST = 256;

    private static final SourceNat SOMEHOW = new SourceNat.Masquerade(Vector.empty());

    private final NodeNetwork network;
    private final boolean v6;
    private final boolean brief;
    private final @Nullable Recorder recorder;

    /**
     * Changes packets.
     *
     * @param brief whether it is enough to know that a packet which leaves over a network is masqueraded, and not as what
     */
    Translations(NodeNetwork network, boolean v6, @Nullable Recorder recorder, boolean brief) {
        this.brief = brief;
        this.recorder = recorder;
        this.network = network;
        this.v6 = v6;
    }

    /** Applies a translation; where the destination is one of several addresses, it only returns these. */
    Vector<IpAddress> apply(Path path, int[] code, int at, Hook hook) {
        int flags = Op.argument(code[at]);
        int op = Op.of(code[at]);
        if (op == Op.DNAT) {
            return destination(path, code, at, flags);
        }
        if (op == Op.MASQUERADE) {
            source(path, masquerade(path));
        } else if (op == Op.SNAT) {
            source(path, snat(path, code, at, flags));
        } else if (op == Op.REDIRECT) {
            redirect(path, flags, code[at + 1], hook);
        } else {
            netmap(path, code, at, flags, hook);
        }
        return Vector.empty();
    }

    private SourceNat masquerade(Path path) {
        return brief && !path.out.equals("lo")
                ? SOMEHOW
                : new SourceNat.Masquerade(network.sources(path.out, path.dstHigh, path.dstLow, v6));
    }

    private static void source(Path path, SourceNat nat) {
        Vector<IpAddress> known = nat instanceof SourceNat.Masquerade masquerade
                ? masquerade.candidates()
                : nat instanceof SourceNat.Snat snat ? snat.addresses() : Vector.empty();
        path.sourceNat = nat;
        path.sourceChanged = true;
        path.sourceOriginal = false;
        path.sourcePort = 0;
        path.sourceUnknown = known.size() != 1;
        if (known.size() == 1) {
            path.srcHigh = known.head().high();
            path.srcLow = known.head().low();
        }
    }

    private void pin(int field, Path path) {
        Recorder noting = recorder;
        if (noting != null) {
            noting.pin(field, path);
        }
    }

    private void port(Path path, int range) {
        Recorder noting = recorder;
        if (noting != null) {
            noting.port(Box.DESTINATION_PORT, path, range);
        }
    }

    private SourceNat snat(Path path, int[] code, int at, int flags) {
        if ((flags & NatRange.ADDRESSES) == 0) {
            pin(Box.SOURCE, path);
            return new SourceNat.Snat(Vector.of(address(path.srcHigh, path.srcLow)));
        }
        Vector<IpAddress> range = range(code, at);
        return range.isEmpty()
                ? new SourceNat.Unknown("one of the addresses " + Addresses.at(code, at + 1, v6) + " to "
                        + Addresses.at(code, at + 1 + words(), v6))
                : new SourceNat.Snat(range);
    }

    private Vector<IpAddress> destination(Path path, int[] code, int at, int flags) {
        if ((flags & NatRange.ADDRESSES) == 0) {
            to(path, path.dstHigh, path.dstLow, code, at);
            return Vector.empty();
        }
        long high = Addresses.high(code, at + 1, v6);
        long low = Addresses.low(code, at + 1, v6);
        if (high == Addresses.high(code, at + 1 + words(), v6) && low == Addresses.low(code, at + 1 + words(), v6)) {
            to(path, high, low, code, at);
            return Vector.empty();
        }
        Vector<IpAddress> range = range(code, at);
        if (range.isEmpty()) {
            path.end(Path.LOST, "the destination becomes one of more than " + MOST + " addresses");
        }
        return range;
    }

    /** Gives a packet a destination, and a port of the rule's. */
    void to(Path path, long high, long low, int[] code, int at) {
        int flags = Op.argument(code[at]);
        int port = port(path, flags, code[at + 1 + 2 * words()]);
        if ((flags & NatRange.ADDRESSES) == 0) {
            pin(Box.DESTINATION, path);
        } else {
            path.destinationOriginal = false;
        }
        move(path, high, low, port);
    }

    /** The port a packet gets: its own where that is in the range. */
    private int port(Path path, int flags, int range) {
        int first = range >>> 16;
        int last = range & 0xFFFF;
        if ((flags & NatRange.PORTS) == 0) {
            return path.destinationPort;
        }
        if (first == last) {
            path.portOriginal = false;
            return first;
        }
        port(path, range);
        if (path.destinationPort < first || path.destinationPort > last) {
            path.end(Path.LOST, "the destination port becomes one of " + first + " to " + last);
        }
        return path.destinationPort;
    }

    private static void move(Path path, long high, long low, int port) {
        path.destinationChanged |= path.dstHigh != high || path.dstLow != low || path.destinationPort != port;
        path.dstHigh = high;
        path.dstLow = low;
        path.destinationPort = port;
        path.translated = true;
    }

    private int words() {
        return v6 ? 4 : 1;
    }

    private IpAddress address(long high, long low) {
        return v6 ? IpAddress.v6(high, low) : IpAddress.v4((int) low);
    }

    /** The addresses of a range, none where they are too many or the range is upside down. */
    private Vector<IpAddress> range(int[] code, int at) {
        long high = Addresses.high(code, at + 1, v6);
        long first = Addresses.low(code, at + 1, v6);
        long last = Addresses.low(code, at + 1 + words(), v6);
        long span = last - first;
        if (high != Addresses.high(code, at + 1 + words(), v6) || span < 0 || span >= MOST) {
            return Vector.empty();
        }
        return Vector.rangeClosed(0, span).map(i -> address(high, first + i));
    }

    private void redirect(Path path, int flags, int ports, Hook hook) {
        int port = port(path, flags, ports);
        path.destinationOriginal = false;
        if (hook == Hook.OUTPUT) {
            move(path, 0, v6 ? 1 : 0x7F00_0001L, port);
            return;
        }
        Vector<IpAddress> on = path.in.equals(NodeRoutes.UNKNOWN)
                ? Vector.empty()
                : network.interfaces().on(path.in).filter(address -> address.isV6() == v6);
        if (on.isEmpty() || v6 && on.size() > 1) {
            path.end(Path.LOST, "the destination becomes an address of the input interface, which is not known");
            return;
        }
        move(path, on.head().high(), on.head().low(), port);
    }

    private void netmap(Path path, int[] code, int at, int length, Hook hook) {
        long maskHigh = Addresses.maskHigh(length, v6);
        long maskLow = Addresses.maskLow(length, v6);
        long toHigh = Addresses.high(code, at + 1, v6);
        long toLow = Addresses.low(code, at + 1, v6);
        boolean destination = hook == Hook.PREROUTING || hook == Hook.OUTPUT;
        pin(destination ? Box.DESTINATION : Box.SOURCE, path);
        long high = (destination ? path.dstHigh : path.srcHigh) & ~maskHigh | toHigh;
        long low = (destination ? path.dstLow : path.srcLow) & ~maskLow | toLow;
        if (!v6) {
            high = 0;
            low &= 0xFFFF_FFFFL;
        }
        if (destination) {
            path.destinationOriginal = false;
            move(path, high, low, path.destinationPort);
        } else {
            source(path, new SourceNat.Snat(Vector.of(address(high, low))));
        }
    }
}
