package dev.podpath.ports.node;

import dev.podpath.core.net.AddressNumbers;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.IpPrefix;
import dev.podpath.ports.node.NodeInterfaces.InterfaceAddress;
import io.vavr.Lazy;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.Map;

/**
 * A node's place in its network, as its interfaces and its main routing table tell: of what kind an address is, by which interface
 * it is reached, and which address the node itself uses towards it. An address is given in two words as {@link IpAddress} has
 * them, for callers that ask millions of times. Immutable.
 */
public final class NodeNetwork {
    /** Kinds of addresses, as bits numbered like RTN_* of include/uapi/linux/rtnetlink.h: a host somewhere. */
    public static final int UNICAST = 1 << 1;
    /** An address of the node itself. */
    public static final int LOCAL = 1 << 2;
    /** A broadcast address of a network the node is in. */
    public static final int BROADCAST = 1 << 3;
    /** An anycast address. */
    public static final int ANYCAST = 1 << 4;
    /** A multicast group. */
    public static final int MULTICAST = 1 << 5;

    private static final int EVERYTHING = UNICAST | LOCAL | BROADCAST | ANYCAST;

    private final String node;
    private final NodeInterfaces interfaces;
    private final NodeRoutes routes;
    private final AddressNumbers local4 = new AddressNumbers();
    private final AddressNumbers local6 = new AddressNumbers();
    private final AddressNumbers broadcasts = new AddressNumbers();
    private final AddressNumbers networks = new AddressNumbers();

    private final Lazy<Global> global4;
    private final Lazy<Global> global6;

    private NodeNetwork(String node, NodeInterfaces interfaces, NodeRoutes routes) {
        this.node = node;
        this.interfaces = interfaces;
        this.routes = routes;
        this.global4 = Lazy.of(() -> Global.of(interfaces, false));
        this.global6 = Lazy.of(() -> Global.of(interfaces, true));
        int number = 0;
        for (InterfaceAddress entry : interfaces.addresses()) {
            IpAddress address = entry.address();
            (address.isV6() ? local6 : local4).put(address.high(), address.low(), number);
            if (!address.isV6() && entry.prefix().length() <= 30 && !address.isLoopback()) {
                broadcasts.put(0, entry.prefix().last().low(), number);
                networks.put(0, entry.prefix().address().low(), number);
            }
            number++;
        }
    }

    /** The place of a node. */
    public static NodeNetwork of(NodeState state) {
        return new NodeNetwork(state.name(), state.interfaces(), NodeRoutes.read(state));
    }

    /** Its interfaces. */
    public NodeInterfaces interfaces() {
        return interfaces;
    }

    /** Its routes. */
    public NodeRoutes routes() {
        return routes;
    }

    /** Whether anything is known of the node's addresses. */
    public boolean isKnown() {
        return !local4.isEmpty() || !local6.isEmpty();
    }

    /** What a result must say about where the addresses come from; empty where they are the node's own. */
    public Option<String> assumption() {
        return interfaces.assumption(node);
    }

    /** Whether the kernel delivers packets for this address to the node itself. */
    public boolean isLocal(long high, long low, boolean v6) {
        int kinds = kinds(high, low, v6);
        return (kinds & (LOCAL | BROADCAST)) != 0 && (kinds & UNICAST) == 0;
    }

    /**
     * The kinds an address can be of; more than one where it is not known (net/ipv4/fib_frontend.c inet_addr_type, the local
     * routing table).
     */
    public int kinds(long high, long low, boolean v6) {
        if (v6) {
            if (high >>> 56 == 0xFF) {
                return MULTICAST;
            }
            if (high == 0 && low == 1 || local6.get(high, low) >= 0) {
                return LOCAL;
            }
            return isKnown() ? UNICAST : EVERYTHING;
        }
        if (low >>> 24 == 127) {
            return LOCAL;
        }
        if (low >>> 24 == 0 || low == 0xFFFF_FFFFL) {
            return BROADCAST;
        }
        if (low >>> 28 == 0xE) {
            return MULTICAST;
        }
        if (local4.get(0, low) >= 0) {
            return LOCAL;
        }
        if (!isKnown()) {
            return EVERYTHING;
        }
        if (broadcasts.get(0, low) >= 0) {
            return BROADCAST;
        }
        // The lowest address of a network is a broadcast address before Linux 5.14 and a host since.
        return networks.get(0, low) >= 0 ? UNICAST | BROADCAST : UNICAST;
    }

    /** Whether this address of the node's own is on this interface. */
    public boolean isOn(String device, long high, long low, boolean v6) {
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
    public boolean isShared(long low) {
        IpAddress address = IpAddress.v4((int) low);
        return interfaces.addresses().count(entry -> entry.address().equals(address)) > 1;
    }

    /** Prefixes within which every address is of one kind and has one route, sorted by nothing. */
    public Vector<IpPrefix> boundaries(boolean v6) {
        Vector<IpPrefix> fixed = (v6
                        ? Vector.of("ff00::/8", "::1/128")
                        : Vector.of("0.0.0.0/8", "127.0.0.0/8", "224.0.0.0/4", "255.255.255.255/32"))
                .map(IpPrefix::of);
        Vector<IpPrefix> own = interfaces
                .addresses()
                .filter(entry -> entry.address().isV6() == v6)
                .flatMap(entry -> Vector.of(
                        IpPrefix.host(entry.address()),
                        IpPrefix.host(entry.prefix().address()),
                        IpPrefix.host(entry.prefix().last()),
                        entry.prefix()));
        return fixed.appendAll(own)
                .appendAll(routes.prefixes().filter(prefix -> prefix.address().isV6() == v6));
    }

    /**
     * The addresses a packet can get that is masqueraded on its way to a destination over an interface: the one in a network
     * with the next hop, else the interface's first, else one of another interface (net/ipv4/devinet.c inet_select_addr; for
     * IPv6 net/ipv6/addrconf.c ipv6_dev_get_saddr). Empty where it is not known.
     */
    public Vector<IpAddress> sources(String device, long high, long low, boolean v6) {
        if (device.equals(NodeRoutes.UNKNOWN) || !interfaces.captured()) {
            return Vector.empty();
        }
        IpAddress destination = v6 ? IpAddress.v6(high, low) : IpAddress.v4((int) low);
        if (v6 && local6.get(high, low) >= 0) {
            return Vector.of(destination);
        }
        Global global = (v6 ? global6 : global4).get();
        Vector<InterfaceAddress> on = global.byDevice().getOrDefault(device, Vector.empty());
        IpAddress next = routes.gateway(high, low, v6).getOrElse(destination);
        Vector<InterfaceAddress> near = on.filter(entry -> entry.prefix().contains(next));
        if (!near.isEmpty()) {
            return Vector.of(near.head().address());
        }
        return on.isEmpty()
                ? global.all()
                : (v6 ? on : on.take(1)).map(InterfaceAddress::address).distinct();
    }

    /**
     * Addresses that can be a source towards other hosts, sorted out once: a node in IPVS mode has one for each service.
     *
     * @param all each once
     * @param byDevice by the name of the interface they are on
     */
    private record Global(Vector<IpAddress> all, Map<String, Vector<InterfaceAddress>> byDevice) {
        static Global of(NodeInterfaces interfaces, boolean v6) {
            Vector<InterfaceAddress> every =
                    interfaces.addresses().filter(entry -> entry.address().isV6() == v6 && isGlobal(entry.address()));
            return new Global(
                    every.map(InterfaceAddress::address).distinct(),
                    every.groupBy(InterfaceAddress::name).toJavaMap());
        }
    }

    /** Addresses of loopback and link-local scope are not chosen as a source towards other hosts. */
    private static boolean isGlobal(IpAddress address) {
        return !address.isLoopback() && !address.isLinkLocal();
    }
}
