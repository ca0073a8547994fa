package dev.podpath.ports.node;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Node;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.IpPrefix;
import dev.podpath.ports.snapshot.Document;
import dev.podpath.ports.snapshot.Json;
import dev.podpath.ports.snapshot.Snapshot;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.function.Supplier;

/**
 * The interfaces of a node and their addresses, from {@code ip -j addr}; where that was not captured, from the Node
 * object, which knows only the main ones.
 *
 * @param addresses every address with its interface; the interface is empty where it is not known
 * @param captured whether {@code ip-addr.json} was captured and could be read
 */
public record NodeInterfaces(Vector<InterfaceAddress> addresses, boolean captured) {
    /**
     * An address of an interface.
     *
     * @param name name of the interface; empty text where it is not known
     * @param prefix the address with the length of its network; {@link #address()} is the address itself
     * @param address the address
     */
    public record InterfaceAddress(String name, IpPrefix prefix, IpAddress address) {}

    /** Reads the node's {@code ip-addr.json}, or falls back to its Node object. */
    public static NodeInterfaces read(String node, Snapshot snapshot, Cluster cluster) {
        return read(node, snapshot, () -> cluster);
    }

    static NodeInterfaces read(String node, Snapshot snapshot, Supplier<Cluster> cluster) {
        Option<Vector<Json>> links = snapshot.document("nodes/" + node + "/ip-addr.json")
                .flatMap(document -> document.json().toOption())
                .filter(Json::isArray)
                .map(Json::items);
        return links.map(list -> new NodeInterfaces(list.flatMap(NodeInterfaces::addressesOf), true))
                .getOrElse(() -> new NodeInterfaces(
                        cluster.get().node(node).toVector().flatMap(NodeInterfaces::fromObject), false));
    }

    /** All addresses, on every interface. */
    public Vector<IpAddress> all() {
        return addresses.map(InterfaceAddress::address);
    }

    /** The addresses on one interface. */
    public Vector<IpAddress> on(String name) {
        return addresses.filter(entry -> entry.name().equals(name)).map(InterfaceAddress::address);
    }

    /** Whether there is an interface of this name with an address. */
    public boolean has(String name) {
        return addresses.exists(entry -> entry.name().equals(name));
    }

    /** What a result must say about where the addresses come from; empty where they are the node's own. */
    public Option<String> assumption(String node) {
        return captured
                ? Option.none()
                : Option.some("the addresses of node " + node + " come from its Node object, because nodes/" + node
                        + "/ip-addr.json (ip -j addr) was not captured");
    }

    private static Vector<InterfaceAddress> addressesOf(Json link) {
        String name = link.textOr("", "ifname");
        return link.items("addr_info")
                .flatMap(entry -> entry.text("local")
                        .flatMap(IpAddress::parse)
                        .map(address -> new InterfaceAddress(
                                name,
                                new IpPrefix(
                                        address,
                                        entry.integer("prefixlen")
                                                .filter(n -> n >= 0 && n <= address.bits())
                                                .getOrElse(address.bits())),
                                address)));
    }

    private static Vector<InterfaceAddress> fromObject(Node node) {
        Vector<IpAddress> loopback = Vector.of(IpAddress.of("127.0.0.1"), IpAddress.of("::1"));
        return node.internalAddresses()
                .map(address -> new InterfaceAddress("", IpPrefix.host(address), address))
                .appendAll(loopback.map(address -> new InterfaceAddress("lo", IpPrefix.host(address), address)));
    }

    /** The document the addresses come from, where it was captured. */
    public static Option<Document> document(String node, Snapshot snapshot) {
        return snapshot.document("nodes/" + node + "/ip-addr.json");
    }
}
