package dev.podpath.aliyun;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.cluster.Service;
import dev.podpath.core.cluster.ServiceKey;
import dev.podpath.core.cluster.ServicePort;
import dev.podpath.core.finding.FindingCode;
import dev.podpath.core.location.Outbound;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.trace.Evidence;
import dev.podpath.core.trace.Trace;
import dev.podpath.testkit.contract.FindingsContract;
import io.vavr.collection.TreeMap;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import net.jqwik.api.Example;

/** Every diagnosis of this cloud: a fault that provokes it, and the same without the fault, where it is not made. */
final class FaultsTest implements FindingsContract {
    private static final String LISTENER = "slb.DescribeLoadBalancerTCPListenerAttribute.lb-1.80";
    private static final String GROUP = "slb.DescribeVServerGroupAttribute.rsp-1";
    private static final String HEALTH = "slb.DescribeHealthStatus.lb-1";
    private static final String NAT = Documents.route("0.0.0.0/0", "NatGateway", "ngw-1");
    private static final String PODS = Documents.snat("s", "10.0.2.0/24", "203.0.113.21", "0", "Available");
    private static final String NODES = Documents.snat("s", "10.0.0.0/16", "203.0.113.21", "0", "Available");

    @Override
    public Vector<FindingCode> findings() {
        return new AliyunProvider().findings();
    }

    @Override
    public Vector<Twin> twins() {
        return Vector.of(
                // A record of an address that nobody has.
                new Twin("PP-DNS-001", () -> www("203.0.113.77"), () -> www("203.0.113.10")),
                // Records for several lines.
                new Twin(
                        "PP-DNS-005",
                        () -> zone(
                                        Documents.record("www", "A", "203.0.113.10", "default", "ENABLE", 1),
                                        Documents.record("www", "A", "203.0.113.10", "telecom", "ENABLE", 1))
                                .trace(Account.name("www.a.com")),
                        () -> www("203.0.113.10")),
                // A record that is disabled.
                new Twin(
                        "PP-DNS-100",
                        () -> zone(Documents.record("www", "A", "203.0.113.10", "default", "DISABLE", 1))
                                .trace(Account.name("www.a.com")),
                        () -> www("203.0.113.10")),
                // A client that the white list lacks.
                new Twin("PP-LB-010", () -> acl("198.51.100.8"), () -> acl("198.51.100.7")),
                // A group without servers.
                new Twin("PP-LB-011", () -> ask(serving().with(GROUP, Documents.group())), () -> ask(serving())),
                // Two services that ask for one listener.
                new Twin(
                        "PP-LB-012",
                        () -> ask(serving().in(Account.serving(false, service("a", 80), service("b", 80)))),
                        () -> ask(serving().in(Account.serving(false, service("a", 80), service("b", 81))))),
                // A node with a ready pod that is found abnormal.
                new Twin("PP-LB-013", () -> local(true), () -> local(false)),
                // Health checks that only connect, to servers that expect TLS.
                new Twin("PP-LB-014", () -> probed("tcp"), () -> probed("http")),
                // A server behind a load balancer that keeps the client's address, as its client.
                new Twin(
                        "PP-LB-017",
                        () -> BalancerTest.network(",'PreserveClientIpEnabled':true")
                                .trace(Account.inVpc("10.0.9.1:443", "10.0.2.1")),
                        () -> BalancerTest.network("").trace(Account.inVpc("10.0.9.1:443", "10.0.2.1"))),
                // A server that is being removed, whose pod is gone.
                new Twin("PP-LB-019", () -> removing("10.0.2.77"), () -> removing("10.0.2.21")),
                // A server of a layer 4 listener as its client.
                new Twin("PP-LB-018", () -> asked("10.0.1.11"), () -> asked("10.0.1.99")),
                // A security group without a rule for the client.
                new Twin(
                        "PP-LB-020",
                        () -> FirewallTest.guarded("192.0.2.1"),
                        () -> FirewallTest.guarded("198.51.100.1")),
                // A server in a zone without an address, and no forwarding across zones.
                new Twin("PP-LB-021", () -> zonal("c", "false"), () -> zonal("c", "true")),
                // A port without a listener.
                new Twin(
                        "PP-LB-100",
                        () -> serving().trace(Account.fromInternet("203.0.113.10:81", "198.51.100.7")),
                        () -> ask(serving())),
                // A listener that was stopped.
                new Twin(
                        "PP-LB-101",
                        () -> ask(serving().with(LISTENER, Documents.listener("stopped", ""))),
                        () -> ask(serving())),
                // A load balancer that is locked.
                new Twin("PP-LB-102", () -> state("locked"), () -> state("active")),
                // A private address, from the Internet.
                new Twin(
                        "PP-LB-103",
                        () -> serving().trace(Account.fromInternet("10.0.3.20:80", "198.51.100.7")),
                        () -> ask(serving())),
                // Every server abnormal.
                new Twin("PP-LB-104", () -> health("abnormal", "abnormal"), () -> health("normal", "normal")),
                // One server abnormal.
                new Twin("PP-LB-105", () -> health("abnormal", "normal"), () -> health("normal", "normal")),
                // An elastic address that is bound to nothing.
                new Twin("PP-LB-106", () -> eip(""), () -> eip("i-n1")),
                // A gateway without an entry for the port.
                new Twin("PP-LB-107", () -> dnat("81"), () -> dnat("80")),
                // A network ACL without an entry for the answer.
                new Twin("PP-LB-108", () -> FirewallTest.listed(false), () -> FirewallTest.listed(true)),
                // An account with load balancers.
                new Twin(
                        "PP-EGR-060",
                        () -> out(Documents.balancers(Documents.network(Account.withNode(), PODS, NAT)), "10.0.2.21"),
                        () -> out(Documents.network(Account.withNode(), PODS, NAT), "10.0.2.21")),
                // An entry with two addresses.
                new Twin(
                        "PP-EGR-061",
                        () -> out(
                                Documents.network(Account.withNode(), PODS.replace(".21'", ".21,203.0.113.22'"), NAT),
                                "10.0.2.21"),
                        () -> out(Documents.network(Account.withNode(), PODS, NAT), "10.0.2.21")),
                // A pod with an elastic address whose packets the node masquerades.
                new Twin(
                        "PP-EGR-062",
                        () -> masqueraded("10.0.2.21", "198.51.100.80:443"),
                        () -> kept("198.51.100.80:443")),
                // A vSwitch without an entry.
                new Twin(
                        "PP-EGR-064",
                        () -> out(Documents.network(Account.withNode(), "", NAT), "10.0.2.21"),
                        () -> out(Documents.network(Account.withNode(), PODS, NAT), "10.0.2.21")),
                // A pod whose packets to a private destination the node masquerades.
                new Twin("PP-EGR-065", () -> masqueraded("", "10.0.1.99:443"), () -> kept("10.0.1.99:443")),
                // A table without a default route.
                new Twin(
                        "PP-EGR-100",
                        () -> out(Documents.network(Account.withNode(), PODS), "10.0.2.21"),
                        () -> out(Documents.network(Account.withNode(), PODS, NAT), "10.0.2.21")));
    }

    @Example
    void aNodeWithoutAReadyPodIsMeantToBeAbnormal() {
        Trace trace = local(false);
        assertThat(Checks.codes(trace)).isEmpty();
        assertThat(Checks.said(trace)).contains("as it should be: its node has no ready pod of service app/web");
    }

    private static Account serving() {
        return Documents.serving(Account.withNode(), "10.0.1.11", "10.0.1.12");
    }

    private static Trace ask(Account account) {
        return account.trace(Account.fromInternet("203.0.113.10:80", "198.51.100.7"));
    }

    private static Account zone(String... records) {
        return Documents.serving(Account.empty(), "10.0.1.11")
                .with("vpc.DescribeEipAddresses", Documents.list("EipAddresses", "EipAddress"))
                .with("alidns.DescribeDomainRecords.a.com", Documents.records(records));
    }

    private static Trace www(String address) {
        return zone(Documents.a("www", address)).trace(Account.name("www.a.com"));
    }

    private static Trace acl(String entry) {
        return ask(serving()
                .with(LISTENER, Documents.listener("running", "'AclStatus':'on','AclType':'white','AclId':'acl-1'"))
                .with("slb.DescribeAccessControlListAttribute.acl-1", Documents.acl(entry)));
    }

    private static Trace state(String status) {
        return ask(serving()
                .with(
                        "slb.DescribeLoadBalancers",
                        Documents.list(
                                "LoadBalancers",
                                "LoadBalancer",
                                Documents.balancer("lb-1", "203.0.113.10", "internet", status))));
    }

    private static Trace health(String first, String second) {
        return ask(serving()
                .with(
                        HEALTH,
                        Documents.list(
                                "BackendServers",
                                "BackendServer",
                                Documents.health("10.0.1.11", first),
                                Documents.health("10.0.1.12", second))));
    }

    private static Trace probed(String type) {
        String listener = Documents.listener("running", "'HealthCheck':'on','HealthCheckType':'" + type + "'")
                .replace("80", "443");
        return serving()
                .with("slb.DescribeLoadBalancerTCPListenerAttribute.lb-1.443", listener)
                .trace(Account.fromInternet("203.0.113.10:443", Account.url("https", "www.a.com", "/")));
    }

    private static Trace removing(String address) {
        String gone = BalancerTest.server("g-1", address, 100).replace("'Available'", "'Removing'");
        return BalancerTest.network("")
                .in(Account.withNode().cluster())
                .with(
                        "nlb.ListServerGroupServers.g-1",
                        BalancerTest.items("Servers", Vector.of(BalancerTest.server("g-1", "10.0.2.21", 100), gone)))
                .trace(Account.fromInternet("203.0.113.61:443", "198.51.100.7"));
    }

    /** Two servers, one of them in this zone; the load balancer has addresses in zones a and b. */
    static Trace zonal(String zone, String crossing) {
        return BalancerTest.zonal("a", zone, crossing).trace(Account.fromInternet("203.0.113.61:443", "198.51.100.7"));
    }

    private static Trace asked(String client) {
        return serving()
                .with("slb.DescribeLoadBalancerTCPListenerAttribute.lb-2.80", Documents.listener("running", ""))
                .trace(Account.inVpc("10.0.3.20:80", client));
    }

    private static Service service(String name, int port) {
        return Service.builder()
                .key(new ServiceKey("app", name))
                .ports(Vector.of(new ServicePort("http", Protocol.TCP, port, "8080", Option.none())))
                .annotations(TreeMap.of("service.beta.kubernetes.io/alibaba-cloud-loadbalancer-id", "lb-1"))
                .evidence(Evidence.document("kubernetes/services.json", ""))
                .build();
    }

    /** An abnormal server on a node with or without a ready pod of a service with externalTrafficPolicy Local. */
    private static Trace local(boolean ready) {
        Service web = Service.builder()
                .key(new ServiceKey("app", "web"))
                .externalLocal(true)
                .healthCheckNodePort(Option.some(30001))
                .evidence(Evidence.document("kubernetes/services.json", ""))
                .build();
        String instance = "{'ServerId':'i-n1','Port':'8080','Weight':'100','Type':'ecs'}";
        String sick = "{'ListenerPort':80,'Protocol':'tcp','ServerId':'i-n1','ServerIp':'10.0.1.11','Port':8080,"
                + "'ServerHealthStatus':'abnormal'}";
        return ask(serving()
                .in(Account.serving(ready, web))
                .with(GROUP, Documents.group(instance, Documents.eni("10.0.1.12", 100)))
                .with(
                        HEALTH,
                        Documents.list(
                                "BackendServers", "BackendServer", sick, Documents.health("10.0.1.12", "normal"))));
    }

    private static Trace out(Account account, String source) {
        return account.trace(Account.out(source, "198.51.100.80:443"));
    }

    private static Trace eip(String instance) {
        return Documents.network(Account.withNode(), PODS, NAT)
                .with(
                        "vpc.DescribeEipAddresses",
                        Documents.list(
                                "EipAddresses",
                                "EipAddress",
                                Documents.eip("203.0.113.50", instance.isEmpty() ? "" : "EcsInstance", instance, "")))
                .trace(Account.fromInternet("203.0.113.50:80", "198.51.100.7"));
    }

    private static Trace dnat(String port) {
        return Documents.network(Account.withNode(), PODS, NAT)
                .with(
                        "vpc.DescribeEipAddresses",
                        Documents.list("EipAddresses", "EipAddress", Documents.eip("203.0.113.50", "Nat", "ngw-1", "")))
                .with(
                        "vpc.DescribeForwardTableEntries.ftb-1",
                        Documents.list(
                                "ForwardTableEntries",
                                "ForwardTableEntry",
                                ("{'ForwardTableId':'ftb-1','ExternalIp':'203.0.113.50','ExternalPort':'%s','InternalIp':"
                                                + "'10.0.1.11','InternalPort':'80','IpProtocol':'tcp','Status':'Available'}")
                                        .formatted(port)))
                .trace(Account.fromInternet("203.0.113.50:80", "198.51.100.7"));
    }

    private static Account withPodAddress(String bound) {
        Account account = Documents.network(Account.withNode(), NODES, NAT);
        return bound.isEmpty()
                ? account
                : account.with(
                        "vpc.DescribeEipAddresses",
                        Documents.list(
                                "EipAddresses",
                                "EipAddress",
                                Documents.eip("203.0.113.50", "NetworkInterface", "eni-p", bound)));
    }

    /** The pod's packet, to which the node gave its own address. */
    private static Trace masqueraded(String bound, String to) {
        return withPodAddress(bound)
                .trace(new Outbound(
                        "n1", IpAddress.of("10.0.1.11"), AddressPort.parse(to).get(), Account.flow("10.0.2.21")));
    }

    private static Trace kept(String to) {
        return withPodAddress("10.0.2.21").trace(Account.out("10.0.2.21", to));
    }
}
