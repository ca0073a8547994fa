package dev.podpath.k8s.objects;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Liveness;
import dev.podpath.core.cluster.ServiceKey;
import dev.podpath.core.cluster.ServicePortRef;
import dev.podpath.core.location.ClusterService;
import dev.podpath.core.location.DnsName;
import dev.podpath.core.location.NetworkAddress;
import dev.podpath.core.location.NodePacket;
import dev.podpath.core.location.Outbound;
import dev.podpath.core.location.PodPort;
import dev.podpath.core.location.Vantage;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.resolve.HopResolver;
import dev.podpath.core.trace.Branch;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.Hop;
import dev.podpath.core.trace.HopKind;
import dev.podpath.core.trace.Location;
import dev.podpath.core.trace.Trace;
import dev.podpath.core.trace.TracedHop;
import dev.podpath.ports.plugin.Reading;
import dev.podpath.ports.snapshot.MemorySnapshot;
import io.vavr.collection.HashSet;
import io.vavr.collection.Set;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds in every cluster, whatever state its objects are in. */
class ResolverLaws {
    private static final Vector<String> ADDRESSES =
            Vector.of("10.244.1.1", "10.244.1.2", "10.244.1.3", "10.0.0.11", "192.0.2.44");
    private static final ServicePortRef WEB = new ServicePortRef(new ServiceKey("shop", "web"), 80, Protocol.TCP);
    private static final ServicePortRef DB = new ServicePortRef(new ServiceKey("shop", "db"), 80, Protocol.TCP);

    @Property(tries = 200)
    @Label("every hop leads to a place that somebody handles, or ends; every unknown end says what is missing or why")
    void everyBranchIsHandled(@ForAll("objects") Objects objects, @ForAll("starts") Location start) {
        ClusterWorld world = objects.world();
        Vector<HopResolver> resolvers = world.resolvers();
        for (Hop hop : world.trace(start).hops().map(TracedHop::hop)) {
            for (Location to : hop.branches().map(Branch::to)) {
                assertThat(to instanceof NodePacket || resolvers.exists(resolver -> resolver.handles(to)))
                        .as("%s leads to %s", hop.title(), to)
                        .isTrue();
            }
            if (hop.disposition().contains(Disposition.UNKNOWN) && !hop.kind().equals(HopKind.END)) {
                assertThat(hop.decisions().flatMap(Decision::missing))
                        .as(hop.title())
                        .isNotEmpty();
            }
        }
    }

    @Property(tries = 200)
    @Label("an object less never delivers to an address that was not delivered to before")
    void anObjectLessIsNoBetter(@ForAll("objects") Objects objects, @ForAll("starts") Location start) {
        Set<AddressPort> before = delivered(objects.world().trace(start));
        for (Objects less : objects.eachWithout()) {
            assertThat(delivered(less.world().trace(start)).diff(before))
                    .as("%s without an object", start)
                    .isEmpty();
        }
    }

    @Property(tries = 300)
    @Label("an address is a live endpoint exactly where a slice has it ready or serving, and its pod runs and owns it")
    void liveness(@ForAll("objects") Objects objects, @ForAll("addresses") String address) {
        Cluster cluster = ClusterWorld.cluster(MemorySnapshot.of(objects.world().documents()));
        AddressPort at = AddressPort.parse(address + ":8080").get();
        boolean expected = objects.endpoints.exists(entry -> entry.address.equals(address)
                && (entry.ready || entry.terminating)
                && objects.pods.exists(pod -> pod.name.equals(entry.pod)
                        && pod.address.equals(address)
                        && pod.phase.equals("Running")
                        && (pod.ready || !entry.ready)));
        assertThat(cluster.liveness(at, WEB) instanceof Liveness.Live).isEqualTo(expected);
        boolean delivered = delivered(objects.world().trace(new PodPort(at, Option.some(WEB), ClusterWorld.FROM_POD)))
                .nonEmpty();
        assertThat(delivered).isEqualTo(expected);
    }

    @Property(tries = 200)
    @Label("the order of the objects and how they are spread over documents do not matter")
    void spreading(@ForAll("objects") Objects objects, @ForAll("starts") Location start) {
        Vector<String> all = objects.services()
                .appendAll(objects.slices())
                .appendAll(objects.podTexts())
                .appendAll(ClusterWorldNodes.NODES);
        Trace one = new ClusterWorld(java.util.Map.of("kubernetes/everything.json", ClusterWorld.list(all.reverse())))
                .trace(start);
        Trace many = objects.world().trace(start);
        boolean captured = objects.pods.nonEmpty() && objects.endpoints.nonEmpty();
        if (captured) {
            assertThat(delivered(one)).isEqualTo(delivered(many));
            assertThat(one.outcomes().map(outcome -> outcome.disposition()).toSet())
                    .isEqualTo(many.outcomes()
                            .map(outcome -> outcome.disposition())
                            .toSet());
        }
    }

    @Property(tries = 300)
    @Label("a kubectl list cut or changed anywhere is read or gives a located problem")
    void damagedLists(
            @ForAll("objects") Objects objects,
            @ForAll @net.jqwik.api.constraints.IntRange(max = 1_000_000) int at,
            @ForAll byte with,
            @ForAll boolean cut) {
        for (String path : objects.world().documents().keySet()) {
            byte[] bytes = objects.world()
                    .documents()
                    .getOrDefault(path, "")
                    .getBytes(java.nio.charset.StandardCharsets.UTF_8);
            int place = at % bytes.length;
            bytes[place] = with;
            String damaged =
                    new String(bytes, 0, cut ? place : bytes.length, java.nio.charset.StandardCharsets.ISO_8859_1);
            Reading<Cluster> reading =
                    new KubernetesInventory().read(MemorySnapshot.of(java.util.Map.of(path, damaged)));
            assertThat(reading.problems())
                    .allMatch(problem -> problem.document().equals(path));
            if (cut && place > 0) {
                assertThat(reading.problems()).as("%s cut at %d", path, place).isNotEmpty();
            }
        }
    }

    private static Set<AddressPort> delivered(Trace trace) {
        return HashSet.ofAll(trace.outcomes()
                .filter(outcome -> outcome.disposition() == Disposition.DELIVERED)
                .flatMap(outcome -> outcome.target().address()));
    }

    @Provide
    Arbitrary<String> addresses() {
        return Arbitraries.of(ADDRESSES.asJava());
    }

    @Provide
    Arbitrary<Objects> objects() {
        Arbitrary<PodState> pod = Combinators.combine(
                        Arbitraries.of("a", "b", "c"),
                        addresses(),
                        Arbitraries.of("Running", "Running", "Failed", "Pending"),
                        Arbitraries.of(true, false))
                .as(PodState::new);
        Arbitrary<Entry> entry = Combinators.combine(
                        addresses(),
                        Arbitraries.of("a", "b", "c"),
                        Arbitraries.of(true, false),
                        Arbitraries.of(true, false))
                .as((address, of, ready, terminating) -> new Entry(address, of, ready, terminating && !ready));
        return Combinators.combine(
                        pod.list().ofMaxSize(3).uniqueElements(state -> state.name),
                        entry.list().ofMaxSize(3).uniqueElements(state -> state.address))
                .as((pods, entries) -> new Objects(Vector.ofAll(pods), Vector.ofAll(entries), true, true));
    }

    @Provide
    Arbitrary<Location> starts() {
        Vantage outside = new Vantage.PrivateNetwork(Option.none());
        Vector<Location> starts = Vector.of(
                new DnsName("web", 80, ClusterWorld.FROM_POD, ClusterWorld.POD),
                new DnsName("db", 8080, ClusterWorld.FROM_POD, ClusterWorld.POD),
                new DnsName("10-244-1-1.db", 8080, ClusterWorld.FROM_POD, ClusterWorld.POD),
                new DnsName("db.shop.svc.cluster.local", 8080, ClusterWorld.FROM_POD, outside),
                new DnsName("www.example.com", 443, ClusterWorld.FROM_POD, ClusterWorld.POD),
                new ClusterService(WEB, ClusterWorld.FROM_POD, ClusterWorld.POD),
                new ClusterService(DB, ClusterWorld.FROM_POD, ClusterWorld.POD),
                new NetworkAddress(AddressPort.parse("10.96.0.7:80").get(), ClusterWorld.FROM_POD, ClusterWorld.POD),
                new Outbound(
                        "n1",
                        dev.podpath.core.net.IpAddress.of("10.0.0.11"),
                        AddressPort.parse("203.0.113.9:443").get(),
                        ClusterWorld.FROM_POD));
        Vector<Location> places = ADDRESSES.flatMap(text -> Vector.<Location>of(
                new NetworkAddress(AddressPort.parse(text + ":8080").get(), ClusterWorld.FROM_CLIENT, outside),
                new NetworkAddress(
                        AddressPort.parse(text + ":8080").get(),
                        ClusterWorld.FROM_CLIENT,
                        new Vantage.OnNode("n1", Arrival.of(Arrival.Kind.EXTERNAL), Option.none())),
                new PodPort(AddressPort.parse(text + ":8080").get(), Option.none(), ClusterWorld.FROM_POD),
                new PodPort(AddressPort.parse(text + ":8080").get(), Option.some(WEB), ClusterWorld.FROM_POD)));
        return Arbitraries.of(starts.appendAll(places).asJava());
    }

    private record PodState(String name, String address, String phase, boolean ready) {}

    private record Entry(String address, String pod, boolean ready, boolean terminating) {}

    /** Pods and endpoints in some state, with or without two services. */
    private record Objects(Vector<PodState> pods, Vector<Entry> endpoints, boolean web, boolean db) {
        ClusterWorld world() {
            return ClusterWorld.of(services(), slices(), podTexts(), ClusterWorldNodes.NODES);
        }

        Vector<String> services() {
            Vector<String> none = Vector.empty();
            return none.appendAll(web ? List.of(Kubectl.service("web", "10.96.0.7", "")) : List.of())
                    .appendAll(db ? List.of(Kubectl.service("db", "None", "")) : List.of());
        }

        Vector<String> slices() {
            List<String> entries = endpoints
                    .map(entry -> Kubectl.endpoint(
                            entry.address,
                            entry.pod,
                            "\"ready\": " + entry.ready + ", \"serving\": " + (entry.ready || entry.terminating)
                                    + ", \"terminating\": " + entry.terminating))
                    .asJava();
            return Vector.of(Kubectl.slice("web", entries), Kubectl.slice("db", entries));
        }

        Vector<String> podTexts() {
            return pods.map(pod -> Kubectl.pod(pod.name, pod.address, pod.phase, pod.ready ? "True" : "False"));
        }

        Vector<Objects> eachWithout() {
            return Vector.range(0, pods.size())
                    .map(i -> new Objects(pods.removeAt(i), endpoints, web, db))
                    .appendAll(Vector.range(0, endpoints.size())
                            .map(i -> new Objects(pods, endpoints.removeAt(i), web, db)))
                    .append(new Objects(pods, endpoints, false, db))
                    .append(new Objects(pods, endpoints, web, false));
        }
    }

    private static final class ClusterWorldNodes {
        static final Vector<String> NODES = Vector.of(Kubectl.node("n1", "10.0.0.11"), Kubectl.node("n2", "10.0.0.12"));
    }
}
