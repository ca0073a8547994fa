package dev.podpath.proxy.nftables.eval;

import dev.podpath.core.net.IpAddress;
import dev.podpath.core.proxy.SourceNat;
import dev.podpath.core.proxy.walk.Box;
import dev.podpath.ports.node.NodeNetwork;
import dev.podpath.ports.node.NodeRoutes;
import dev.podpath.proxy.nftables.rule.Expr;
import dev.podpath.proxy.nftables.rule.Hook;
import dev.podpath.proxy.nftables.rule.Statement.Nat;
import dev.podpath.proxy.nftables.rule.Statement.NatKind;
import io.vavr.collection.Vector;
import org.jspecify.annotations.Nullable;

/**
 * Changes of addresses and ports (net/netfilter/nft_nat.c, nft_masq.c, nft_redir.c, nf_nat_core.c). An address is taken as given;
 * a port within a range is kept where it is in the range.
 */
final class Translations {
    /** Ranges of more addresses are not spelled out. */
    static final int MOST = 256;
    /** Stands for the address of the output interface until somebody asks. */
    static final SourceNat PENDING = new SourceNat.Masquerade(Vector.empty());

    private final NodeNetwork network;
    private final Fields fields;
    private final boolean v6;
    private final @Nullable Recorder recorder;

    Translations(NodeNetwork network, boolean v6, Fields fields, @Nullable Recorder recorder) {
        this.fields = fields;
        this.network = network;
        this.v6 = v6;
        this.recorder = recorder;
    }

    /**
     * Applies a translation.
     *
     * @param given whether an address is given
     * @param port the port that a map gave, or -1
     */
    void apply(Path path, Nat nat, boolean given, long high, long low, int port) {
        boolean destinations = path.hook == Hook.PREROUTING.ordinal() || path.hook == Hook.OUTPUT.ordinal();
        path.flags |= destinations ? Path.DESTINATION_DONE : Path.SOURCE_DONE;
        boolean changes = nat.nat() == NatKind.DNAT || nat.nat() == NatKind.REDIRECT;
        if (changes != destinations) {
            path.end(Path.LOST, "a translation at a hook the kernel does not take it at");
            return;
        }
        switch (nat.nat()) {
            case DNAT -> destination(path, nat, given, high, low, port);
            case REDIRECT -> redirect(path, nat);
            case MASQUERADE -> {
                path.sourceNat = PENDING;
                path.flags |= Path.SOURCE_PENDING | Path.SOURCE_CHANGED;
                path.flags &= ~Path.SOURCE_ORIGINAL;
                path.sourcePort = 0;
            }
            default -> {
                if (given) {
                    source(path, new Expr.Constant(nat.address().head().type(), high, low), 0);
                } else {
                    pin(Box.SOURCE, path);
                    source(path, Vector.of(address(path.srcHigh, path.srcLow)));
                }
            }
        }
    }

    /** The source becomes one of a row of addresses. */
    void source(Path path, Expr.Constant first, long span) {
        path.flags |= Path.SOURCE_DONE;
        source(path, Vector.rangeClosed(0L, span).map(i -> address(first.high(), first.low() + i)));
    }

    private static void source(Path path, Vector<IpAddress> known) {
        path.sourceNat = new SourceNat.Snat(known);
        path.flags |= Path.SOURCE_CHANGED;
        path.flags &= ~Path.SOURCE_ORIGINAL;
        path.sourcePort = 0;
        if (known.size() == 1) {
            path.srcHigh = known.head().high();
            path.srcLow = known.head().low();
        } else {
            path.flags |= Path.SOURCE_UNKNOWN;
        }
    }

    private void pin(int field, Path path) {
        Recorder noting = recorder;
        if (noting != null) {
            noting.pin(field, path);
        }
    }

    private void destination(Path path, Nat nat, boolean given, long high, long low, int port) {
        int to = port >= 0 ? port : port(path, nat);
        if (port >= 0) {
            path.flags &= ~Path.PORT_ORIGINAL;
        }
        if (given) {
            path.flags &= ~Path.DESTINATION_ORIGINAL;
            move(path, high, low, to);
        } else {
            pin(Box.DESTINATION, path);
            move(path, path.dstHigh, path.dstLow, to);
        }
    }

    /** The port a packet gets: its own where that is in the range. */
    private int port(Path path, Nat nat) {
        if (nat.port().isEmpty()) {
            return path.destinationPort;
        }
        int first = (int) ((Expr.Constant) nat.port().head()).low();
        int last = (int) ((Expr.Constant) nat.port().last()).low();
        if (first == last) {
            path.flags &= ~Path.PORT_ORIGINAL;
            return first;
        }
        Recorder noting = recorder;
        if (noting != null) {
            noting.port(Box.DESTINATION_PORT, path, first, last);
        }
        if (path.destinationPort < first || path.destinationPort > last) {
            path.end(Path.LOST, "the destination port becomes one of " + first + " to " + last);
        }
        return path.destinationPort;
    }

    private static void move(Path path, long high, long low, int port) {
        boolean other = path.dstHigh != high || path.dstLow != low || path.destinationPort != port;
        path.flags |= Path.TRANSLATED | (other ? Path.DESTINATION_CHANGED : 0);
        path.dstHigh = high;
        path.dstLow = low;
        path.destinationPort = port;
    }

    private void redirect(Path path, Nat nat) {
        int port = port(path, nat);
        path.flags &= ~Path.DESTINATION_ORIGINAL;
        if (path.hook == Hook.OUTPUT.ordinal()) {
            move(path, 0, v6 ? 1 : 0x7F00_0001L, port);
            return;
        }
        String input = fields.input(path);
        Vector<IpAddress> on = input.equals(NodeRoutes.UNKNOWN)
                ? Vector.empty()
                : network.interfaces().on(input).filter(address -> address.isV6() == v6);
        if (on.isEmpty() || v6 && on.size() > 1) {
            path.end(Path.LOST, "the destination becomes an address of the input interface, which is not known");
            return;
        }
        move(path, on.head().high(), on.head().low(), port);
    }

    private IpAddress address(long high, long low) {
        return v6 ? IpAddress.v6(high, low) : IpAddress.v4((int) low);
    }
}
