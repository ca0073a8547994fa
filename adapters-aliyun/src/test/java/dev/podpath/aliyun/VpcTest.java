package dev.podpath.aliyun;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.location.NetworkAddress;
import dev.podpath.core.location.NodePacket;
import dev.podpath.core.location.PodPort;
import dev.podpath.core.location.Vantage;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.Trace;
import io.vavr.control.Option;
import org.junit.jupiter.api.Test;

final class VpcTest {
    private static final String NAT = Documents.route("0.0.0.0/0", "NatGateway", "ngw-1");
    private static final String PODS = Documents.snat("s-p", "10.0.2.0/24", "203.0.113.21", "0", "Available");
    private static final String NODES =
            Documents.snat("s-n", "10.0.1.0/24", "203.0.113.22, 203.0.113.23", "0", "Available");
    private static final String EIPS = "vpc.DescribeEipAddresses";
    private static final String SNAT = "vpc.DescribeSnatTableEntries.stb-1";

    private static Account account() {
        return Documents.network(Account.withNode(), PODS + "," + NODES, NAT);
    }

    private static Account eip(String type, String id, String privateIp) {
        return account()
                .with(
                        EIPS,
                        Documents.list(
                                "EipAddresses", "EipAddress", Documents.eip("203.0.113.50", type, id, privateIp)));
    }

    private static Trace out(Account account, String source) {
        return account.trace(Account.out(source, "198.51.100.80:443"));
    }

    private static io.vavr.collection.Vector<String> seenAs(Trace trace) {
        return trace.outcomes()
                .filter(o -> o.disposition() == Disposition.DELIVERED)
                .map(o -> o.target().seenAs().get().toString())
                .sorted();
    }

    @Test
    void aPodLeavesWithItsVSwitchsEntry() {
        Trace trace = out(account(), "10.0.2.21");
        assertThat(seenAs(trace)).containsExactly("203.0.113.21");
        assertThat(Checks.codes(trace)).isEmpty();
        assertThat(trace.hops().last().hop().kind().name()).isEqualTo("internet");
    }

    @Test
    void severalExitsAreASet() {
        Trace trace = out(account(), "10.0.1.11");
        assertThat(seenAs(trace)).containsExactly("203.0.113.22", "203.0.113.23");
        assertThat(Checks.codes(trace)).containsExactly("PP-EGR-061");
        assertThat(trace.hops().head().hop().branches().head().condition().get())
                .contains("hash");
        Trace fixed = out(
                account()
                        .with(
                                SNAT,
                                Documents.list(
                                        "SnatTableEntries",
                                        "SnatTableEntry",
                                        NODES.replace("'EipAffinity':'0'", "'EipAffinity':'1'"))),
                "10.0.1.11");
        assertThat(fixed.hops().head().hop().branches().head().condition().get())
                .contains("EIP affinity");
    }

    @Test
    void theExitIsNotTheLoadBalancersAddress() {
        Trace trace = out(Documents.balancers(account()), "10.0.2.21");
        assertThat(Checks.codes(trace)).containsExactly("PP-EGR-060");
        assertThat(Checks.said(trace)).contains("SKIPPED the exit address is not the address of a load balancer");
    }

    @Test
    void theLongestMaskWinsAndAnEntryThatIsPendingDoesNotCount() {
        String own = Documents.snat("s-1", "10.0.2.21/32", "203.0.113.24", "0", "Available");
        assertThat(seenAs(out(Documents.network(Account.withNode(), PODS + "," + own, NAT), "10.0.2.21")))
                .containsExactly("203.0.113.24");
        String pending = own.replace("Available", "Pending");
        assertThat(seenAs(out(Documents.network(Account.withNode(), PODS + "," + pending, NAT), "10.0.2.21")))
                .containsExactly("203.0.113.21");
        String bySwitch = PODS.replace("'SourceCIDR':'10.0.2.0/24'", "'SourceVSwitchId':'vsw-p'");
        assertThat(seenAs(out(Documents.network(Account.withNode(), bySwitch, NAT), "10.0.2.21")))
                .containsExactly("203.0.113.21");
    }

    @Test
    void withoutAnEntryOrARouteNothingLeaves() {
        Trace noEntry = out(Documents.network(Account.withNode(), NODES, NAT), "10.0.2.21");
        assertThat(Checks.ends(noEntry)).containsExactly(Disposition.BLACKHOLED);
        assertThat(Checks.codes(noEntry)).containsExactly("PP-EGR-064");
        Trace noRoute = out(Documents.network(Account.withNode(), PODS), "10.0.2.21");
        assertThat(Checks.ends(noRoute)).containsExactly(Disposition.BLACKHOLED);
        assertThat(Checks.codes(noRoute)).containsExactly("PP-EGR-100");
    }

    @Test
    void whatWasNotCapturedIsNotKnown() {
        Trace entries = out(account().without(SNAT), "10.0.2.21");
        assertThat(Checks.ends(entries)).containsExactly(Disposition.UNKNOWN);
        assertThat(Checks.said(entries)).contains("DescribeSnatTableEntries --RegionId cn-test --SnatTableId stb-1");
        assertThat(Checks.ends(out(account().without("vpc.DescribeRouteEntryList.vtb-1"), "10.0.2.21")))
                .containsExactly(Disposition.UNKNOWN);
        assertThat(Checks.ends(out(account().without("vpc.DescribeNatGateways"), "10.0.2.21")))
                .containsExactly(Disposition.UNKNOWN);
        Account part = account()
                .with(
                        SNAT,
                        Documents.list("SnatTableEntries", "SnatTableEntry", PODS)
                                .replace("Count':1", "Count':9"));
        assertThat(Checks.ends(out(part, "10.0.2.21"))).containsExactly(Disposition.UNKNOWN);
    }

    @Test
    void theSourcesOwnAddressComesFirst() {
        assertThat(seenAs(out(eip("EcsInstance", "i-n1", "10.0.1.11"), "10.0.1.11")))
                .containsExactly("203.0.113.50");
        assertThat(seenAs(out(eip("NetworkInterface", "eni-p", "10.0.2.21"), "10.0.2.21")))
                .containsExactly("203.0.113.50");
        assertThat(seenAs(out(eip("NetworkInterface", "eni-p", ""), "10.0.2.21")))
                .containsExactly("203.0.113.21");
        Account mapped = account()
                .with(
                        "vpc.DescribeForwardTableEntries.ftb-1",
                        Documents.list("ForwardTableEntries", "ForwardTableEntry", forward("Any", "Any", "Any")));
        assertThat(seenAs(out(mapped, "10.0.2.21"))).containsExactly("203.0.113.50");
    }

    private static String forward(String ports, String inner, String protocol) {
        return ("{'ForwardTableId':'ftb-1','ExternalIp':'203.0.113.50','ExternalPort':'%s','InternalIp':'10.0.2.21',"
                        + "'InternalPort':'%s','IpProtocol':'%s','Status':'Available'}")
                .formatted(ports, inner, protocol);
    }

    @Test
    void aMoreSpecificRouteLeadsElsewhere() {
        Account account = Documents.network(
                Account.withNode(), PODS, NAT, Documents.route("198.51.100.0/24", "VpnGateway", "vpn-1"));
        assertThat(Checks.ends(out(account, "10.0.2.21"))).containsExactly(Disposition.UNKNOWN);
        Trace instance = out(
                Documents.network(
                        Account.withNode(), PODS, NAT, Documents.route("198.51.100.0/24", "Instance", "i-n1")),
                "10.0.2.21");
        assertThat(instance.hops().last().hop().location()).isInstanceOf(NodePacket.class);
    }

    @Test
    void insideTheVpcThePacketStays() {
        Trace trace = account().trace(Account.out("10.0.2.21", "10.0.1.99:80"));
        NetworkAddress next = (NetworkAddress) trace.hops().get(1).hop().location();
        assertThat(next.vantage()).isEqualTo(new Vantage.PrivateNetwork(Option.some("vpc-1")));
        assertThat(next.flow().source().get()).hasToString("10.0.2.21");
        assertThat(Checks.ends(account().trace(Account.out("10.0.2.21", "172.16.0.1:80"))))
                .containsExactly(Disposition.BLACKHOLED);
    }

    @Test
    void anAddressOfTheAccountIsEnteredFromTheInternet() {
        Trace trace = Documents.serving(account(), "10.0.1.11").trace(Account.out("10.0.2.21", "203.0.113.10:80"));
        NetworkAddress next = (NetworkAddress) trace.hops().get(1).hop().location();
        assertThat(next.vantage()).isEqualTo(new Vantage.Internet());
        assertThat(next.flow().source().get()).hasToString("203.0.113.21");
    }

    @Test
    void anElasticAddressOfAnIntranetLoadBalancerKeepsTheClient() {
        Account account = Documents.serving(eip("SlbInstance", "lb-2", ""), "10.0.1.11")
                .with(
                        EIPS,
                        Documents.list(
                                "EipAddresses", "EipAddress", Documents.eip("203.0.113.50", "SlbInstance", "lb-2", "")))
                .with(
                        "slb.DescribeLoadBalancerTCPListenerAttribute.lb-2.80",
                        Documents.listener("running", "'AclStatus':'on','AclType':'white','AclId':'acl-1'"))
                .with("slb.DescribeAccessControlListAttribute.acl-1", Documents.acl("198.51.100.7"));
        assertThat(Checks.ends(account.trace(Account.fromInternet("203.0.113.50:80", "198.51.100.7"))))
                .doesNotContain(Disposition.DROPPED, Disposition.BLACKHOLED);
        assertThat(Checks.ends(account.trace(Account.fromInternet("203.0.113.50:80", "198.51.100.8"))))
                .containsExactly(Disposition.DROPPED);
    }

    @Test
    void elasticAddressesLeadToWhatTheyAreBoundTo() {
        for (Account account : new Account[] {
            eip("EcsInstance", "i-n1", ""),
            eip("NetworkInterface", "eni-n", ""),
            eip("EcsInstance", "i-n1", "10.0.1.11")
        }) {
            Trace trace = account.trace(Account.fromInternet("203.0.113.50:80", "198.51.100.7"));
            NodePacket packet = (NodePacket) trace.hops().last().hop().location();
            assertThat(packet.node()).isEqualTo("n1");
            assertThat(packet.packet().to()).hasToString("10.0.1.11:80");
        }
        Trace unbound = eip("", "", "").trace(Account.fromInternet("203.0.113.50:80", ""));
        assertThat(Checks.codes(unbound)).containsExactly("PP-LB-106");
    }

    @Test
    void aNatGatewayLetsInWhatADnatEntryNames() {
        Account nat = eip("Nat", "ngw-1", "");
        Trace closed = nat.trace(Account.fromInternet("203.0.113.50:80", ""));
        assertThat(Checks.codes(closed)).containsExactly("PP-LB-107");
        Account open = nat.with(
                "vpc.DescribeForwardTableEntries.ftb-1",
                Documents.list("ForwardTableEntries", "ForwardTableEntry", forward("80/90", "8080/8090", "TCP")));
        Trace in = open.trace(Account.fromInternet("203.0.113.50:85", ""));
        assertThat(((PodPort) in.hops().last().hop().location()).address()).hasToString("10.0.2.21:8085");
        assertThat(Checks.ends(open.trace(Account.fromInternet("203.0.113.50:91", ""))))
                .containsExactly(Disposition.BLACKHOLED);
    }

    @Test
    void aPrivateAddressIsANodeAPodOrNeither() {
        Trace node = account().trace(Account.inVpc("10.0.1.11:80", "198.51.100.7"));
        NodePacket packet = (NodePacket) node.hops().last().hop().location();
        assertThat(packet.arrival()).isEqualTo(Arrival.of(Arrival.Kind.EXTERNAL));
        assertThat(Checks.said(node)).contains("spec.providerID cn-test.i-n1");
        Trace pod = account().trace(Account.inVpc("10.0.2.21:80", "198.51.100.7"));
        assertThat(pod.hops().last().hop().location()).isInstanceOf(PodPort.class);
        Trace stranger = account().trace(Account.inVpc("10.0.1.99:80", ""));
        assertThat(Checks.ends(stranger)).containsExactly(Disposition.UNKNOWN);
        assertThat(Checks.said(stranger)).contains("i-x is no node");
        Trace other = account().trace(Account.inVpc("10.0.1.77:80", ""));
        assertThat(other.hops().head().hop().kind().name()).isEqualTo("end");
        assertThat(Checks.ends(account().trace(Account.fromInternet("10.0.1.11:80", ""))))
                .containsExactly(Disposition.BLACKHOLED);
    }

    @Test
    void aStoppedInstanceAnswersNothing() {
        Account stopped = account()
                .with(
                        "ecs.DescribeInstances",
                        Documents.list(
                                "Instances",
                                "Instance",
                                "{'InstanceId':'i-n1','Status':'Stopped','VpcAttributes':{'VpcId':'vpc-1'}}"));
        assertThat(Checks.ends(stopped.trace(Account.inVpc("10.0.1.11:80", ""))))
                .containsExactly(Disposition.BLACKHOLED);
        Account running = account()
                .with(
                        "ecs.DescribeInstances",
                        Documents.list(
                                "Instances",
                                "Instance",
                                "{'InstanceId':'i-n1','Status':'Running','VpcAttributes':{'VpcId':'vpc-1'}}"));
        assertThat(Checks.ends(running.trace(Account.inVpc("10.0.1.11:80", ""))))
                .containsExactly(Disposition.DELIVERED);
    }
}
