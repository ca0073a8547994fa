package dev.podpath.aws;

import static dev.podpath.aws.Account.DIR;
import static dev.podpath.aws.Account.codes;
import static dev.podpath.aws.Account.ends;
import static dev.podpath.aws.Account.snapshot;
import static dev.podpath.aws.Account.trace;
import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.location.HttpRequest;
import dev.podpath.core.location.NetworkAddress;
import dev.podpath.core.location.Outbound;
import dev.podpath.core.location.Vantage;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.HopKind;
import dev.podpath.core.trace.Location;
import dev.podpath.core.trace.Outcome;
import dev.podpath.core.trace.Share;
import dev.podpath.core.trace.Trace;
import io.vavr.control.Option;
import org.junit.jupiter.api.Test;

/** Packets on their way out of the VPC. */
class EgressTest {
    private static final String ROUTES = DIR + "ec2.describe-route-tables.json";

    @Test
    void theWorldSeesTheNatGateway() {
        Trace trace = trace(snapshot(), out("10.0.1.10", "192.0.2.80:443"));

        assertThat(ends(trace)).containsExactly(Disposition.DELIVERED);
        assertThat(seenAs(trace)).isEqualTo("203.0.113.40");
        assertThat(trace.hops().map(hop -> hop.hop().kind())).containsExactly(HopKind.NAT, HopKind.INTERNET);
        assertThat(codes(trace)).containsExactly("PP-EGR-060");
    }

    @Test
    void withoutALoadBalancerThereIsNothingToCompareWith() {
        TestSnapshot snapshot = snapshot()
                .with(
                        DIR + "ec2.describe-network-interfaces.json",
                        Account.interfaces().replace("\"ELB ", "\"not ELB "));

        assertThat(codes(trace(snapshot, out("10.0.1.10", "192.0.2.80:443")))).isEmpty();
    }

    @Test
    void severalAddressesAreASet() {
        TestSnapshot snapshot = snapshot()
                .with(DIR + "ec2.describe-nat-gateways.json", Account.natGateways("203.0.113.40", "203.0.113.41"));
        Trace trace = trace(snapshot, out("10.0.1.10", "192.0.2.80:443"));

        assertThat(trace.outcomes().map(Outcome::share).distinct()).containsExactly(Share.undefined());
        assertThat(trace.outcomes()).hasSize(2);
        assertThat(codes(trace)).contains("PP-EGR-061");
    }

    @Test
    void anInternetGatewayNeedsAPublicAddress() {
        TestSnapshot snapshot = snapshot().with(ROUTES, Account.routeTables("\"GatewayId\":\"igw-1\""));
        Trace trace = trace(snapshot, out("10.0.1.20", "192.0.2.80:443"));

        assertThat(ends(trace)).containsExactly(Disposition.BLACKHOLED);
        assertThat(codes(trace)).containsExactly("PP-EGR-063");

        TestSnapshot associated = snapshot.copy()
                .with(
                        DIR + "ec2.describe-addresses.json",
                        "{\"Addresses\":[{\"PublicIp\":\"203.0.113.77\",\"PrivateIpAddress\":\"10.0.1.20\"}]}");
        Trace clean = trace(associated, out("10.0.1.20", "192.0.2.80:443"));
        assertThat(seenAs(clean)).isEqualTo("203.0.113.77");
        assertThat(codes(clean)).containsExactly("PP-EGR-060");
    }

    @Test
    void aBlackHoleIsOne() {
        TestSnapshot gone =
                snapshot().with(ROUTES, Account.routeTables("\"NatGatewayId\":\"nat-1\",\"State\":\"blackhole\""));
        Trace trace = trace(gone, out("10.0.1.10", "192.0.2.80:443"));

        assertThat(ends(trace)).containsExactly(Disposition.BLACKHOLED);
        assertThat(codes(trace)).containsExactly("PP-EGR-100");
    }

    @Test
    void otherNextHopsAreOutsideWhatWasCaptured() {
        TestSnapshot transit = snapshot().with(ROUTES, Account.routeTables("\"TransitGatewayId\":\"tgw-1\""));

        assertThat(ends(trace(transit, out("10.0.1.10", "192.0.2.80:443")))).containsExactly(Disposition.UNKNOWN);
    }

    @Test
    void insideTheVpcTheWayIsLocal() {
        Trace trace = trace(snapshot(), out("10.0.1.10", "10.0.2.10:30080"));

        assertThat(InboundTest.targets(trace)).containsExactly("10.0.2.10:30080");
    }

    @Test
    void outAndInAgainThroughALoadBalancer() {
        HttpRequest http = new HttpRequest("https", "web.example.com", "/");
        Outbound plain = out("10.0.1.10", "203.0.113.11:443");
        Trace trace = trace(
                snapshot(),
                new Outbound(
                        plain.node(),
                        plain.source(),
                        plain.destination(),
                        plain.flow().with(http)));

        assertThat(InboundTest.targets(trace)).containsExactly("10.0.1.20:8080", "10.0.2.49:8080");
        assertThat(Account.places(trace)).contains((Location) new NetworkAddress(
                plain.destination(), Account.tcp("203.0.113.40").with(http), new Vantage.Internet()));
    }

    @Test
    void withoutTheHttpRequestARuleCannotBeChosen() {
        assertThat(ends(trace(snapshot(), out("10.0.1.10", "203.0.113.11:443"))))
                .containsExactly(Disposition.UNKNOWN);
    }

    @Test
    void theSecurityGroupOfTheSourceIsAsked() {
        TestSnapshot closed = snapshot()
                .with(
                        DIR + "ec2.describe-security-groups.json",
                        Account.securityGroups("10.0.0.0/16")
                                .replace(
                                        "\"IpProtocol\":\"-1\"",
                                        "\"IpProtocol\":\"udp\",\"FromPort\":53,\"ToPort\":53"));
        Trace trace = trace(closed, out("10.0.1.10", "192.0.2.80:443"));

        assertThat(ends(trace)).containsExactly(Disposition.DROPPED);
        assertThat(codes(trace)).containsExactly("PP-LB-020");
    }

    @Test
    void whatIsMissingIsUnknown() {
        for (String name : new String[] {"ec2.describe-route-tables", "ec2.describe-nat-gateways"}) {
            Trace trace = trace(snapshot().without(DIR + name + ".json"), out("10.0.1.10", "192.0.2.80:443"));
            assertThat(ends(trace)).as(name).containsExactly(Disposition.UNKNOWN);
            assertThat(InboundTest.missing(trace)).as(name).isNotEmpty();
        }
    }

    private static Outbound out(String source, String destination) {
        return new Outbound(
                "node-a", IpAddress.of(source), AddressPort.parse(destination).get(), Account.tcp(source));
    }

    private static String seenAs(Trace trace) {
        Option<IpAddress> seen = trace.outcomes().head().target().seenAs();
        return seen.map(IpAddress::toString).getOrElse("nobody");
    }
}
