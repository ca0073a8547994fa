package dev.podpath.k8s.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.trace.Evidence;
import dev.podpath.k8s.dns.corefile.Corefile;
import dev.podpath.k8s.dns.server.Answer;
import dev.podpath.k8s.dns.server.NameServer;
import dev.podpath.k8s.dns.server.Question;
import dev.podpath.k8s.dns.server.RecordType;
import dev.podpath.k8s.objects.KubernetesInventory;
import dev.podpath.k8s.objects.ObjectList;
import dev.podpath.ports.snapshot.MemorySnapshot;
import dev.podpath.ports.snapshot.Snapshot;
import io.vavr.control.Option;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What CoreDNS answers about the objects of its own tests, and what the specification of cluster DNS 1.1.0 asks for. */
class RecordTableTest {
    private static final Snapshot SNAPSHOT = MemorySnapshot.of(Map.of(
            "kubernetes/services.json",
            list(
                    service("svc1", "\"clusterIP\":\"10.0.0.1\""),
                    service("svcempty", "\"clusterIP\":\"10.0.0.9\""),
                    service("svc6", "\"clusterIP\":\"1234:abcd::1\""),
                    service("svc-dual-stack", "\"clusterIP\":\"10.0.0.3\",\"clusterIPs\":[\"10.0.0.3\",\"10::3\"]"),
                    service("hdls1", "\"clusterIP\":\"None\""),
                    service("hdlsempty", "\"clusterIP\":\"None\""),
                    service("hdlsearly", "\"clusterIP\":\"None\",\"publishNotReadyAddresses\":true"),
                    service("external", "\"type\":\"ExternalName\",\"externalName\":\"ext.interwebs.test\""),
                    service(
                            "external-to-service",
                            "\"type\":\"ExternalName\",\"externalName\":\"svc1.testns.svc.cluster.local.\""),
                    service("extip", "\"type\":\"ExternalName\",\"externalName\":\"192.0.2.1\"")),
            "kubernetes/endpointslices.json",
            list(
                    slice("svc1", endpoint("172.0.0.1", "")),
                    slice(
                            "hdls1",
                            endpoint("172.0.0.2", ""),
                            endpoint("172.0.0.3", ""),
                            endpoint("172.0.0.4", ",\"hostname\":\"dup-name\""),
                            endpoint("172.0.0.5", ",\"hostname\":\"dup-name\""),
                            endpoint("172.0.0.6", ",\"conditions\":{\"ready\":false}")),
                    slice("hdls1", endpoint("5678:abcd::1", ""), endpoint("5678:abcd::2", "")),
                    slice("hdlsearly", endpoint("172.0.1.1", ",\"conditions\":{\"ready\":true,\"serving\":false}"))),
            "kubernetes/pods.json",
            list(
                    "{\"kind\":\"Pod\",\"metadata\":{\"namespace\":\"podns\",\"name\":\"p\"},\"spec\":{\"nodeName\":\"n\"},\"status\":{\"phase\":\"Running\",\"podIP\":\"10.240.0.1\"}}"),
            "kubernetes/namespaces.json",
            list("{\"metadata\":{\"name\":\"testns\"}}", "{\"metadata\":{\"name\":\"podns\"}}")));
    private static final Cluster CLUSTER =
            new KubernetesInventory().read(SNAPSHOT).value();
    private static final String PLAIN = "kubernetes cluster.local in-addr.arpa ip6.arpa";

    private static String list(String... items) {
        return "{\"kind\":\"List\",\"items\":[" + String.join(",", items) + "]}";
    }

    private static String service(String name, String spec) {
        return "{\"kind\":\"Service\",\"metadata\":{\"namespace\":\"testns\",\"name\":\"" + name
                + "\"},\"spec\":{\"ports\":[{\"name\":\"http\",\"protocol\":\"TCP\",\"port\":80}]," + spec + "}}";
    }

    private static String slice(String service, String... endpoints) {
        return "{\"kind\":\"EndpointSlice\",\"metadata\":{\"namespace\":\"testns\",\"name\":\"" + service + "-"
                + endpoints.length
                + "\",\"labels\":{\"kubernetes.io/service-name\":\"" + service
                + "\"}},\"addressType\":\"IPv4\",\"ports\":[{\"name\":\"http\",\"protocol\":\"TCP\",\"port\":80}],\"endpoints\":["
                + String.join(",", endpoints) + "]}";
    }

    private static String endpoint(String address, String more) {
        return "{\"addresses\":[\"" + address + "\"]" + more + "}";
    }

    private static NameServer server(String plugin) {
        Corefile corefile = Corefile.parse(
                        ".:53 {\n errors\n " + plugin + "\n forward . 192.0.2.53\n}\n",
                        Evidence.document("kubernetes/configmaps.json", ""),
                        Corefile.Imports.NONE)
                .get();
        return NameServer.of(Option.some(corefile), CLUSTER, ObjectList.read(SNAPSHOT, "namespaces"));
    }

    static Stream<Arguments> table() {
        String empty = PLAIN + " {\n ignore empty_service\n}";
        String insecure = PLAIN + " {\n pods insecure\n}";
        String verified = PLAIN + " {\n pods verified\n}";
        String through = PLAIN + " {\n fallthrough\n}";
        return Stream.of(
                row("1", PLAIN, "svc1.testns.svc", "A", "10.0.0.1"),
                row("2", PLAIN, "svcempty.testns.svc", "A", "10.0.0.9"),
                row("3", empty, "svcempty.testns.svc", "A", "NXDOMAIN"),
                row("4", PLAIN, "svc1.testns.svc", "AAAA", "NODATA"),
                row("5", PLAIN, "svc6.testns.svc", "AAAA", "1234:abcd::1"),
                row("6 A", PLAIN, "svc-dual-stack.testns.svc", "A", "10.0.0.3"),
                row("6 AAAA", PLAIN, "svc-dual-stack.testns.svc", "AAAA", "10::3"),
                row("7", PLAIN, "svc0.testns.svc", "A", "NXDOMAIN"),
                row("7 namespace", PLAIN, "svc0.svc-nons.svc", "A", "NXDOMAIN"),
                row("8", PLAIN, "SVC1.TestNS.svc", "A", "10.0.0.1"),
                row("9", PLAIN, "_http._tcp.svc1.testns.svc", "SRV", "0 100 80 svc1.testns.svc.cluster.local"),
                row("9 unnamed", PLAIN, "_https._tcp.svc1.testns.svc", "SRV", "NXDOMAIN"),
                row("10", PLAIN, "svc1.testns.svc", "SRV", "0 100 80 svc1.testns.svc.cluster.local"),
                row("11", PLAIN, "hdls1.testns.svc", "A", "172.0.0.2 172.0.0.3 172.0.0.4 172.0.0.5"),
                row("12", PLAIN, "hdlsearly.testns.svc", "A", "172.0.1.1"),
                row("13", PLAIN, "hdlsempty.testns.svc", "A", "NXDOMAIN"),
                row("14 address", PLAIN, "172-0-0-2.hdls1.testns.svc", "A", "172.0.0.2"),
                row("14 name", PLAIN, "dup-name.hdls1.testns.svc", "A", "172.0.0.4 172.0.0.5"),
                row(
                        "15",
                        PLAIN,
                        "_http._tcp.hdls1.testns.svc",
                        "SRV",
                        "0 16 80 172-0-0-2.hdls1.testns.svc.cluster.local 0 16 80 172-0-0-3.hdls1.testns.svc.cluster.local"
                                + " 0 16 80 5678-abcd--1.hdls1.testns.svc.cluster.local 0 16 80"
                                + " 5678-abcd--2.hdls1.testns.svc.cluster.local 0 16 80 dup-name.hdls1.testns.svc.cluster.local"),
                row("16", PLAIN, "external.testns.svc", "CNAME", "ext.interwebs.test"),
                row("16 A", PLAIN, "external.testns.svc", "A", "ext.interwebs.test"),
                row("17", PLAIN, "external-to-service.testns.svc", "A", "10.0.0.1 svc1.testns.svc.cluster.local"),
                row("17b", PLAIN, "extip.testns.svc", "A", "NXDOMAIN"),
                row("18", PLAIN, "endpoint.external.testns.svc", "A", "NXDOMAIN"),
                row("18 SRV", PLAIN, "_http._tcp.external.testns.svc", "SRV", "NXDOMAIN"),
                row("19", PLAIN, "svc", "A", "NODATA"),
                row("19 pod", PLAIN, "pod", "A", "NODATA"),
                row("19 namespace", PLAIN, "testns.svc", "A", "NODATA"),
                row("20", PLAIN, "foo", "NS", "NXDOMAIN"),
                row("21", PLAIN, "1.0.0.10.in-addr.arpa.", "PTR", "svc1.testns.svc.cluster.local"),
                row("22", PLAIN, "2.0.0.172.in-addr.arpa.", "PTR", "172-0-0-2.hdls1.testns.svc.cluster.local"),
                row("22 name", PLAIN, "4.0.0.172.in-addr.arpa.", "PTR", "dup-name.hdls1.testns.svc.cluster.local"),
                row("23 disabled", PLAIN, "10-240-0-1.podns.pod", "A", "NXDOMAIN"),
                row("23 insecure", insecure, "172-0-0-9.podns.pod", "A", "172.0.0.9"),
                row("23 insecure namespace", insecure, "172-0-0-9.nons.pod", "A", "NXDOMAIN"),
                row("23 verified", verified, "10-240-0-1.podns.pod", "A", "10.240.0.1"),
                row("23 unverified", verified, "172-0-0-9.podns.pod", "A", "NXDOMAIN"),
                row("24", PLAIN, "dns-version", "TXT", "1.1.0"),
                row("26", through, "nobody.testns.svc", "A", "forwarded"),
                row("26 outside", PLAIN, "www.example.com.", "A", "forwarded"));
    }

    private static Arguments row(String number, String plugin, String name, String type, String expected) {
        return Arguments.of(number, plugin, name, type, expected);
    }

    @ParameterizedTest(name = "{0}: {2} {3}")
    @MethodSource("table")
    @DisplayName("the answer is the one of the table")
    void answers(String number, String plugin, String name, String type, String expected) {
        String absolute = name.endsWith(".") ? name : name + ".cluster.local.";
        Answer answer = server(plugin).answer(Question.of(absolute, RecordType.valueOf(type)));
        String actual = answer.isPositive()
                ? answer.records().map(record -> record.data()).sorted().mkString(" ")
                : answer.code().word();
        assertThat(actual).as(number).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{1} becomes {2}")
    @MethodSource("rewrites")
    @DisplayName("rewrites, hosts and templates come before the cluster's names")
    void before(String plugins, String name, String expected) {
        Answer answer = server(plugins + "\n " + PLAIN).answer(Question.of(name, RecordType.A));
        String actual = answer.isPositive()
                ? answer.records()
                        .map(record -> record.name() + "=" + record.data())
                        .mkString(" ")
                : answer.forward()
                        .map(to -> to.name() + " at " + to.servers().mkString(","))
                        .getOrElse(answer.code().word());
        assertThat(actual).isEqualTo(expected);
    }

    static Stream<Arguments> rewrites() {
        return Stream.of(
                Arguments.of(
                        "rewrite name app.example svc1.testns.svc.cluster.local",
                        "app.example",
                        "app.example=10.0.0.1"),
                Arguments.of(
                        "rewrite stop {\n name suffix .corp. .testns.svc.cluster.local.\n answer auto\n}",
                        "svc1.corp",
                        "svc1.corp=10.0.0.1"),
                Arguments.of(
                        "rewrite name prefix old- svc",
                        "old-1.testns.svc.cluster.local",
                        "svc1.testns.svc.cluster.local=10.0.0.1"),
                Arguments.of(
                        "rewrite name substring acme testns answer auto",
                        "svc1.acme.svc.cluster.local",
                        "svc1.acme.svc.cluster.local=10.0.0.1"),
                Arguments.of(
                        "rewrite name regex (.*)\\.my\\.zone\\. {1}.testns.svc.cluster.local. answer auto",
                        "svc1.my.zone", "svc1.my.zone=10.0.0.1"),
                Arguments.of(
                        "rewrite continue name a.test b.test\n rewrite name b.test c.test",
                        "a.test",
                        "c.test at 192.0.2.53"),
                Arguments.of(
                        "rewrite name a.test b.test\n rewrite name b.test c.test", "a.test", "b.test at 192.0.2.53"),
                Arguments.of("rewrite ttl example 30", "a.test", "a.test at 192.0.2.53"),
                Arguments.of(
                        "hosts {\n 192.0.2.7 own.example other.example\n fallthrough\n}",
                        "other.example",
                        "other.example=192.0.2.7"),
                Arguments.of("hosts {\n 192.0.2.7 own.example\n fallthrough\n}", "a.test", "a.test at 192.0.2.53"),
                Arguments.of("hosts {\n 2001:db8::7 own.example\n}", "own.example", "NODATA"),
                Arguments.of("hosts {\n 192.0.2.7 own.example\n}", "a.test", "NXDOMAIN"),
                Arguments.of(
                        "template IN A made.test {\n answer \"{{ .Name }} 60 IN A 192.0.2.8\"\n}",
                        "x.made.test",
                        "x.made.test=192.0.2.8"),
                Arguments.of("template ANY ANY gone.test {\n rcode NXDOMAIN\n}", "x.gone.test", "NXDOMAIN"),
                Arguments.of(
                        "template IN A made.test {\n match ^ip-(\\d+)\\.\n answer \"{{ .Name }} 60 IN A 10.0.0.{{ index .Match 1 }}\"\n}",
                        "ip-7.made.test",
                        "unknown"),
                Arguments.of("forward stub.test 10.1.1.1 10.1.1.2", "x.stub.test", "x.stub.test at 10.1.1.1,10.1.1.2"),
                Arguments.of("file /zone stub.test", "x.stub.test", "unknown"));
    }
}
