package dev.podpath.k8s.dns;

import static dev.podpath.k8s.objects.ClusterWorld.first;
import static dev.podpath.k8s.objects.ClusterWorld.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.location.DnsName;
import dev.podpath.core.location.NetworkAddress;
import dev.podpath.core.trace.Trace;
import dev.podpath.k8s.objects.ClusterWorld;
import io.vavr.collection.Vector;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The questions that a pod sends for a name, by its C library, its policy and the servers it asks. */
class PodQueriesTest {
    private static final String DNS =
            "{\"kind\":\"Service\",\"metadata\":{\"namespace\":\"kube-system\",\"name\":\"kube-dns\"},"
                    + "\"spec\":{\"clusterIP\":\"10.96.0.10\",\"ports\":[{\"port\":53,\"protocol\":\"UDP\",\"name\":\"dns\"}]}}";
    private final ClusterWorld sound = ClusterWorld.sound();

    private ClusterWorld pod(String spec) {
        return sound.with(
                        "kubernetes/pods.json",
                        ClusterWorld.list(Vector.of(ClusterWorld.podWith("a", "10.244.1.1", spec))))
                .with("kubernetes/dns.json", ClusterWorld.list(Vector.of(DNS)));
    }

    private ClusterWorld onMusl(String spec) {
        return pod(spec)
                .with(
                        "kubernetes/pods.json",
                        ClusterWorld.list(Vector.of(
                                ClusterWorld.podWith("a", "10.244.1.1", spec).replace("web:1", "web:1-alpine"))));
    }

    private static String corefile(String name, String text) {
        return "{\"kind\":\"ConfigMap\",\"metadata\":{\"namespace\":\"kube-system\",\"name\":\"" + name
                + "\"},\"data\":{\"Corefile\":\"" + text.replace("\n", "\\n").replace("\"", "\\\"") + "\"}}";
    }

    private static Vector<String> names(Trace trace) {
        return first(trace)
                .decisions()
                .map(decision -> decision.text())
                .filter(text -> text.startsWith("query "))
                .map(text -> text.split(": ")[1]);
    }

    private static Vector<String> codes(Trace trace) {
        return trace.hops()
                .flatMap(hop -> hop.hop().findings())
                .map(finding -> finding.code().code());
    }

    @Test
    @DisplayName("glibc tries a name with enough dots first and then the search list, musl only the name")
    void libraries() {
        String options = "\"dnsConfig\":{\"options\":[{\"name\":\"ndots\",\"value\":\"2\"}]}";
        String name = "nobody.shop.svc.cluster.local";
        Trace glibc = pod(options).ask(name, 80);
        assertThat(names(glibc))
                .containsExactly(
                        name, name + ".shop.svc.cluster.local", name + ".svc.cluster.local", name + ".cluster.local");
        Trace musl = onMusl(options).ask(name, 80);
        assertThat(names(musl)).containsExactly(name);
        assertThat(text(musl)).contains("the resolver (musl)");
    }

    @Test
    @DisplayName("musl stops at a name without a record of the type, glibc goes on")
    void noData() {
        Trace musl = onMusl("\"tolerations\":[]").ask("shop.svc", 80);
        assertThat(names(musl))
                .containsExactly(
                        "shop.svc.shop.svc.cluster.local", "shop.svc.svc.cluster.local", "shop.svc.cluster.local");
        Trace glibc = pod("\"tolerations\":[]").ask("shop.svc", 80);
        assertThat(names(glibc)).hasSize(4).last().isEqualTo("shop.svc");
    }

    @Test
    @DisplayName("what CoreDNS does not have it asks others for, and the trace goes on there with the very name")
    void forwarded() {
        Trace trace = pod("\"tolerations\":[]").ask("www.example.com", 443);
        assertThat(names(trace))
                .containsExactly(
                        "www.example.com.shop.svc.cluster.local",
                        "www.example.com.svc.cluster.local",
                        "www.example.com.cluster.local",
                        "www.example.com");
        assertThat(((DnsName) first(trace).branches().head().to()).host()).isEqualTo("www.example.com.");
        assertThat(text(trace)).contains("asks 10.96.0.10, the cluster's DNS").contains("ndots:5");
        assertThat(names(pod("\"tolerations\":[]").ask("www.example.com.", 443)))
                .isEmpty();
    }

    @Test
    @DisplayName("a rewrite and hosts of the Corefile give pods another answer than everybody else")
    void splitHorizon() {
        ClusterWorld world = pod("\"tolerations\":[]")
                .with(
                        "kubernetes/configmaps.json",
                        ClusterWorld.list(Vector.of(corefile(
                                "coredns",
                                ".:53 {\n rewrite name shop.example web.shop.svc.cluster.local\n hosts {\n  192.0.2.77 own.example\n  fallthrough\n }\n"
                                        + " kubernetes cluster.local\n forward . /etc/resolv.conf\n}\n"))));
        Trace rewritten = world.ask("shop.example.", 80);
        assertThat(text(rewritten))
                .contains("CoreDNS asks for web.shop.svc.cluster.local instead of shop.example")
                .contains("A 10.96.0.7");
        Trace own = world.ask("own.example.", 80);
        assertThat(((NetworkAddress) first(own).branches().head().to())
                        .address()
                        .toString())
                .isEqualTo("192.0.2.77:80");
    }

    @Test
    @DisplayName("a cache on the node with the cluster's own address answers, and goes past CoreDNS for names outside")
    void nodeCache() {
        String agent =
                "{\"kind\":\"Pod\",\"metadata\":{\"namespace\":\"kube-system\",\"name\":\"node-local-dns-x\",\"labels\":{\"k8s-app\":\"node-local-dns\"}},"
                        + "\"spec\":{\"nodeName\":\"n1\",\"hostNetwork\":true},\"status\":{\"phase\":\"Running\",\"podIP\":\"10.0.0.11\"}}";
        ClusterWorld world = pod("\"tolerations\":[]")
                .with("kubernetes/agents.json", ClusterWorld.list(Vector.of(agent)))
                .with(
                        "kubernetes/configmaps.json",
                        ClusterWorld.list(
                                Vector.of(
                                        corefile(
                                                "coredns",
                                                ".:53 {\n kubernetes cluster.local\n hosts {\n  192.0.2.77 own.example\n  fallthrough\n }\n forward . /etc/resolv.conf\n}\n"),
                                        corefile(
                                                "node-local-dns",
                                                "cluster.local:53 {\n bind 169.254.20.10 10.96.0.10\n forward . __PILLAR__CLUSTER__DNS__ {\n  force_tcp\n }\n}\n"
                                                        + ".:53 {\n bind 169.254.20.10 10.96.0.10\n forward . __PILLAR__UPSTREAM__SERVERS__\n}\n"))));
        Trace inside = world.ask("web", 80);
        assertThat(text(inside)).contains("NodeLocal DNSCache").contains("A 10.96.0.7");
        Trace outside = world.ask("own.example.", 80);
        assertThat(text(outside)).as("the hosts of CoreDNS are not asked").doesNotContain("192.0.2.77");
    }

    @Test
    @DisplayName(
            "a wildcard in a search domain swallows a name with few dots; a dot at its end or no such answer is the twin")
    void swallowed() {
        String config = "\"dnsConfig\":{\"searches\":[\"corp.example\"]}";
        String answer =
                "{\"Status\":0,\"Answer\":[{\"name\":\"api.partner.test.corp.example.\",\"type\":1,\"TTL\":60,\"data\":\"192.0.2.66\"}]}";
        ClusterWorld world = pod(config).with("dns/api.partner.test.corp.example.json", answer);
        Trace caught = world.ask("api.partner.test", 443);
        assertThat(codes(caught)).contains("PP-DNS-003");
        assertThat(((DnsName) first(caught).branches().head().to()).host()).isEqualTo("api.partner.test.corp.example.");
        assertThat(codes(world.ask("api.partner.test.", 443))).doesNotContain("PP-DNS-003");
        Trace none = pod(config)
                .with("dns/api.partner.test.corp.example.json", "{\"Status\":3}")
                .ask("api.partner.test", 443);
        assertThat(codes(none)).doesNotContain("PP-DNS-003");
        assertThat(none.assumptions()).noneMatch(text -> text.startsWith("search domains"));
    }

    @Test
    @DisplayName(
            "the counter of lost connection entries is a finding for a pod that asks at once; not with single requests, nor at zero")
    void lost() {
        String failed = "cpu=0   \tfound=1 invalid=2 insert=0 insert_failed=7 drop=7 early_drop=0\n";
        ClusterWorld world = pod("\"tolerations\":[]").with("nodes/n1/conntrack-stats.txt", failed);
        assertThat(codes(world.ask("web", 80))).contains("PP-DNS-004");
        assertThat(codes(pod("\"tolerations\":[]")
                        .with("nodes/n1/conntrack-stats.txt", failed.replace("insert_failed=7", "insert_failed=0"))
                        .ask("web", 80)))
                .doesNotContain("PP-DNS-004");
        assertThat(codes(pod("\"dnsConfig\":{\"options\":[{\"name\":\"single-request-reopen\"}]}")
                        .with("nodes/n1/conntrack-stats.txt", failed)
                        .ask("web", 80)))
                .doesNotContain("PP-DNS-004");
    }

    @Test
    @DisplayName("host aliases of the pod come before any name server")
    void hostAliases() {
        Trace trace = pod("\"hostAliases\":[{\"ip\":\"192.0.2.5\",\"hostnames\":[\"Web\",\"other\"]}]")
                .ask("web", 80);
        assertThat(((NetworkAddress) first(trace).branches().head().to())
                        .address()
                        .toString())
                .isEqualTo("192.0.2.5:80");
        assertThat(text(trace)).contains("/etc/hosts");
    }

    @Test
    @DisplayName("the search list of the node, where it was captured, follows the cluster's")
    void nodeSearch() {
        Trace trace = pod("\"tolerations\":[]")
                .with("nodes/n1/resolv.conf", "nameserver 10.0.0.2\nsearch corp.example\n")
                .ask("www.example.com", 443);
        assertThat(text(trace)).contains("search shop.svc.cluster.local svc.cluster.local cluster.local corp.example");
        assertThat(trace.assumptions()).noneMatch(text -> text.contains("adds nothing"));
    }
}
