package dev.podpath.testkit.reference;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Node;
import dev.podpath.core.net.IpAddress;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * What kube-proxy knows of its own node, for one address family.
 *
 * @param name its name
 * @param zone its zone
 * @param primary the address of its Node object
 * @param local every address on its interfaces, the loopback address first
 */
record NodeFacts(String name, Option<String> zone, Option<IpAddress> primary, Vector<IpAddress> local) {
    static NodeFacts of(Cluster cluster, String node, WriterConfig config, boolean v6) {
        Option<Node> object = cluster.node(node);
        Vector<IpAddress> own = object.toVector()
                .flatMap(found -> found.internalAddresses())
                .appendAll(config.moreLocalAddresses())
                .filter(address -> address.isV6() == v6)
                .distinct();
        IpAddress loopback = v6 ? IpAddress.of("::1") : IpAddress.of("127.0.0.1");
        return new NodeFacts(node, object.flatMap(Node::zone), own.headOption(), own.prepend(loopback));
    }
}
