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
import dev.podpath.ports.snapshot.Snapshot;
import dev.podpath.testkit.reference.NodeWriter;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** A node of a generated cluster in memory, as benchmarks of proxy modes need it. */
public final class Scenes {
    private static final String NODE = LargeCluster.nodeName(0);

    private final Cluster cluster;
    private final Map<String, Document> documents = new TreeMap<>();

    private Scenes(Cluster cluster) {
        this.cluster = cluster;
    }

    /** The first node of a cluster, in a mode. */
    public static Scenes of(ClusterShape shape, Mode mode) {
        return of(shape, mode, mode.writer());
    }

    /** The same as another writer says it. */
    public static Scenes of(ClusterShape shape, Mode mode, NodeWriter writer) {
        Scenes scenes = new Scenes(LargeCluster.of(shape, mode.toString()));
        writer.documents(scenes.cluster, NODE, SnapshotDirectory.kubeProxy()).forEach((name, text) -> {
            String path = "nodes/" + NODE + "/" + name;
            scenes.documents.put(path, new Document(path, text.getBytes(StandardCharsets.UTF_8)));
        });
        return scenes;
    }

    /** What Kubernetes says. */
    public Cluster cluster() {
        return cluster;
    }

    /** A document of the node. */
    public Document document(String name) {
        return Option.of(documents.get("nodes/" + NODE + "/" + name)).get();
    }

    /** The node. */
    public NodeState state() {
        Snapshot snapshot = new Snapshot() {
            @Override
            public String origin() {
                return "generated";
            }

            @Override
            public Vector<String> paths() {
                return Vector.ofAll(documents.keySet());
            }

            @Override
            public Option<Document> document(String path) {
                return Option.of(documents.get(path));
            }
        };
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
