package dev.podpath.bench;

import dev.podpath.bench.cluster.ClusterShape;
import dev.podpath.bench.cluster.LargeCluster;
import dev.podpath.bench.cluster.Mode;
import dev.podpath.bench.cluster.SnapshotDirectory;
import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Endpoint;
import dev.podpath.core.cluster.Service;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.packet.Packet;
import dev.podpath.core.proxy.ServiceProxy;
import dev.podpath.ports.node.NodeInterfaces;
import dev.podpath.ports.node.NodeState;
import dev.podpath.ports.plugin.ProxyModeProvider;
import dev.podpath.ports.snapshot.Document;
import dev.podpath.ports.snapshot.MemorySnapshot;
import dev.podpath.ports.snapshot.Snapshot;
import dev.podpath.testkit.reference.NodeWriter;
import io.vavr.collection.Vector;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** A node of a generated cluster in memory, as benchmarks of proxy modes need it. */
public final class Scenes {
    private static final String NODE = LargeCluster.nodeName(0);

    private final Cluster cluster;
    private final Snapshot snapshot;

    private Scenes(Cluster cluster, Snapshot snapshot) {
        this.cluster = cluster;
        this.snapshot = snapshot;
    }

    /** The first node of a cluster, in a mode. */
    public static Scenes of(ClusterShape shape, Mode mode) {
        return of(shape, mode, mode.writer());
    }

    /** The same as another writer says it. */
    public static Scenes of(ClusterShape shape, Mode mode, NodeWriter writer) {
        Cluster cluster = LargeCluster.of(shape, mode.toString());
        Map<String, String> documents = new TreeMap<>();
        writer.documents(cluster, NODE, SnapshotDirectory.kubeProxy())
                .forEach((name, text) -> documents.put("nodes/" + NODE + "/" + name, text));
        return new Scenes(cluster, MemorySnapshot.of(documents));
    }

    /** What Kubernetes says. */
    public Cluster cluster() {
        return cluster;
    }

    /** A document of the node. */
    public Document document(String name) {
        return snapshot.document("nodes/" + NODE + "/" + name).get();
    }

    /** The node. */
    public NodeState state() {
        return new NodeState(NODE, snapshot, cluster, NodeInterfaces.read(NODE, snapshot, cluster));
    }

    /** The node's proxy, freshly read. */
    public ServiceProxy open(ProxyModeProvider mode) {
        return mode.open(state()).value().get();
    }

    /** Packets from pods of the node to cluster addresses of services that are served, picked at random. */
    public Packet[] packets(int count) {
        SplittableRandom random = new SplittableRandom(7);
        Vector<Service> services = cluster.services();
        Packet[] packets = new Packet[count];
        for (int i = 0; i < count; i++) {
            Service service = services.get(random.nextInt(services.size()));
            AddressPort to = new AddressPort(
                    service.clusterIps().head(), service.ports().head().port());
            IpAddress from = IpAddress.v4(0x0A80_0002 + random.nextInt(200));
            int port = 32_768 + random.nextInt(28_232);
            packets[i] = new Packet(service.ports().head().protocol(), from, port, to.address(), to.port());
        }
        return packets;
    }

    /** How many endpoints there are. */
    public int endpoints() {
        Vector<Endpoint> all = cluster.endpoints();
        return all.size();
    }
}
