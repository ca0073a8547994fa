package dev.podpath.proxy.iptables.eval;

import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.IpPrefix;
import dev.podpath.ports.node.NodeInterfaces.InterfaceAddress;
import dev.podpath.ports.node.NodeNetwork;
import dev.podpath.ports.node.NodeRoutes;
import io.vavr.Lazy;
import io.vavr.collection.Vector;
import java.util.HashMap;
import java.util.Map;

/** Where what a node's network tells of an address can change. */
final class NetworkCuts {
    private final NodeNetwork network;
    private final Vector<InterfaceAddress> wide;
    private final Map<IpAddress, Vector<String>> names = new HashMap<>();
    private final Lazy<Cuts> kinds4 = Lazy.of(() -> kinds(false, (high, low) -> false));
    private final Lazy<Cuts> kinds6 = Lazy.of(() -> kinds(true, (high, low) -> false));
    private final Cuts devices4;
    private final Cuts devices6;

    NetworkCuts(NodeNetwork network) {
        this.network = network;
        Vector<InterfaceAddress> all = network.interfaces().addresses();
        this.wide =
                all.filter(entry -> entry.prefix().length() < entry.address().bits());
        for (InterfaceAddress entry : all) {
            names.merge(entry.address(), Vector.of(entry.name()), Vector::appendAll);
        }
        this.devices4 = makeDevices(false);
        this.devices6 = makeDevices(true);
    }

    /** Where the kind of an address, its route or its interface's network can change. */
    Cuts kinds(boolean v6) {
        return (v6 ? kinds6 : kinds4).get();
    }

    /** The same without the addresses that are always looked at on their own. */
    Cuts kinds(boolean v6, IndexKeys keys) {
        return keys.hasAlone() ? kinds(v6, keys::isAlwaysAlone) : kinds(v6);
    }

    /** Tells addresses that make no cut. */
    @FunctionalInterface
    private interface LeftOut {
        boolean test(long high, long low);
    }

    /** Where the interface can change over which an address is reached. */
    Cuts devices(boolean v6) {
        return v6 ? devices6 : devices4;
    }

    private Cuts makeDevices(boolean v6) {
        NodeRoutes routes = network.routes();
        Cuts.Builder cuts = new Cuts.Builder();
        routes.prefixes().filter(prefix -> prefix.address().isV6() == v6).forEach(prefix -> cut(cuts, prefix));
        return cuts.build(v6, (high, low) -> routes.device(high, low, v6));
    }

    private Cuts kinds(boolean v6, LeftOut leftOut) {
        Cuts.Builder cuts = new Cuts.Builder();
        for (String prefix : v6
                ? new String[] {"ff00::/8", "::1/128"}
                : new String[] {"0.0.0.0/8", "127.0.0.0/8", "224.0.0.0/4", "255.255.255.255/32"}) {
            cut(cuts, IpPrefix.of(prefix));
        }
        for (InterfaceAddress entry : network.interfaces().addresses()) {
            if (entry.address().isV6() != v6) {
                continue;
            }
            if (!leftOut.test(entry.address().high(), entry.address().low())) {
                cut(cuts, IpPrefix.host(entry.address()));
            }
            if (entry.prefix().length() < entry.address().bits()) {
                cut(cuts, IpPrefix.host(entry.prefix().address()));
                cut(cuts, IpPrefix.host(entry.prefix().last()));
                cut(cuts, entry.prefix());
            }
        }
        network.routes()
                .prefixes()
                .filter(prefix -> prefix.address().isV6() == v6)
                .forEach(prefix -> cut(cuts, prefix));
        return cuts.build(v6, (high, low) -> kind(high, low, v6));
    }

    /**
     * The same for every two addresses of which nothing else is told; but an IPv6 packet to an address of the node itself
     * can be given that very address as its source.
     */
    Object likeness(long high, long low, boolean v6) {
        return kind(high, low, v6, true);
    }

    private Object kind(long high, long low, boolean v6) {
        return kind(high, low, v6, false);
    }

    /** What about an address is ever looked at, but for its bits. */
    private Object kind(long high, long low, boolean v6, boolean byName) {
        NodeRoutes routes = network.routes();
        IpAddress address = v6 ? IpAddress.v6(high, low) : IpAddress.v4((int) low);
        Vector<InterfaceAddress> around = wide.filter(entry -> entry.prefix().contains(address));
        Vector<String> own = names.getOrDefault(address, Vector.empty());
        if (address.isLoopback() && !v6) {
            return Vector.of(routes.device(high, low, false), routes.gateway(high, low, false), around);
        }
        Object itself = own.isEmpty() ? "" : v6 && !byName ? address : own;
        return Vector.of(
                network.kinds(high, low, v6),
                routes.device(high, low, v6),
                routes.gateway(high, low, v6),
                around,
                itself);
    }

    private static void cut(Cuts.Builder cuts, IpPrefix prefix) {
        Prefixes.cut(
                cuts,
                prefix.address().high(),
                prefix.address().low(),
                prefix.length(),
                prefix.address().isV6());
    }
}
