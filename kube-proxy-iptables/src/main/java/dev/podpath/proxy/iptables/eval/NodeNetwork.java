package dev.podpath.proxy.iptables.eval;

import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.IpPrefix;
import dev.podpath.ports.node.NodeInterfaces;
import dev.podpath.ports.node.NodeInterfaces.InterfaceAddress;
import dev.podpath.ports.node.NodeState;
import dev.podpath.proxy.iptables.rule.AddressType;
import io.vavr.Lazy;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.HashMap;
import java.util.Map;

/** The addresses of a node and where it sends what. */
final class NodeNetwork {
    private static final int EVERYTHING =
            AddressType.UNICAST | AddressType.LOCAL | AddressType.BROADCAST | AddressType.ANYCAST;

    private final String node;
    private final NodeInterfaces interfaces;
    private final Routes routes;
    private final AddressTable local4 = new AddressTable();
    private final AddressTable local6 = new AddressTable();
    private final AddressTable broadcast = new AddressTable();
    private final AddressTable network = new AddressTable();
    private final Vector<InterfaceAddress> wide;
    private final Map<IpAddress, Vector<String>> names = new HashMap<>();
    private final Lazy<Cuts> cuts4 = Lazy.of(() -> makeCuts(false, (high, low) -> false));
    private final Lazy<Cuts> cuts6 = Lazy.of(() -> makeCuts(true, (high, low) -> false));
    private final Cuts deviceCuts4;
    private final Cuts deviceCuts6;

    private NodeNetwork(String node, NodeInterfaces interfaces, Routes routes) {
        this.node = node;
        this.interfaces = interfaces;
        this.routes = routes;
        Vector<InterfaceAddress> all = interfaces.addresses();
        for (int i = 0; i < all.size(); i++) {
            InterfaceAddress entry = all.get(i);
            IpAddress address = entry.address();
            (address.isV6() ? local6 : local4).put(address.high(), address.low(), i);
            if (!address.isV6() && entry.prefix().length() <= 30 && !address.isLoopback()) {
                broadcast.put(0, entry.prefix().last().low(), i);
                network.put(0, entry.prefix().address().low(), i);
            }
        }
        this.wide =
                all.filter(entry -> entry.prefix().length() < entry.address().bits());
        for (InterfaceAddress entry : all) {
            names.merge(entry.address(), Vector.of(entry.name()), Vector::appendAll);
        }
        this.deviceCuts4 = makeDeviceCuts(false);
        this.deviceCuts6 = makeDeviceCuts(true);
    }

    static NodeNetwork of(NodeState state) {
        return new NodeNetwork(state.name(), state.interfaces(), Routes.read(state));
    }

    /** Where the kind of an address, its route or its interface's network can change. */
    Cuts cuts(boolean v6) {
        return (v6 ? cuts6 : cuts4).get();
    }

    /** The same without the addresses that are always looked at on their own. */
    Cuts cuts(boolean v6, IndexKeys keys) {
        return keys.hasAlone() ? makeCuts(v6, keys::isAlwaysAlone) : cuts(v6);
    }

    /** Tells addresses that make no cut. */
    @FunctionalInterface
    private interface LeftOut {
        boolean test(long high, long low);
    }

    /** Where the interface can change over which an address is reached. */
    Cuts deviceCuts(boolean v6) {
        return v6 ? deviceCuts6 : deviceCuts4;
    }

    private Cuts makeDeviceCuts(boolean v6) {
        Cuts.Builder cuts = new Cuts.Builder();
        routes.prefixes().filter(prefix -> prefix.address().isV6() == v6).forEach(prefix -> cut(cuts, prefix));
        return cuts.build(v6, (high, low) -> routes.device(high, low, v6));
    }

    private Cuts makeCuts(boolean v6, LeftOut leftOut) {
        Cuts.Builder cuts = new Cuts.Builder();
        for (String prefix : v6
                ? new String[] {"ff00::/8", "::1/128"}
                : new String[] {"0.0.0.0/8", "127.0.0.0/8", "224.0.0.0/4", "255.255.255.255/32"}) {
            cut(cuts, IpPrefix.of(prefix));
        }
        for (InterfaceAddress entry : interfaces.addresses()) {
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
        routes.prefixes().filter(prefix -> prefix.address().isV6() == v6).forEach(prefix -> cut(cuts, prefix));
        return cuts.build(v6, (high, low) -> kind(high, low, v6));
    }

    /** What about an address is ever looked at, but for its bits. */
    private Object kind(long high, long low, boolean v6) {
        IpAddress address = v6 ? IpAddress.v6(high, low) : IpAddress.v4((int) low);
        Vector<InterfaceAddress> around = wide.filter(entry -> entry.prefix().contains(address));
        Vector<String> own = names.getOrDefault(address, Vector.empty());
        if (address.isLoopback() && !v6) {
            return Vector.of(routes.device(high, low, false), routes.gateway(high, low, false), around);
        }
        // An IPv6 packet to an address of the node itself can be given that very address as its source.
        Object itself = own.isEmpty() ? "" : v6 ? address : own;
        return Vector.of(
                types(high, low, v6), routes.device(high, low, v6), routes.gateway(high, low, v6), around, itself);
    }

    private static void cut(Cuts.Builder cuts, IpPrefix prefix) {
        Prefixes.cut(
                cuts,
                prefix.address().high(),
                prefix.address().low(),
                prefix.length(),
                prefix.address().isV6());
    }

    Routes routes() {
        return routes;
    }

    NodeInterfaces interfaces() {
        return interfaces;
    }

    /** Whether anything is known of the node's addresses. */
    boolean isKnown() {
        return !local4.isEmpty() || !local6.isEmpty();
    }

    /** Where the addresses come from, where that must be said. */
    Option<String> assumption() {
        return interfaces.assumption(node);
    }

    /** Whether the kernel delivers packets for this address to the node itself. */
    boolean isLocal(long high, long low, boolean v6) {
        int types = types(high, low, v6);
        return (types & (AddressType.LOCAL | AddressType.BROADCAST)) != 0 && (types & AddressType.UNICAST) == 0;
    }

    /**
     * The types an address can have, of {@link AddressType}; more than one where it is not known
     * (net/ipv4/fib_frontend.c inet_addr_type, the local routing table).
     */
    int types(long high, long low, boolean v6) {
        if (v6) {
            if (high >>> 56 == 0xFF) {
                return AddressType.MULTICAST;
            }
            if (high == 0 && low == 1 || local6.get(high, low) >= 0) {
                return AddressType.LOCAL;
            }
            return isKnown() ? AddressType.UNICAST : EVERYTHING;
        }
        if (low >>> 24 == 127) {
            return AddressType.LOCAL;
        }
        if (low >>> 24 == 0 || low == 0xFFFF_FFFFL) {
            return AddressType.BROADCAST;
        }
        if (low >>> 28 == 0xE) {
            return AddressType.MULTICAST;
        }
        if (local4.get(0, low) >= 0) {
            return AddressType.LOCAL;
        }
        if (!isKnown()) {
            return EVERYTHING;
        }
        if (broadcast.get(0, low) >= 0) {
            return AddressType.BROADCAST;
        }
        // The lowest address of a network is a broadcast address before Linux 5.14 and a host since.
        return network.get(0, low) >= 0 ? AddressType.UNICAST | AddressType.BROADCAST : AddressType.UNICAST;
    }

    /** Whether this local address is on this interface. */
    boolean isOn(String device, long high, long low, boolean v6) {
        if (!v6 && low >>> 24 == 127) {
            return device.equals("lo");
        }
        IpAddress address = v6 ? IpAddress.v6(high, low) : IpAddress.v4((int) low);
        return interfaces.on(device).contains(address);
    }

    /**
     * Whether several interfaces have this IPv4 address: then the one it was given to first counts as its holder
     * (net/ipv4/fib_frontend.c __inet_dev_addr_type), and which that was does not show.
     */
    boolean isShared(long low) {
        IpAddress address = IpAddress.v4((int) low);
        return interfaces.addresses().count(entry -> entry.address().equals(address)) > 1;
    }

    /**
     * The addresses a packet can get that is masqueraded on its way to a destination over an interface: the address that
     * is in one network with the next hop, else the interface's first, else one of another interface
     * (net/ipv4/devinet.c inet_select_addr; for IPv6 net/ipv6/addrconf.c ipv6_dev_get_saddr).
     */
    Vector<IpAddress> sources(String device, long high, long low, boolean v6) {
        if (device.equals(Routes.UNKNOWN) || !interfaces.captured()) {
            return Vector.empty();
        }
        IpAddress destination = v6 ? IpAddress.v6(high, low) : IpAddress.v4((int) low);
        if (v6 && interfaces.all().contains(destination)) {
            return Vector.of(destination);
        }
        Vector<InterfaceAddress> every =
                interfaces.addresses().filter(entry -> entry.address().isV6() == v6 && isGlobal(entry.address()));
        Vector<InterfaceAddress> on = every.filter(entry -> entry.name().equals(device));
        IpAddress next = routes.gateway(high, low, v6).getOrElse(destination);
        Vector<InterfaceAddress> near = on.filter(entry -> entry.prefix().contains(next));
        if (!near.isEmpty()) {
            return Vector.of(near.head().address());
        }
        Vector<InterfaceAddress> chosen = on.isEmpty() ? every : v6 ? on : on.take(1);
        return chosen.map(InterfaceAddress::address).distinct();
    }

    /** Addresses of loopback and link-local scope are not chosen as a source towards other hosts. */
    private static boolean isGlobal(IpAddress address) {
        return !address.isLoopback() && !address.isLinkLocal();
    }
}
