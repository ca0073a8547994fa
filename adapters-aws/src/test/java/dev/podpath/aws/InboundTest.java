package dev.podpath.aws;

import static dev.podpath.aws.Account.DIR;
import static dev.podpath.aws.Account.codes;
import static dev.podpath.aws.Account.ends;
import static dev.podpath.aws.Account.https;
import static dev.podpath.aws.Account.places;
import static dev.podpath.aws.Account.snapshot;
import static dev.podpath.aws.Account.trace;
import static dev.podpath.aws.Account.url;
import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.ServiceKey;
import dev.podpath.core.cluster.ServicePortRef;
import dev.podpath.core.location.DnsName;
import dev.podpath.core.location.LoadBalancerPort;
import dev.podpath.core.location.NetworkAddress;
import dev.podpath.core.location.NodePacket;
import dev.podpath.core.location.PodPort;
import dev.podpath.core.location.Vantage;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.HopKind;
import dev.podpath.core.trace.Missing;
import dev.podpath.core.trace.Outcome;
import dev.podpath.core.trace.Share;
import dev.podpath.core.trace.Trace;
import dev.podpath.core.trace.TracedHop;
import dev.podpath.core.trace.Translation;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import org.junit.jupiter.api.Test;

/** Requests from outside: name, load balancer, target, node or pod. Every diagnosis beside its clean twin. */
class InboundTest {
    @Test
    void anApplicationLoadBalancerSendsToPods() {
        Trace trace = trace(snapshot(), https("web.example.com", "/cart"));

        assertThat(trace.outcomes())
                .containsExactly(
                        new Outcome(Disposition.DELIVERED, at("10.0.1.20:8080"), Share.of(1, 2)),
                        new Outcome(Disposition.DELIVERED, at("10.0.2.49:8080"), Share.of(1, 2)));
        assertThat(codes(trace)).isEmpty();
        assertThat(trace.hops().map(hop -> hop.hop().kind()).distinct())
                .containsExactly(HopKind.DNS, HopKind.LOAD_BALANCER, HopKind.ROUTE, HopKind.POD);
        Vector<PodPort> pods = places(trace).filter(PodPort.class::isInstance).map(PodPort.class::cast);
        assertThat(pods).allSatisfy(pod -> {
            assertThat(pod.service())
                    .containsExactly(new ServicePortRef(new ServiceKey("shop", "web"), 80, Protocol.TCP));
            assertThat(pod.flow().http().get().scheme()).isEqualTo("http");
        });
        assertThat(pods.map(pod -> pod.flow().source().get().toString())).containsExactly("10.0.0.11", "10.0.0.12");
        assertThat(translations(trace).map(Translation::kind).distinct())
                .containsExactly(Translation.Kind.PROXY_CONNECTION);
    }

    @Test
    void aRuleWithALowerNumberAnswersItself() {
        Trace trace = trace(snapshot(), https("web.example.com", "/internal/stats"));

        assertThat(trace.outcomes().head().target().answer()).containsExactly("403");
        assertThat(ends(trace)).containsExactly(Disposition.FIXED_RESPONSE);
    }

    @Test
    void withoutRulesTheListenerRedirects() {
        TestSnapshot snapshot = snapshot()
                .with(
                        DIR + "elbv2.describe-rules.eeee1111222233330.json",
                        Account.rules(Account.rule(
                                        "default",
                                        "",
                                        "{\"Type\":\"redirect\",\"RedirectConfig\":{\"Protocol\":\"HTTPS\",\"Port\":\"443\","
                                                + "\"StatusCode\":\"HTTP_301\"}}")
                                .replace("eeee111122223333/", "eeee1111222233330/")));
        Trace trace = trace(snapshot, url("http", "web.example.com", 80, "/a?b=c", Option.none()));

        assertThat(ends(trace)).containsExactly(Disposition.REDIRECTED);
        assertThat(trace.outcomes().head().target().answer()).containsExactly("301 https://web.example.com/a?b=c");
    }

    @Test
    void aNetworkLoadBalancerKeepsTheClientAndEntersTheNode() {
        Trace trace = trace(snapshot(), https("raw.example.com", "/"));

        assertThat(ends(trace)).containsExactly(Disposition.DELIVERED);
        assertThat(trace.outcomes()).allSatisfy(end -> assertThat(end.share()).isEqualTo(Share.undefined()));
        Vector<NodePacket> packets =
                places(trace).filter(NodePacket.class::isInstance).map(NodePacket.class::cast);
        assertThat(packets.map(NodePacket::node)).containsExactly("node-a", "node-b");
        assertThat(packets).allSatisfy(packet -> {
            assertThat(packet.packet().source()).isEqualTo(IpAddress.of("198.51.100.7"));
            assertThat(packet.arrival().kind()).isEqualTo(Arrival.Kind.EXTERNAL);
            assertThat(packet.flow().http().get().scheme()).isEqualTo("https");
        });
    }

    @Test
    void anAddressOfAZoneReachesTargetsOfThatZone() {
        NetworkAddress zoneB = new NetworkAddress(
                AddressPort.parse("203.0.113.22:443").get(), Account.tcp("198.51.100.7"), new Vantage.Internet());

        assertThat(targets(trace(snapshot(), zoneB))).containsExactly("10.0.2.10:30443");

        TestSnapshot crossZone = snapshot()
                .with(
                        DIR + "elbv2.describe-load-balancer-attributes.raw.json",
                        Account.attributes("load_balancing.cross_zone.enabled", "true"));
        assertThat(targets(trace(crossZone, zoneB))).containsExactly("10.0.1.10:30443", "10.0.2.10:30443");
    }

    @Test
    void aPortWithoutListenerIsNoWayIn() {
        Trace trace = trace(snapshot(), url("https", "web.example.com", 444, "/", Option.some("198.51.100.7")));

        assertThat(ends(trace)).containsExactly(Disposition.REJECTED);
        assertThat(codes(trace)).containsExactly("PP-LB-100");
        Trace raw = trace(snapshot(), url("https", "raw.example.com", 8443, "/", Option.some("198.51.100.7")));
        assertThat(ends(raw)).containsExactly(Disposition.DROPPED);
        assertThat(codes(raw)).containsExactly("PP-LB-100");
    }

    @Test
    void theSecurityGroupOfTheLoadBalancerIsAsked() {
        Trace trace = trace(snapshot(), url("https", "web.example.com", 9000, "/", Option.some("198.51.100.7")));

        assertThat(ends(trace)).containsExactly(Disposition.DROPPED);
        assertThat(codes(trace)).containsExactly("PP-LB-020");
    }

    @Test
    void theSecurityGroupOfTheTargetSeesThePreservedClient() {
        Trace outside = trace(snapshot(), url("https", "raw.example.com", 443, "/", Option.some("192.0.2.1")));

        assertThat(ends(outside)).containsExactly(Disposition.DROPPED);
        assertThat(codes(outside)).containsExactly("PP-LB-020");
        assertThat(codes(trace(snapshot(), https("raw.example.com", "/")))).isEmpty();
    }

    @Test
    void aReferenceToTheLoadBalancersGroupLetsPreservedClientsPass() {
        TestSnapshot referenced = snapshot()
                .with(
                        DIR + "elbv2.describe-load-balancers.json",
                        Account.loadBalancers("active", "internet-facing")
                                .replace("\"Type\":\"network\"", "\"Type\":\"network\",\"SecurityGroups\":[\"sg-lb\"]"))
                .with(
                        DIR + "ec2.describe-security-groups.json",
                        Account.securityGroups("10.9.0.0/16")
                                .replace("\"FromPort\":8080,\"ToPort\":8080", "\"FromPort\":8080,\"ToPort\":30443"));
        DnsName start = url("https", "raw.example.com", 443, "/", Option.some("192.0.2.1"));

        assertThat(ends(trace(referenced, start))).containsExactly(Disposition.DELIVERED);
        assertThat(ends(trace(snapshot(), start))).containsExactly(Disposition.DROPPED);
    }

    @Test
    void anUnknownClientIsNotGuessed() {
        TestSnapshot narrow = snapshot()
                .with(
                        DIR + "ec2.describe-security-groups.json",
                        Account.securityGroups("10.0.0.0/16")
                                .replaceFirst(
                                        "0\\.0\\.0\\.0/0\"}]},\\s*\\{\"IpProtocol\":\"tcp\",\"FromPort\":443",
                                        "192.0.2.0/24\"}]},{\"IpProtocol\":\"tcp\",\"FromPort\":443"));
        DnsName plain = url("http", "web.example.com", 80, "/", Option.none());

        assertThat(ends(trace(narrow, plain))).containsExactly(Disposition.UNKNOWN);
        assertThat(ends(trace(narrow, url("http", "web.example.com", 80, "/", Option.some("192.0.3.1")))))
                .containsExactly(Disposition.DROPPED);
    }

    @Test
    void unhealthyTargetsGetNothingUnlessAllAre() {
        TestSnapshot one = withWebTargets(
                Account.target("10.0.1.20", 8080, "eu-west-1a", "unhealthy", "Target.Timeout"),
                Account.target("10.0.2.49", 8080, "eu-west-1b", "healthy", ""));
        assertThat(targets(trace(one, https("web.example.com", "/")))).containsExactly("10.0.2.49:8080");

        TestSnapshot none = withWebTargets(
                Account.target("10.0.1.20", 8080, "eu-west-1a", "unhealthy", "Target.Timeout"),
                Account.target("10.0.2.49", 8080, "eu-west-1b", "draining", "Target.DeregistrationInProgress"));
        Trace open = trace(none, https("web.example.com", "/"));
        assertThat(targets(open)).containsExactly("10.0.1.20:8080");
        assertThat(codes(open)).containsExactly("PP-LB-111");
        assertThat(codes(trace(one, https("web.example.com", "/")))).isEmpty();
    }

    @Test
    void anEmptyGroupAnswers503() {
        Trace trace = trace(withWebTargets(), https("web.example.com", "/"));

        assertThat(ends(trace)).containsExactly(Disposition.REJECTED);
        assertThat(codes(trace)).containsExactly("PP-LB-011");
    }

    @Test
    void aTargetOutsideTheZonesIsShown() {
        TestSnapshot snapshot = withWebTargets(
                Account.target("10.0.1.20", 8080, "eu-west-1a", "healthy", ""),
                Account.target("10.0.2.49", 8080, "eu-west-1c", "unused", "Target.NotInUse"));
        Trace trace = trace(snapshot, https("web.example.com", "/"));

        assertThat(targets(trace)).containsExactly("10.0.1.20:8080");
        assertThat(codes(trace)).containsExactly("PP-LB-021");
    }

    @Test
    void aTargetThatCallsItselfTimesOut() {
        TestSnapshot internal = snapshot()
                .with(DIR + "elbv2.describe-load-balancers.json", Account.loadBalancers("active", "internal"));
        LoadBalancerPort start = new LoadBalancerPort(
                "aws", Account.NLB, 443, Account.tcp("10.0.1.20"), new Vantage.PrivateNetwork(Option.some("vpc-1")));
        Trace trace = trace(internal, start);

        assertThat(ends(trace)).containsExactlyInAnyOrder(Disposition.DROPPED, Disposition.DELIVERED);
        assertThat(codes(trace)).containsExactly("PP-LB-017");

        TestSnapshot unpreserved = internal.copy()
                .with(
                        DIR + "elbv2.describe-target-group-attributes.tg-raw.json",
                        Account.attributes("preserve_client_ip.enabled", "false"));
        Trace clean = trace(unpreserved, start);
        assertThat(ends(clean)).containsExactly(Disposition.DELIVERED);
        assertThat(codes(clean)).isEmpty();
    }

    @Test
    void anInternalLoadBalancerCannotBeReachedFromTheInternet() {
        TestSnapshot internal = snapshot()
                .with(DIR + "elbv2.describe-load-balancers.json", Account.loadBalancers("active", "internal"));
        Trace trace = trace(internal, https("web.example.com", "/"));

        assertThat(ends(trace)).containsExactly(Disposition.BLACKHOLED);
        assertThat(codes(trace)).containsExactly("PP-LB-103");
    }

    @Test
    void aLoadBalancerThatIsNotActiveServesNothing() {
        TestSnapshot failed = snapshot()
                .with(DIR + "elbv2.describe-load-balancers.json", Account.loadBalancers("failed", "internet-facing"));
        Trace trace = trace(failed, https("web.example.com", "/"));

        assertThat(ends(trace)).containsExactly(Disposition.BLACKHOLED);
        assertThat(codes(trace)).containsExactly("PP-LB-102");
    }

    @Test
    void plainHttpToATlsListenerIsRefused() {
        Trace trace = trace(snapshot(), url("http", "web.example.com", 443, "/", Option.some("198.51.100.7")));

        assertThat(ends(trace)).containsExactly(Disposition.REJECTED);
        assertThat(codes(trace)).containsExactly("PP-LB-112");
    }

    @Test
    void aRecordThatWasLeftBehindIsTold() {
        TestSnapshot stale = snapshot()
                .with(
                        "aws/global/route53.list-resource-record-sets.Z1.json",
                        Account.records(
                                "{\"Name\":\"web.example.com.\",\"Type\":\"A\",\"AliasTarget\":{\"HostedZoneId\":\"Z3\","
                                        + "\"DNSName\":\"old-1.eu-west-1.elb.amazonaws.com.\"}}"));
        Trace trace = trace(stale, https("web.example.com", "/"));

        assertThat(ends(trace)).containsExactly(Disposition.UNKNOWN);
        assertThat(codes(trace)).containsExactly("PP-DNS-001");
        assertThat(missing(trace).map(Missing::capture))
                .anySatisfy(command -> assertThat(command)
                        .isEqualTo("aws elbv2 describe-load-balancers --region eu-west-1"
                                + " > aws/eu-west-1/elbv2.describe-load-balancers.json"));
    }

    private static Vector<String> codesWith(String annotations, String routing) {
        TestSnapshot snapshot = snapshot()
                .with(
                        "aws/global/route53.list-resource-record-sets.Z1.json",
                        Account.records("{\"Name\":\"web.example.com.\",\"Type\":\"A\"," + routing
                                + "\"AliasTarget\":{\"HostedZoneId\":\"Z3\","
                                + "\"DNSName\":\"web-1.eu-west-1.elb.amazonaws.com.\"}}"))
                .with(
                        "kubernetes/ingresses.json",
                        "{\"items\":[{\"metadata\":{\"namespace\":\"shop\",\"name\":\"web\",\"annotations\":{"
                                + annotations + "}},\"spec\":{\"rules\":[{\"host\":\"web.example.com\"}]}}]}");
        return codes(trace(snapshot, https("web.example.com", "/")));
    }

    @Test
    void aSimpleRecordWhereAWeightedOneWasAskedForIsTold() {
        String weight = "\"external-dns.alpha.kubernetes.io/aws-weight\":\"10\"";
        String identifier = "\"external-dns.alpha.kubernetes.io/set-identifier\":\"blue\"";
        assertThat(codesWith(weight, "")).containsExactly("PP-DNS-002");
        assertThat(codesWith(weight + "," + identifier, "")).containsExactly("PP-DNS-002");
        assertThat(codesWith(weight + "," + identifier, "\"SetIdentifier\":\"blue\",\"Weight\":10,"))
                .isEmpty();
        assertThat(codesWith(identifier, "")).isEmpty();
    }

    @Test
    void aRegionThatWasNotCapturedIsNotEmpty() {
        String stale = Account.records("""
                {"Name":"gone.example.com.","Type":"CNAME","TTL":60,
                  "ResourceRecords":[{"Value":"gone-1.elb.REGION.amazonaws.com"}]}""");
        String records = "aws/global/route53.list-resource-record-sets.Z1.json";
        DnsName gone = https("gone.example.com", "/");
        TestSnapshot here = snapshot().with(records, stale.replace("REGION", "eu-west-1"));
        TestSnapshot elsewhere = snapshot().with(records, stale.replace("REGION", "eu-central-1"));
        TestSnapshot denied = here.copy().with("podpath.yaml", """
                formatVersion: 1
                notCaptured:
                - document: aws/*/elbv2.describe-load-balancers.json
                  reason: denied
                  why: HTTP 403 AccessDenied
                  permission: elasticloadbalancing:DescribeLoadBalancers
                """);

        assertThat(codes(trace(here, gone))).containsExactly("PP-DNS-001");
        assertThat(codes(trace(elsewhere, gone))).isEmpty();
        assertThat(codes(trace(denied, gone))).isEmpty();
    }

    @Test
    void aNameThatIsNotThereHasNoAddress() {
        Trace trace = trace(snapshot(), https("nobody.example.com", "/"));

        assertThat(ends(trace)).containsExactly(Disposition.BLACKHOLED);
        assertThat(codes(trace)).containsExactly("PP-DNS-100");
    }

    @Test
    void whatWasNotCapturedIsNamedWithItsCommand() {
        String health = DIR + "elbv2.describe-target-health.tg-web.json";
        Trace trace = trace(snapshot().without(health), https("web.example.com", "/"));

        assertThat(ends(trace)).containsExactly(Disposition.UNKNOWN);
        assertThat(missing(trace))
                .containsExactly(new Missing(
                        health,
                        "aws elbv2 describe-target-health --region eu-west-1 --target-group-arn " + Account.TG_WEB
                                + " > " + health));
    }

    @Test
    void aHeaderThatDecidesIsNotGuessed() {
        String header =
                "{\"Field\":\"http-header\",\"HttpHeaderConfig\":{\"HttpHeaderName\":\"X-Canary\",\"Values\":[\"always\"]}}";
        TestSnapshot decides = snapshot()
                .with(
                        DIR + "elbv2.describe-rules.eeee111122223333.json",
                        Account.rules(Account.rule(
                                        "1",
                                        header,
                                        "{\"Type\":\"fixed-response\",\"FixedResponseConfig\":{\"StatusCode\":\"200\"}}")
                                + "," + Account.rule("default", "", Account.forward(Account.TG_WEB))));
        TestSnapshot same = snapshot()
                .with(
                        DIR + "elbv2.describe-rules.eeee111122223333.json",
                        Account.rules(Account.rule("1", header, Account.forward(Account.TG_WEB)) + ","
                                + Account.rule("default", "", Account.forward(Account.TG_WEB))));

        Trace open = trace(decides, https("web.example.com", "/"));
        assertThat(ends(open)).containsExactly(Disposition.UNKNOWN);
        assertThat(open.hops().filter(TracedHop::aside)).isNotEmpty();
        assertThat(ends(trace(same, https("web.example.com", "/")))).containsExactly(Disposition.DELIVERED);
    }

    @Test
    void aPublicAddressOfAnInstanceEntersTheNode() {
        TestSnapshot snapshot = snapshot()
                .with(
                        DIR + "ec2.describe-addresses.json",
                        "{\"Addresses\":[{\"PublicIp\":\"203.0.113.99\",\"PrivateIpAddress\":\"10.0.1.10\"}]}");
        NetworkAddress start = new NetworkAddress(
                AddressPort.parse("203.0.113.99:30080").get(), Account.tcp("198.51.100.7"), new Vantage.Internet());
        Trace trace = trace(snapshot, start);

        assertThat(targets(trace)).containsExactly("10.0.1.10:30080");
        assertThat(translations(trace).map(Translation::kind)).containsExactly(Translation.Kind.DNAT);
    }

    @Test
    void anElasticAddressWithoutUseIsTold() {
        TestSnapshot snapshot = snapshot()
                .with(DIR + "ec2.describe-addresses.json", "{\"Addresses\":[{\"PublicIp\":\"203.0.113.99\"}]}");
        NetworkAddress start = new NetworkAddress(
                AddressPort.parse("203.0.113.99:80").get(), Account.tcp("198.51.100.7"), new Vantage.Internet());

        assertThat(Account.ends(trace(snapshot, start))).containsExactly(Disposition.BLACKHOLED);
        assertThat(codes(trace(snapshot, start))).containsExactly("PP-LB-106");
    }

    @Test
    void withoutNetworkInterfacesTheWayGoesOnByAddress() {
        TestSnapshot snapshot = snapshot().without(DIR + "ec2.describe-network-interfaces.json");
        Trace trace = trace(snapshot, Cluster.unknown(), https("web.example.com", "/"));

        assertThat(places(trace)
                        .filter(NetworkAddress.class::isInstance)
                        .map(place -> ((NetworkAddress) place).address().toString()))
                .containsExactly("10.0.1.20:8080", "10.0.2.49:8080");
    }

    private static TestSnapshot withWebTargets(String... targets) {
        return snapshot().with(DIR + "elbv2.describe-target-health.tg-web.json", Account.health(targets));
    }

    private static dev.podpath.core.trace.Target at(String address) {
        return dev.podpath.core.trace.Target.at(AddressPort.parse(address).get());
    }

    static Vector<String> targets(Trace trace) {
        return trace.outcomes()
                .filter(outcome -> outcome.disposition() == Disposition.DELIVERED)
                .flatMap(outcome -> outcome.target().address())
                .map(AddressPort::toString)
                .sorted();
    }

    static Vector<Missing> missing(Trace trace) {
        return trace.hops()
                .flatMap(hop -> hop.hop().decisions())
                .flatMap(Decision::missing)
                .distinct();
    }

    static Vector<Translation> translations(Trace trace) {
        return trace.hops().flatMap(hop -> hop.hop().decisions()).flatMap(Decision::translation);
    }
}
