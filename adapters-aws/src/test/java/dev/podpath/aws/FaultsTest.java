package dev.podpath.aws;

import static dev.podpath.aws.Account.DIR;
import static dev.podpath.aws.Account.codes;
import static dev.podpath.aws.Account.https;
import static dev.podpath.aws.Account.snapshot;
import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Endpoint;
import dev.podpath.core.cluster.Service;
import dev.podpath.core.cluster.ServiceKey;
import dev.podpath.core.cluster.ServicePort;
import dev.podpath.core.finding.FindingCode;
import dev.podpath.core.location.LoadBalancerPort;
import dev.podpath.core.location.NetworkAddress;
import dev.podpath.core.location.Outbound;
import dev.podpath.core.location.Vantage;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.trace.Evidence;
import dev.podpath.core.trace.Trace;
import dev.podpath.testkit.contract.FindingsContract;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import net.jqwik.api.Example;

/** Every diagnosis of this cloud: a fault that provokes it, and the same without the fault, where it is not made. */
final class FaultsTest implements FindingsContract {
    private static final String RECORDS = "aws/global/route53.list-resource-record-sets.Z1.json";
    private static final String HEALTHY = Account.target("10.0.1.20", 8080, "eu-west-1a", "healthy", "");
    private static final String BINDING = """
            {"metadata":{"namespace":"shop","name":"%s"},"spec":{"targetGroupARN":"%s",
             "serviceRef":{"name":"%s","port":"http"}}}""";

    @Override
    public Vector<FindingCode> findings() {
        return new AwsProvider().findings();
    }

    @Override
    public Vector<Twin> twins() {
        return Vector.of(
                // A record of a load balancer that is gone.
                new Twin("PP-DNS-001", () -> alias("old-1"), () -> alias("web-1")),
                // A simple record where an annotation asks for a weighted one.
                new Twin("PP-DNS-002", () -> annotated("\"aws-weight\":\"10\""), () -> annotated("")),
                // A name that the zone does not hold.
                new Twin("PP-DNS-100", () -> named("gone.example.com"), () -> named("web.example.com")),
                // A group without targets.
                new Twin("PP-LB-011", () -> web(), () -> web(HEALTHY)),
                // Two services whose bindings name one group.
                new Twin("PP-LB-012", () -> bound("web", "api"), () -> bound("web", "web")),
                // A node with a ready pod of a service with the Local policy that is found unhealthy.
                new Twin("PP-LB-013", () -> local(true), () -> local(false)),
                // A client that is the target itself, with its address kept.
                new Twin("PP-LB-017", () -> itself("true"), () -> itself("false")),
                // A target that drains, whose pod is gone.
                new Twin("PP-LB-019", () -> draining("10.0.2.50"), () -> draining("10.0.2.49")),
                // A security group without a rule for the client.
                new Twin("PP-LB-020", () -> raw("192.0.2.1"), () -> raw("198.51.100.7")),
                // A target in a zone that is not enabled.
                new Twin(
                        "PP-LB-021",
                        () -> web(
                                HEALTHY, Account.target("10.0.2.49", 8080, "eu-west-1c", "unused", "Target.NotInUse")),
                        () -> web(HEALTHY, Account.target("10.0.2.49", 8080, "eu-west-1b", "healthy", ""))),
                // A port without a listener.
                new Twin("PP-LB-100", () -> asked(444, "https"), () -> asked(443, "https")),
                // A load balancer that could not be made.
                new Twin("PP-LB-102", () -> made("failed", "internet-facing"), () -> made("active", "internet-facing")),
                // An internal load balancer, from the Internet.
                new Twin("PP-LB-103", () -> made("active", "internal"), () -> made("active", "internet-facing")),
                // An elastic address that is associated with nothing.
                new Twin("PP-LB-106", () -> elastic(""), () -> elastic(",\"PrivateIpAddress\":\"10.0.1.10\"")),
                // A network ACL that denies the client.
                new Twin("PP-LB-108", () -> listed("deny"), () -> listed("allow")),
                // Targets that only drain.
                new Twin("PP-LB-110", () -> web(HEALTHY.replace("\"healthy\"", "\"draining\"")), () -> web(HEALTHY)),
                // Only unhealthy targets.
                new Twin("PP-LB-111", () -> web(HEALTHY.replace("\"healthy\"", "\"unhealthy\"")), () -> web(HEALTHY)),
                // Plain HTTP to a TLS listener.
                new Twin("PP-LB-112", () -> asked(443, "http"), () -> asked(443, "https")),
                // An account with load balancers, whose addresses are not the exit's.
                new Twin(
                        "PP-EGR-060",
                        () -> out(snapshot(), "10.0.1.10", "10.0.1.10", "192.0.2.80:443"),
                        () -> out(withoutBalancers(), "10.0.1.10", "10.0.1.10", "192.0.2.80:443")),
                // A gateway with two addresses.
                new Twin("PP-EGR-061", () -> exits("203.0.113.40", "203.0.113.41"), () -> exits("203.0.113.40")),
                // A pod with an elastic address whose packets the node gives its own address.
                new Twin(
                        "PP-EGR-062",
                        () -> out(podAddress(), "10.0.1.20", "10.0.1.10", "192.0.2.80:443"),
                        () -> out(podAddress(), "10.0.1.20", "10.0.1.20", "192.0.2.80:443")),
                // A subnet with an Internet gateway, and no public address.
                new Twin(
                        "PP-EGR-063",
                        () -> out(routed("\"GatewayId\":\"igw-1\""), "10.0.1.20", "10.0.1.20", "192.0.2.80:443"),
                        () -> out(routed("\"NatGatewayId\":\"nat-1\""), "10.0.1.20", "10.0.1.20", "192.0.2.80:443")),
                // A pod's packet to a private destination with the node's address.
                new Twin(
                        "PP-EGR-065",
                        () -> out(snapshot(), "10.0.1.20", "10.0.1.10", "10.0.2.10:443"),
                        () -> out(snapshot(), "10.0.1.20", "10.0.1.20", "10.0.2.10:443")),
                // A route whose next hop is gone.
                new Twin(
                        "PP-EGR-100",
                        () -> out(
                                routed("\"NatGatewayId\":\"nat-1\",\"State\":\"blackhole\""),
                                "10.0.1.10",
                                "10.0.1.10",
                                "192.0.2.80:443"),
                        () -> out(snapshot(), "10.0.1.10", "10.0.1.10", "192.0.2.80:443")));
    }

    @Example
    void aNodeWithoutAReadyPodIsMeantToBeUnhealthy() {
        Trace trace = local(false);
        assertThat(codes(trace)).isEmpty();
        assertThat(trace.hops().flatMap(hop -> hop.hop().decisions()).mkString("; "))
                .contains("unhealthy as it should be: the node has no ready pod of service shop/web");
    }

    private static Trace ask(TestSnapshot snapshot) {
        return Account.trace(snapshot, https("web.example.com", "/"));
    }

    private static TestSnapshot aliased(String balancer) {
        return snapshot()
                .with(
                        RECORDS,
                        Account.records(
                                "{\"Name\":\"web.example.com.\",\"Type\":\"A\",\"AliasTarget\":{\"HostedZoneId\":\"Z3\","
                                        + "\"DNSName\":\"" + balancer + ".eu-west-1.elb.amazonaws.com.\"}}"));
    }

    private static Trace alias(String balancer) {
        return ask(aliased(balancer));
    }

    private static Trace annotated(String wish) {
        return ask(aliased("web-1")
                .with(
                        "kubernetes/ingresses.json",
                        "{\"items\":[{\"metadata\":{\"namespace\":\"shop\",\"name\":\"web\",\"annotations\":{"
                                + wish.replace("\"aws-", "\"external-dns.alpha.kubernetes.io/aws-")
                                + "}},\"spec\":{\"rules\":[{\"host\":\"web.example.com\"}]}}]}"));
    }

    private static Trace named(String host) {
        return Account.trace(snapshot(), https(host, "/"));
    }

    private static Trace web(String... targets) {
        return ask(snapshot().with(DIR + "elbv2.describe-target-health.tg-web.json", Account.health(targets)));
    }

    private static Trace bound(String first, String second) {
        return ask(snapshot()
                .with(
                        "kubernetes/targetgroupbindings.json",
                        "{\"items\":[" + BINDING.formatted("b1", Account.TG_WEB, first) + ","
                                + BINDING.formatted("b2", Account.TG_WEB, second) + "]}"));
    }

    private static Trace draining(String address) {
        return web(HEALTHY, Account.target(address, 8080, "eu-west-1b", "draining", "Target.DeregistrationInProgress"));
    }

    private static Trace raw(String client) {
        return Account.trace(
                snapshot().with(DIR + "ec2.describe-security-groups.json", Account.securityGroups("198.18.0.0/15")),
                Account.url("https", "raw.example.com", 443, "/", Option.some(client)));
    }

    private static Trace asked(int port, String scheme) {
        return Account.trace(
                snapshot(), Account.url(scheme, "web.example.com", port, "/", Option.some("198.51.100.7")));
    }

    private static Trace made(String state, String scheme) {
        return ask(snapshot().with(DIR + "elbv2.describe-load-balancers.json", Account.loadBalancers(state, scheme)));
    }

    private static Trace elastic(String association) {
        return Account.trace(
                snapshot()
                        .with(
                                DIR + "ec2.describe-addresses.json",
                                "{\"Addresses\":[{\"PublicIp\":\"203.0.113.77\"" + association + "}]}"),
                new NetworkAddress(
                        AddressPort.parse("203.0.113.77:30080").get(),
                        Account.tcp("198.51.100.7"),
                        new Vantage.Internet()));
    }

    private static Trace listed(String action) {
        String entry =
                "{\"RuleNumber\":%d,\"Protocol\":\"-1\",\"RuleAction\":\"%s\",\"Egress\":%s,\"CidrBlock\":\"%s\"}";
        return Account.trace(
                snapshot()
                        .with(
                                DIR + "ec2.describe-network-acls.json",
                                "{\"NetworkAcls\":[{\"NetworkAclId\":\"acl-1\",\"Associations\":"
                                        + "[{\"SubnetId\":\"subnet-a\"},{\"SubnetId\":\"subnet-b\"}],\"Entries\":["
                                        + entry.formatted(90, action, false, "10.0.0.0/24") + ","
                                        + entry.formatted(100, "allow", false, "0.0.0.0/0") + ","
                                        + entry.formatted(100, "allow", true, "0.0.0.0/0") + "]}]}"),
                https("web.example.com", "/"));
    }

    private static Trace itself(String preserved) {
        return Account.trace(
                snapshot()
                        .with(DIR + "elbv2.describe-load-balancers.json", Account.loadBalancers("active", "internal"))
                        .with(
                                DIR + "elbv2.describe-target-group-attributes.tg-raw.json",
                                Account.attributes("preserve_client_ip.enabled", preserved)),
                new LoadBalancerPort(
                        "aws",
                        Account.NLB,
                        443,
                        Account.tcp("10.0.1.20"),
                        new Vantage.PrivateNetwork(Option.some("vpc-1"))));
    }

    /** An unhealthy node with or without a ready pod of a service with externalTrafficPolicy Local. */
    private static Trace local(boolean ready) {
        Cluster before = Account.cluster();
        Service web = Service.builder()
                .key(new ServiceKey("shop", "web"))
                .ports(Vector.of(new ServicePort("http", Protocol.TCP, 443, "8443", Option.some(30443))))
                .externalLocal(true)
                .healthCheckNodePort(Option.some(32001))
                .evidence(Evidence.document("kubernetes/services.json", ""))
                .build();
        Endpoint endpoint = Endpoint.builder()
                .service(web.key())
                .portName("http")
                .protocol(Protocol.TCP)
                .address(AddressPort.parse("10.0.1.20:8443").get())
                .node(Option.some("node-a"))
                .evidence(Evidence.document("kubernetes/endpointslices.json", ""))
                .build();
        Cluster cluster = new Cluster(
                Cluster.Captured.ALL,
                "cluster.local",
                Option.none(),
                Vector.of(web),
                ready ? Vector.of(endpoint) : Vector.empty(),
                before.pods(),
                before.nodes());
        TestSnapshot snapshot = snapshot()
                .with(
                        DIR + "elbv2.describe-target-health.tg-raw.json",
                        Account.health(
                                Account.target("i-a", 30443, "", "unhealthy", "Target.FailedHealthChecks"),
                                Account.target("i-b", 30443, "", "healthy", "")));
        return Account.trace(snapshot, cluster, https("raw.example.com", "/"));
    }

    private static TestSnapshot withoutBalancers() {
        return snapshot()
                .with(
                        DIR + "ec2.describe-network-interfaces.json",
                        Account.interfaces().replace("\"ELB ", "\"not ELB "));
    }

    private static Trace exits(String... addresses) {
        return out(
                snapshot().with(DIR + "ec2.describe-nat-gateways.json", Account.natGateways(addresses)),
                "10.0.1.10",
                "10.0.1.10",
                "192.0.2.80:443");
    }

    private static TestSnapshot routed(String nextHop) {
        return snapshot().with(DIR + "ec2.describe-route-tables.json", Account.routeTables(nextHop));
    }

    private static TestSnapshot podAddress() {
        return routed("\"GatewayId\":\"igw-1\"")
                .with(
                        DIR + "ec2.describe-addresses.json",
                        "{\"Addresses\":[{\"PublicIp\":\"203.0.113.77\",\"PrivateIpAddress\":\"10.0.1.20\"},"
                                + "{\"PublicIp\":\"203.0.113.78\",\"PrivateIpAddress\":\"10.0.1.10\"}]}");
    }

    /** A packet that left its pod or node with one address and the node with another. */
    private static Trace out(TestSnapshot snapshot, String before, String after, String to) {
        return Account.trace(
                snapshot,
                new Outbound(
                        "node-a", IpAddress.of(after), AddressPort.parse(to).get(), Account.tcp(before)));
    }
}
