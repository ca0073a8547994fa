package dev.podpath.it.conformance;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.location.DnsName;
import dev.podpath.core.location.Flow;
import dev.podpath.core.location.HttpRequest;
import dev.podpath.core.location.Vantage;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.proxy.NodePlane;
import dev.podpath.core.resolve.HopResolver;
import dev.podpath.core.resolve.NodeResolver;
import dev.podpath.core.trace.Location;
import dev.podpath.k8s.objects.KubernetesInventory;
import dev.podpath.ports.node.NodeInterfaces;
import dev.podpath.ports.node.NodeState;
import dev.podpath.ports.plugin.Plugins;
import dev.podpath.ports.snapshot.Snapshot;
import dev.podpath.ports.snapshot.Snapshots;
import dev.podpath.testkit.contract.ResolverContract;
import io.vavr.Tuple;
import io.vavr.collection.HashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.nio.charset.StandardCharsets;

/** The contract of resolvers on a bundled example, with all other installed plugins around the one under test. */
interface ExampleContract extends ResolverContract {
    /** Name of the example. */
    String example();

    /** Hosts that requests are for. */
    Vector<String> hosts();

    @Override
    default Map<String, String> documents() {
        Snapshot snapshot = Snapshots.open(Snapshots.EXAMPLE + example())
                .getOrElseThrow(problem -> new IllegalStateException(problem.toString()));
        return HashMap.ofEntries(snapshot.paths()
                .flatMap(path -> snapshot.document(path)
                        .map(document -> Tuple.of(path, new String(document.bytes(), StandardCharsets.UTF_8)))));
    }

    @Override
    default Vector<Location> starts() {
        return hosts().map(host -> {
            HttpRequest request = new HttpRequest("http", host, "/");
            Flow flow = new Flow(Protocol.TCP, Option.some(IpAddress.of("203.0.113.99")), Option.some(request));
            return new DnsName(host, 80, flow, new Vantage.Internet());
        });
    }

    @Override
    default Cluster cluster(Snapshot snapshot) {
        return new KubernetesInventory().read(snapshot).value();
    }

    @Override
    default Vector<HopResolver> others(Snapshot snapshot, Cluster cluster) {
        Plugins plugins = Plugins.installed();
        return plugins.resolvers()
                .reject(other -> other.id().equals(provider().id()))
                .flatMap(other -> other.open(snapshot, cluster).value())
                .append(new NodeResolver(cluster, node -> plane(plugins, snapshot, cluster, node)));
    }

    private static Option<NodePlane> plane(Plugins plugins, Snapshot snapshot, Cluster cluster, String node) {
        NodeInterfaces interfaces = NodeInterfaces.read(node, snapshot, cluster);
        NodeState state = new NodeState(node, snapshot, cluster, interfaces);
        return plugins.modes()
                .find(mode -> mode.detect(state).isDefined())
                .map(mode -> NodePlane.builder()
                        .node(node)
                        .mode(Option.some(mode.id()))
                        .proxy(mode.open(state).value().toOption())
                        .localAddresses(interfaces.all())
                        .build());
    }
}
