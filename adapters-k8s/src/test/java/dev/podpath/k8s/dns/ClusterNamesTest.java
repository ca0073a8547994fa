package dev.podpath.k8s.dns;

import static dev.podpath.k8s.objects.ClusterWorld.first;
import static dev.podpath.k8s.objects.ClusterWorld.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.location.ClusterService;
import dev.podpath.core.location.DnsName;
import dev.podpath.core.location.Flow;
import dev.podpath.core.location.NetworkAddress;
import dev.podpath.core.location.Vantage;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.trace.Branch;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.HopKind;
import dev.podpath.core.trace.Missing;
import dev.podpath.core.trace.Outcome;
import dev.podpath.core.trace.Trace;
import dev.podpath.k8s.objects.ClusterWorld;
import dev.podpath.k8s.objects.KubernetesResolvers;
import dev.podpath.ports.snapshot.MemorySnapshot;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ClusterNamesTest {
    private static final Flow FLOW = new Flow(Protocol.TCP, Option.none(), Option.none());
    private final ClusterWorld sound = ClusterWorld.sound();

    @Test
    @DisplayName("every name of the search list that was tried is shown; the first that exists wins")
    void search() {
        Trace trace = sound.ask("web.shop.svc.cluster.local", 80);
        assertThat(first(trace).decisions().map(decision -> decision.text()))
                .containsExactly(
                        "query 1: web.shop.svc.cluster.local.shop.svc.cluster.local: NXDOMAIN for A and AAAA; does not exist in"
                                + " the cluster's DNS",
                        "query 2: web.shop.svc.cluster.local.svc.cluster.local: NXDOMAIN for A and AAAA; does not exist in"
                                + " the cluster's DNS",
                        "query 3: web.shop.svc.cluster.local.cluster.local: NXDOMAIN for A and AAAA; does not exist in the"
                                + " cluster's DNS",
                        "query 4: web.shop.svc.cluster.local: A 10.96.0.7, AAAA NODATA; is the name of service shop/web");
        assertThat(first(sound.ask("web", 80)).branches().map(Branch::to).head())
                .isInstanceOf(ClusterService.class);
        assertThat(first(sound.ask("web.shop.svc.cluster.local.", 80)).decisions())
                .hasSize(1);
    }

    @Test
    @DisplayName("a headless name answers with its ready endpoints, also those without a pod, one share each")
    void headless() {
        Trace trace = sound.ask("db", 8080);
        assertThat(trace.outcomes()
                        .map(outcome -> outcome.target().address().get().toString()))
                .containsExactlyInAnyOrder("10.244.1.1:8080", "10.244.1.3:8080");
        assertThat(trace.outcomes().map(Outcome::disposition)).containsOnly(Disposition.DELIVERED);
        assertThat(trace.outcomes().map(outcome -> outcome.share().toString())).containsOnly("1/2");
    }

    @Test
    @DisplayName("a headless name without ready endpoint does not exist; where slices are missing that is not known")
    void headlessEmpty() {
        Trace gone = sound.ask("gone.shop.svc.cluster.local.", 80);
        assertThat(gone.outcomes().map(Outcome::disposition)).containsExactly(Disposition.BLACKHOLED);
        assertThat(text(gone)).contains("headless service shop/gone has no ready endpoint");
        Trace untold = sound.with("kubernetes/endpointslices.json", "").ask("gone.shop.svc.cluster.local.", 80);
        assertThat(untold.outcomes().map(Outcome::disposition)).containsExactly(Disposition.UNKNOWN);
        assertThat(missing(untold)).contains("kubernetes/endpointslices.json");
    }

    @Test
    @DisplayName("a host name of an endpoint leads to that endpoint alone, by its name or by its address")
    void endpointNames() {
        assertThat(reached(sound.ask("db-2.db", 8080))).containsExactly("10.244.1.3:8080");
        assertThat(reached(sound.ask("10-244-1-1.db", 8080))).containsExactly("10.244.1.1:8080");
        assertThat(end(sound.ask("10-244-1-2.db.shop.svc.cluster.local", 8080))).isEqualTo(Disposition.BLACKHOLED);
        assertThat(end(sound.with("kubernetes/endpointslices.json", "").ask("db-2.db", 8080)))
                .isEqualTo(Disposition.UNKNOWN);
    }

    @Test
    @DisplayName("an alias leads to the other name, an address in its place nowhere")
    void aliases() {
        assertThat(reached(sound.ask("out", 8080))).contains("10.244.1.1:8080");
        assertThat(end(sound.ask("number.shop.svc.cluster.local", 8080))).isEqualTo(Disposition.BLACKHOLED);
    }

    @Test
    @DisplayName("without services a name that could be one of the cluster is not known, and never on the Internet")
    void withoutServices() {
        ClusterWorld poor = sound.with("kubernetes/services.json", "");
        for (String name : Vector.of(
                "web", "web.shop", "web.shop.svc", "web.shop.svc.cluster.local", "db-2.db.shop", "web.elsewhere.svc")) {
            Trace trace = poor.ask(name, 80);
            assertThat(end(trace)).as(name).isEqualTo(Disposition.UNKNOWN);
            assertThat(trace.hops()).as(name).hasSize(1);
            assertThat(missing(trace)).as(name).contains("kubernetes/services.json");
        }
        assertThat(text(poor.ask("www.example.com", 80))).contains("198.51.100.1 stands for its address");
    }

    @Test
    @DisplayName("a name of one label that the cluster does not have is nobody's on the Internet")
    void oneLabel() {
        Trace trace = sound.ask("nobody", 80);
        assertThat(end(trace)).isEqualTo(Disposition.UNKNOWN);
        assertThat(text(trace))
                .contains("nobody.shop.svc.cluster.local: NXDOMAIN")
                .doesNotContain("198.51.100.1");
    }

    @Test
    @DisplayName("names of the cluster do not exist outside it")
    void outside() {
        for (Vantage vantage : Vector.of(
                new Vantage.Internet(),
                new Vantage.PrivateNetwork(Option.none()),
                new Vantage.OnNode("n1", Arrival.of(Arrival.Kind.NODE), Option.none()))) {
            Trace trace = sound.trace(new DnsName("web.shop.svc.cluster.local", 80, FLOW, vantage));
            assertThat(end(trace)).isEqualTo(Disposition.BLACKHOLED);
            assertThat(text(trace)).contains("only in the cluster's DNS");
        }
    }

    @Test
    @DisplayName("the DNS policy says whom a pod asks: a cache on its node stands for the cluster's DNS")
    void policies() {
        String injected =
                "\"dnsPolicy\": \"None\", \"dnsConfig\": {\"nameservers\": [\"169.254.20.10\", \"10.96.0.10\"],"
                        + " \"searches\": [\"shop.svc.cluster.local\", \"svc.cluster.local\", \"cluster.local\"],"
                        + " \"options\": [{\"name\": \"ndots\", \"value\": \"3\"}]}";
        Trace cached = asking(injected).ask("web.shop.svc.cluster.local", 80);
        assertThat(first(cached).decisions().map(decision -> decision.text()))
                .as("four dots are not fewer than three")
                .containsExactly(
                        "the resolver (glibc) of pod shop/a asks 169.254.20.10, the cache on the node (NodeLocal DNSCache);"
                                + " search shop.svc.cluster.local svc.cluster.local cluster.local; ndots:3",
                        "query 1: web.shop.svc.cluster.local: A 10.96.0.7, AAAA NODATA; is the name of service shop/web");
        assertThat(cached.assumptions()).anyMatch(text -> text.contains("169.254.20.10"));
        String foreign = "\"dnsPolicy\": \"None\", \"dnsConfig\": {\"nameservers\": [\"10.1.1.1\"]}";
        assertThat(end(asking(foreign).ask("web.shop.svc.cluster.local", 80))).isEqualTo(Disposition.BLACKHOLED);
        assertThat(end(asking("\"dnsPolicy\": \"Default\"").ask("web.shop.svc.cluster.local", 80)))
                .isEqualTo(Disposition.BLACKHOLED);
        assertThat(end(asking("\"hostNetwork\": true").ask("web.shop.svc.cluster.local", 80)))
                .isEqualTo(Disposition.BLACKHOLED);
        String host = "\"hostNetwork\": true, \"dnsPolicy\": \"ClusterFirstWithHostNet\"";
        assertThat(first(asking(host).ask("web", 80)).title()).isEqualTo("web.shop.svc.cluster.local");
    }

    @Test
    @DisplayName("a search domain of somebody else's is passed over and said so")
    void foreignSearchDomain() {
        String config = "\"dnsConfig\": {\"searches\": [\"corp.example\"]}";
        Trace trace = asking(config).ask("web.shop.svc.cluster.local", 80);
        assertThat(end(trace)).isNotEqualTo(Disposition.BLACKHOLED);
        assertThat(text(trace)).contains("web.shop.svc.cluster.local.corp.example is not looked up");
        assertThat(trace.assumptions()).anyMatch(text -> text.contains("search domains"));
    }

    @Test
    @DisplayName("names of pods are as CoreDNS is set")
    void podNames() {
        String name = "10-244-1-1.shop.pod.cluster.local";
        assertThat(missing(sound.ask(name, 8080))).contains("kubernetes/configmaps.json");
        assertThat(address(corefile("pods insecure").ask("10-9-9-9.shop.pod", 80)))
                .isEqualTo("10.9.9.9:80");
        assertThat(address(corefile("pods verified").ask(name, 8080))).isEqualTo("10.244.1.1:8080");
        assertThat(end(corefile("pods verified").ask("10-9-9-9.shop.pod.cluster.local", 80)))
                .isEqualTo(Disposition.BLACKHOLED);
        assertThat(end(corefile("ttl 30").ask(name, 80))).isEqualTo(Disposition.BLACKHOLED);
    }

    @Test
    @DisplayName("a recorded answer shows its aliases and shares its addresses")
    void recorded() {
        Trace trace = answered("""
                {"Status": 0, "Answer": [
                 {"name": "x.example.", "type": 5, "TTL": 60, "data": "y.example."},
                 {"name": "y.example.", "type": 1, "TTL": 60, "data": "198.51.100.7"},
                 {"name": "y.example.", "type": 1, "TTL": 60, "data": "198.51.100.8"},
                 {"name": "y.example.", "type": 16, "TTL": 60, "data": "192.0.2.1"}]}""");
        assertThat(text(trace)).contains("x.example. CNAME y.example.");
        assertThat(first(trace).branches().map(branch -> branch.share().toString()))
                .containsExactly("1/2", "1/2");
        assertThat(trace.assumptions()).anyMatch(text -> text.contains("rotate"));
        assertThat(first(trace).kind()).isEqualTo(HopKind.DNS);
    }

    @Test
    @DisplayName("no such name and no address are answers; a failure of the resolver is none")
    void recordedNothing() {
        assertThat(end(answered("{\"Status\": 3}"))).isEqualTo(Disposition.BLACKHOLED);
        assertThat(end(answered("{\"Status\": 0, \"Answer\": []}"))).isEqualTo(Disposition.BLACKHOLED);
        assertThat(end(answered("{\"Status\": 2}"))).isEqualTo(Disposition.UNKNOWN);
        assertThat(end(answered("{\"Answer\": 7}"))).isEqualTo(Disposition.UNKNOWN);
        var snapshot = MemorySnapshot.of(Map.of("dns/x.example.json", "{\"Answer\": 7}"));
        var reading = new KubernetesResolvers().open(snapshot, dev.podpath.core.cluster.Cluster.unknown());
        assertThat(reading.problems().map(problem -> problem.document())).containsExactly("dns/x.example.json");
    }

    private Trace answered(String answer) {
        return sound.with("dns/x.example.json", answer)
                .trace(new DnsName("x.example", 80, FLOW, new Vantage.Internet()));
    }

    private ClusterWorld asking(String spec) {
        return sound.with(
                "kubernetes/pods.json", ClusterWorld.list(Vector.of(ClusterWorld.podWith("a", "10.244.1.1", spec))));
    }

    private ClusterWorld corefile(String option) {
        return sound.with(
                "kubernetes/configmaps.json",
                "{\"kind\": \"ConfigMap\", \"metadata\": {\"name\": \"coredns\", \"namespace\": \"kube-system\"},"
                        + " \"data\": {\"Corefile\": \".:53 {\\n  kubernetes cluster.local {\\n    " + option
                        + "\\n  }\\n}\\n\"}}");
    }

    private static String address(Trace trace) {
        return ((NetworkAddress) first(trace).branches().head().to()).address().toString();
    }

    private static Vector<String> reached(Trace trace) {
        return trace.outcomes()
                .filter(outcome -> outcome.disposition() == Disposition.DELIVERED)
                .map(outcome -> outcome.target().address().get().toString());
    }

    private static Disposition end(Trace trace) {
        return trace.outcomes().head().disposition();
    }

    private static Vector<String> missing(Trace trace) {
        return trace.hops()
                .flatMap(hop -> hop.hop().decisions())
                .flatMap(decision -> decision.missing())
                .map(Missing::what);
    }
}
