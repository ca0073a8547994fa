package dev.podpath.core.verify;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Pod;
import dev.podpath.core.intent.IntentTable;
import io.vavr.Lazy;
import io.vavr.control.Option;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** What the verification of every node of a cluster needs and no node changes, worked out once. Safe for use from several threads. */
final class ClusterFacts {
    private final Cluster cluster;
    private final IntentTable table;
    private final VipTable vips;
    private final DeadEndpoints dead;
    private final Lazy<Map<String, Pod>> kubeProxies;

    ClusterFacts(Cluster cluster) {
        this.cluster = cluster;
        this.table = new IntentTable(cluster);
        CompletableFuture<VipTable> claims = CompletableFuture.supplyAsync(() -> new VipTable(table));
        this.dead = new DeadEndpoints(cluster, table);
        this.vips = claims.join();
        this.kubeProxies = Lazy.of(() -> kubeProxies(cluster));
    }

    private static Map<String, Pod> kubeProxies(Cluster cluster) {
        Map<String, Pod> byNode = new HashMap<>();
        for (Pod pod : cluster.pods()) {
            if (pod.name().startsWith("kube-proxy")) {
                pod.node().forEach(node -> byNode.putIfAbsent(node, pod));
            }
        }
        return byNode;
    }

    /** The objects. */
    Cluster cluster() {
        return cluster;
    }

    /** The services. */
    IntentTable table() {
        return table;
    }

    /** The claims of services on addresses. */
    VipTable vips() {
        return vips;
    }

    /** Endpoints whose pods are gone. */
    DeadEndpoints dead() {
        return dead;
    }

    /** The first pod of kube-proxy on a node, by its name. */
    Option<Pod> kubeProxy(String node) {
        return Option.of(kubeProxies.get().get(node));
    }
}
