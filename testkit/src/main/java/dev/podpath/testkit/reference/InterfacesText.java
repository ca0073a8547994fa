package dev.podpath.testkit.reference;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Node;
import dev.podpath.core.net.IpAddress;
import io.vavr.collection.Vector;

/**
 * What {@code ip -j addr} prints on a node: the loopback interface, one that has the node's addresses, and in IPVS mode
 * the dummy one with those of services.
 */
final class InterfacesText {
    private InterfacesText() {}

    static String of(Cluster cluster, String node, WriterConfig config) {
        return "[" + own(cluster, node, config) + "]\n";
    }

    static String of(Cluster cluster, String node, WriterConfig config, Vector<IpAddress> services) {
        String dummy = link(
                3,
                "kube-ipvs0",
                "BROADCAST\",\"NOARP",
                services.map(address -> entry(address, address.bits(), "global"))
                        .toJavaArray(String[]::new));
        return "[" + own(cluster, node, config) + "," + dummy + "]\n";
    }

    private static String own(Cluster cluster, String node, WriterConfig config) {
        Vector<IpAddress> own = cluster.node(node)
                .toVector()
                .flatMap(Node::internalAddresses)
                .appendAll(config.moreLocalAddresses())
                .distinct();
        String loopback = link(
                1,
                "lo",
                "LOOPBACK",
                entry(IpAddress.of("127.0.0.1"), 8, "host"),
                entry(IpAddress.of("::1"), 128, "host"));
        String uplink = link(
                2,
                "eth0",
                "BROADCAST",
                own.map(address -> entry(address, address.isV6() ? 64 : 24, "global"))
                        .toJavaArray(String[]::new));
        return loopback + "," + uplink;
    }

    private static String link(int index, String name, String flag, String... addresses) {
        return "{\"ifindex\":" + index + ",\"ifname\":\"" + name + "\",\"flags\":[\"" + flag
                + "\",\"UP\",\"LOWER_UP\"],\"mtu\":1500,\"operstate\":\"UP\",\"addr_info\":["
                + String.join(",", addresses) + "]}";
    }

    private static String entry(IpAddress address, int length, String scope) {
        return "{\"family\":\"" + (address.isV6() ? "inet6" : "inet") + "\",\"local\":\"" + address
                + "\",\"prefixlen\":" + length + ",\"scope\":\"" + scope + "\"}";
    }
}
