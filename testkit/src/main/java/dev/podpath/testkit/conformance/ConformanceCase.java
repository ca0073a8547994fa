package dev.podpath.testkit.conformance;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.ports.snapshot.Json;
import dev.podpath.testkit.reference.WriterConfig;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * One case: a cluster, a node, how its kube-proxy was started, and packets.
 *
 * @param id unique name
 * @param cluster the objects
 * @param node the node the rules are for
 * @param v6 the address family
 * @param config how kube-proxy was started
 * @param flows the packets; empty where the case asserts something else
 * @param dump name of the file with the rules in {@code iptables-save} form, where there is one
 * @param data the whole case, for what only some cases have
 */
public record ConformanceCase(
        String id,
        Cluster cluster,
        String node,
        boolean v6,
        WriterConfig config,
        Vector<ConformanceFlow> flows,
        Option<String> dump,
        Json data) {
    @Override
    public String toString() {
        return id;
    }
}
