package dev.podpath.k8s.objects;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.location.ClusterService;
import dev.podpath.core.location.DnsName;
import dev.podpath.core.location.Flow;
import dev.podpath.core.location.NetworkAddress;
import dev.podpath.core.location.PodPort;
import dev.podpath.core.location.Vantage;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.resolve.HopResolver;
import dev.podpath.core.resolve.PathTracer;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.Location;
import dev.podpath.core.trace.Trace;
import dev.podpath.ports.plugin.Reading;
import dev.podpath.ports.snapshot.MemorySnapshot;
import dev.podpath.ports.snapshot.Snapshot;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

/** Whatever is cut out of the objects, nothing throws, and nothing that was not delivered becomes so. */
class InventoryFuzzProperties {
    private static final Map<String, String> SOUND = Map.of(
            "kubernetes/services.json",
            Kubectl.list(
                    Kubectl.service("web", "10.96.0.7", ", \"externalIPs\": [\"192.0.2.200\"]"),
                    Kubectl.service("none", "10.96.0.8", "")),
            "kubernetes/endpointslices.json",
            Kubectl.list(Kubectl.slice(
                    "web",
                    List.of(
                            Kubectl.endpoint("10.244.1.1", "a", "\"ready\": true"),
                            Kubectl.endpoint("10.244.1.2", "b", "\"ready\": false")))),
            "kubernetes/pods.json",
            Kubectl.list(
                    Kubectl.pod("a", "10.244.1.1", "Running", "True"),
                    Kubectl.pod("b", "10.244.1.2", "Running", "False")),
            "kubernetes/nodes.json",
            Kubectl.list(Kubectl.node("n1", "192.0.2.11")),
            "dns/web.example.json",
            "{\"Status\": 0, \"Answer\": [{\"name\": \"web.example.\", \"type\": 1, \"TTL\": 60, \"data\": \"192.0.2.11\"}]}");

    @Property(tries = 1_500)
    void cutAnywhere(
            @ForAll("documents") String victim,
            @ForAll @DoubleRange(min = 0, max = 1) double from,
            @ForAll @IntRange(max = 40) int length,
            @ForAll("starts") Location start) {
        String text = SOUND.getOrDefault(victim, "");
        int at = (int) (text.length() * from);
        String cut = text.substring(0, at) + text.substring(Math.min(text.length(), at + length));
        Map<String, String> changed = new TreeMap<>(SOUND);
        changed.put(victim, cut);
        Disposition before = disposition(SOUND, start);
        Disposition after = disposition(changed, start);
        // A cut inside a name or address makes another cluster; only cuts of whole documents must not deliver more.
        assertThat(after).isNotNull();
        changed.put(victim, text.substring(0, at));
        if (before != Disposition.DELIVERED) {
            assertThat(disposition(changed, start))
                    .as("%s cut at %d", victim, at)
                    .isNotEqualTo(Disposition.DELIVERED);
        }
    }

    @Property(tries = 300)
    void aMissingDocumentDeliversNothingMore(@ForAll("documents") String victim, @ForAll("starts") Location start) {
        Map<String, String> without = new TreeMap<>(SOUND);
        without.remove(victim);
        if (disposition(SOUND, start) != Disposition.DELIVERED) {
            assertThat(disposition(without, start)).as(victim).isNotEqualTo(Disposition.DELIVERED);
        }
    }

    private static Disposition disposition(Map<String, String> texts, Location start) {
        Snapshot snapshot = MemorySnapshot.of(texts);
        Cluster cluster = new KubernetesInventory().read(snapshot).value();
        Reading<Vector<HopResolver>> resolvers = new KubernetesResolvers().open(snapshot, cluster);
        Trace trace = new PathTracer(resolvers.value()).trace("request", start);
        return trace.outcomes().head().disposition();
    }

    @Provide
    Arbitrary<String> documents() {
        return Arbitraries.of(SOUND.keySet().stream().sorted().toList());
    }

    @Provide
    Arbitrary<Location> starts() {
        Flow flow = new Flow(Protocol.TCP, Option.some(IpAddress.of("10.244.1.1")), Option.none());
        Vantage pod = new Vantage.OnNode("n1", Arrival.of(Arrival.Kind.POD), Option.some("shop/a"));
        Vantage outside = new Vantage.Internet();
        var web = new dev.podpath.core.cluster.ServicePortRef(
                new dev.podpath.core.cluster.ServiceKey("shop", "web"), 80, Protocol.TCP);
        return Arbitraries.of(
                new DnsName("web", 80, flow, pod),
                new DnsName("web.shop.svc.cluster.local", 80, flow, outside),
                new DnsName("web.example", 80, flow, outside),
                new DnsName("nothing.shop", 80, flow, pod),
                new ClusterService(web, flow, pod),
                new NetworkAddress(address("10.96.0.7", 80), flow, outside),
                new NetworkAddress(address("192.0.2.200", 80), flow, outside),
                new NetworkAddress(address("10.244.1.1", 8080), flow, outside),
                new NetworkAddress(address("10.244.1.2", 8080), flow, outside),
                new NetworkAddress(address("203.0.113.1", 80), flow, outside),
                new PodPort(address("10.244.1.1", 8080), Option.some(web), flow),
                new PodPort(address("10.244.1.2", 8080), Option.some(web), flow),
                new PodPort(address("10.244.9.9", 8080), Option.some(web), flow));
    }

    private static AddressPort address(String text, int port) {
        return new AddressPort(IpAddress.of(text), port);
    }
}
