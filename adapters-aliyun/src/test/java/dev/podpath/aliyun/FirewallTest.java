package dev.podpath.aliyun;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.IpPrefix;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.Trace;
import io.vavr.collection.Vector;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Security groups and network ACLs before an interface, both ways. */
final class FirewallTest {
    private static final String GROUP = "ecs.DescribeSecurityGroupAttribute.sg-1";
    private static final String NAT = Documents.route("0.0.0.0/0", "NatGateway", "ngw-1");
    private static final String SNAT = Documents.snat("s", "10.0.0.0/8", "203.0.113.21", "0", "Available");

    /** A rule of a small space. */
    record Rule(boolean accept, int priority, String protocol, int first, int last, IpPrefix source) {
        String json(boolean ingress) {
            return "{'Direction':'%s','Policy':'%s','Priority':'%d','IpProtocol':'%s','PortRange':'%d/%d','%s':'%s'}"
                    .formatted(
                            ingress ? "ingress" : "egress",
                            accept ? "Accept" : "Drop",
                            priority,
                            protocol,
                            first,
                            last,
                            ingress ? "SourceCidrIp" : "DestCidrIp",
                            source);
        }

        boolean takes(IpAddress peer, int port) {
            long size = 1L << (32 - source.length());
            long low = source.address().low() / size * size;
            return !protocol.equals("UDP")
                    && first <= port
                    && port <= last
                    && peer.low() >= low
                    && peer.low() < low + size;
        }
    }

    @Provide
    Arbitrary<Rule> rules() {
        Arbitrary<IpPrefix> sources = Combinators.combine(
                        Arbitraries.integers().between(0, 255),
                        Arbitraries.integers().between(24, 32))
                .as((low, length) -> new IpPrefix(IpAddress.v4(0xC6336400 + low), length));
        return Combinators.combine(
                        Arbitraries.of(true, false),
                        Arbitraries.integers().between(1, 3),
                        Arbitraries.of("TCP", "UDP", "ALL"),
                        Arbitraries.integers().between(78, 80),
                        Arbitraries.integers().between(80, 82),
                        sources)
                .as(Rule::new);
    }

    private static Account account(String type, String inner, Vector<String> rules) {
        return Documents.network(Account.withNode(), SNAT, NAT)
                .with(
                        "ecs.DescribeNetworkInterfaces",
                        Documents.list(
                                "NetworkInterfaceSets",
                                "NetworkInterfaceSet",
                                member("eni-n", "10.0.1.11", "sg-1"),
                                member("eni-m", "10.0.1.12", "sg-1"),
                                member("eni-o", "10.0.1.13", "sg-2")))
                .with(
                        "ecs.DescribeSecurityGroups",
                        Documents.list(
                                "SecurityGroups",
                                "SecurityGroup",
                                "{'SecurityGroupId':'sg-1','SecurityGroupType':'" + type + "'}"))
                .with(
                        GROUP,
                        "{'SecurityGroupId':'sg-1','InnerAccessPolicy':'" + inner + "','Permissions':{'Permission':["
                                + rules.mkString(",") + "]}}");
    }

    private static String member(String id, String ip, String group) {
        String json = Documents.networkInterface(id, "i-n1", "Primary", "vsw-n", ip);
        return json.substring(0, json.length() - 1) + ",'SecurityGroupIds':{'SecurityGroupId':['" + group + "']}}";
    }

    private static Trace in(Account account, String from) {
        return account.trace(Account.inVpc("10.0.1.11:80", from));
    }

    private static Disposition end(Trace trace) {
        return Checks.ends(trace).single();
    }

    @Property(tries = 400, seed = "21")
    void theFirstByPriorityDecidesAndDropBeatsAccept(
            @ForAll @Size(max = 8) List<@From("rules") Rule> rules,
            @ForAll @net.jqwik.api.constraints.IntRange(max = 255) int client) {
        IpAddress peer = IpAddress.v4(0xC6336400 + client);
        int best = Integer.MAX_VALUE;
        boolean passes = false;
        for (Rule rule : rules) {
            boolean better = rule.priority() < best || rule.priority() == best && !rule.accept();
            if (rule.takes(peer, 80) && better) {
                best = rule.priority();
                passes = rule.accept();
            }
        }
        Trace inward =
                in(account("normal", "Accept", Vector.ofAll(rules).map(rule -> rule.json(true))), peer.toString());
        assertThat(end(inward)).isEqualTo(passes ? Disposition.DELIVERED : Disposition.DROPPED);
        assertThat(Checks.codes(inward)).isEqualTo(passes ? Vector.empty() : Vector.of("PP-LB-020"));
        Account outward = account("normal", "Accept", Vector.ofAll(rules).map(rule -> rule.json(false)));
        Trace out = outward.trace(Account.out("10.0.1.11", peer + ":80"));
        boolean leaves = best == Integer.MAX_VALUE || passes;
        assertThat(end(out)).isEqualTo(leaves ? Disposition.DELIVERED : Disposition.DROPPED);
    }

    @Test
    void membersOfABasicGroupTrustEachOther() {
        assertThat(end(in(account("normal", "Accept", Vector.empty()), "10.0.1.12")))
                .isEqualTo(Disposition.DELIVERED);
        assertThat(end(in(account("normal", "Accept", Vector.empty()), "10.0.1.13")))
                .isEqualTo(Disposition.DROPPED);
        assertThat(end(in(account("normal", "Drop", Vector.empty()), "10.0.1.12")))
                .isEqualTo(Disposition.DROPPED);
        assertThat(end(in(account("enterprise", "Accept", Vector.empty()), "10.0.1.12")))
                .isEqualTo(Disposition.DROPPED);
    }

    @Test
    void anAdvancedGroupLetsNothingOutByItself() {
        assertThat(end(account("enterprise", "Accept", Vector.empty())
                        .trace(Account.out("10.0.1.11", "198.51.100.1:443"))))
                .isEqualTo(Disposition.DROPPED);
        assertThat(end(account("", "Accept", Vector.empty()).trace(Account.out("10.0.1.11", "198.51.100.1:443"))))
                .isEqualTo(Disposition.UNKNOWN);
    }

    @Test
    void rulesNameGroupsAndPrefixLists() {
        String group = "{'Direction':'ingress','Policy':'Accept','Priority':'1','IpProtocol':'TCP','PortRange':'80/80',"
                + "'SourceGroupId':'sg-2'}";
        assertThat(end(in(account("enterprise", "Accept", Vector.of(group)), "10.0.1.13")))
                .isEqualTo(Disposition.DELIVERED);
        assertThat(end(in(account("enterprise", "Accept", Vector.of(group)), "198.51.100.1")))
                .isEqualTo(Disposition.DROPPED);
        String list = group.replace("'SourceGroupId':'sg-2'", "'SourcePrefixListId':'pl-1'");
        Account account = account("enterprise", "Accept", Vector.of(list));
        assertThat(end(in(account, "198.51.100.1"))).isEqualTo(Disposition.UNKNOWN);
        Account known = account.with(
                "ecs.DescribePrefixListAttributes.pl-1",
                "{'PrefixListId':'pl-1','Entries':{'Entry':[{'Cidr':'198.51.100.0/30'}]}}");
        assertThat(end(in(known, "198.51.100.1"))).isEqualTo(Disposition.DELIVERED);
        assertThat(end(in(known, "198.51.100.9"))).isEqualTo(Disposition.DROPPED);
    }

    @Test
    void whoIsNotKnownIsTakenForOneThatIsLetIn() {
        Rule office = new Rule(true, 1, "TCP", 80, 80, IpPrefix.of("198.51.100.0/24"));
        Trace trace = in(account("enterprise", "Accept", Vector.of(office.json(true))), "");
        assertThat(end(trace)).isEqualTo(Disposition.DELIVERED);
        assertThat(trace.hops().flatMap(hop -> hop.hop().assumptions()).mkString())
                .contains("one that the security groups let in");
        Trace nobody = in(account("enterprise", "Accept", Vector.empty()), "");
        assertThat(end(nobody)).isEqualTo(Disposition.DROPPED);
    }

    @Test
    void aGroupThatWasNotCapturedIsAnAssumption() {
        Trace trace = in(account("normal", "Accept", Vector.empty()).without(GROUP), "198.51.100.1");
        assertThat(end(trace)).isEqualTo(Disposition.DELIVERED);
        assertThat(trace.hops().flatMap(hop -> hop.hop().assumptions()).mkString())
                .contains("DescribeSecurityGroupAttribute");
    }

    private static Account withAcl(String ingress, String egress) {
        String open = "{'Direction':'ingress','Policy':'Accept','Priority':'1','IpProtocol':'ALL','PortRange':'-1/-1',"
                + "'SourceCidrIp':'0.0.0.0/0'}";
        return account("normal", "Accept", Vector.of(open))
                .with(
                        "vpc.DescribeVSwitches",
                        Documents.list(
                                "VSwitches",
                                "VSwitch",
                                "{'VSwitchId':'vsw-n','VpcId':'vpc-1','CidrBlock':'10.0.1.0/24','NetworkAclId':'nacl-1'}"))
                .with(
                        "vpc.DescribeNetworkAclAttributes.nacl-1",
                        "{'NetworkAclAttribute':{'NetworkAclId':'nacl-1','IngressAclEntries':{'IngressAclEntry':["
                                + ingress + "]},'EgressAclEntries':{'EgressAclEntry':[" + egress + "]}}}");
    }

    private static String entry(boolean ingress, String policy, String ports, String prefix) {
        return "{'Protocol':'tcp','Port':'%s','%s':'%s','Policy':'%s'}"
                .formatted(ports, ingress ? "SourceCidrIp" : "DestinationCidrIp", prefix, policy);
    }

    /** A client at a group that lets in 198.51.100.0/24. */
    static Trace guarded(String client) {
        Rule office = new Rule(true, 1, "TCP", 80, 80, IpPrefix.of("198.51.100.0/24"));
        return in(account("enterprise", "Accept", Vector.of(office.json(true))), client);
    }

    /** A client at an ACL that lets in, and answers out or not. */
    static Trace listed(boolean answers) {
        String in = entry(true, "accept", "80/80", "0.0.0.0/0");
        String out = answers ? entry(false, "accept", "1024/65535", "0.0.0.0/0") : "";
        return in(withAcl(in, out), "198.51.100.1");
    }

    @Test
    void aNetworkAclMustLetBothTheRequestAndTheAnswerPass() {
        String in = entry(true, "accept", "80/80", "0.0.0.0/0");
        String out = entry(false, "accept", "1024/65535", "0.0.0.0/0");
        assertThat(end(in(withAcl(in, out), "198.51.100.1"))).isEqualTo(Disposition.DELIVERED);
        assertThat(Checks.codes(in(withAcl(in, ""), "198.51.100.1"))).containsExactly("PP-LB-108");
        assertThat(Checks.said(in(withAcl(in, ""), "198.51.100.1"))).contains("the answer: no entry");
        assertThat(end(in(withAcl("", out), "198.51.100.1"))).isEqualTo(Disposition.DROPPED);
        String drop = entry(true, "drop", "-1/-1", "198.51.100.0/24");
        assertThat(end(in(withAcl(drop + "," + in, out), "198.51.100.1"))).isEqualTo(Disposition.DROPPED);
        assertThat(end(in(withAcl(in + "," + drop, out), "198.51.100.1"))).isEqualTo(Disposition.DELIVERED);
        assertThat(end(in(withAcl("", ""), "10.0.1.12")))
                .as("what stays within a vSwitch is not looked at")
                .isEqualTo(Disposition.DELIVERED);
    }
}
