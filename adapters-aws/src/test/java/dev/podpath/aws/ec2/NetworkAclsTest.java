package dev.podpath.aws.ec2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.aws.Account;
import dev.podpath.aws.TestSnapshot;
import dev.podpath.aws.document.Responses;
import dev.podpath.core.location.DnsName;
import dev.podpath.core.location.Outbound;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.IpPrefix;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.Trace;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.Comparator;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Network ACLs: the lowest number that matches decides, both ways; no way through what they deny. */
class NetworkAclsTest {
    private static final String DOCUMENT = Account.DIR + "ec2.describe-network-acls.json";
    private static final String OPEN =
            entry(100, "allow", "-1", "0.0.0.0/0", false, "") + "," + entry(100, "allow", "-1", "0.0.0.0/0", true, "");

    private record Rule(int number, boolean allow, boolean tcp, String prefix, int first, int last) {
        boolean matches(String address, boolean isTcp, int port) {
            return tcp == isTcp && IpPrefix.of(prefix).contains(IpAddress.of(address)) && first <= port && port <= last;
        }
    }

    /** The reference sorts by number and takes the first match, port by port. */
    @Property
    void theLowestNumberThatMatchesDecides(
            @ForAll @Size(max = 6) List<@From("rules") Rule> rules,
            @ForAll("addresses") String address,
            @ForAll @IntRange(min = 1, max = 12) int first,
            @ForAll @IntRange(max = 5) int more) {
        List<Rule> sorted = Vector.ofAll(rules)
                .distinctBy(Rule::number)
                .sorted(Comparator.comparing(Rule::number))
                .toJavaList();
        AclRules acl = acl(sorted);
        boolean[] open = new boolean[more + 1];
        for (int port = first; port <= first + more; port++) {
            int asked = port;
            open[port - first] = sorted.stream()
                    .filter(rule -> rule.matches(address, true, asked))
                    .findFirst()
                    .map(Rule::allow)
                    .orElse(false);
        }
        boolean all = true;
        boolean none = true;
        for (boolean each : open) {
            all &= each;
            none &= !each;
        }
        AclRules.Answer answer =
                acl.ask(false, Option.some(IpAddress.of(address)), false, Protocol.TCP, first, first + more);
        assertThat(answer.isAllowed()).isEqualTo(all);
        assertThat(answer.isDenied()).isEqualTo(none);

        AclRules.Answer anybody = acl.ask(false, Option.none(), false, Protocol.TCP, first, first + more);
        assertThat(anybody.isAllowed() && !all).as("certain for everybody").isFalse();
        assertThat(anybody.isDenied() && !none).as("certain for everybody").isFalse();
    }

    @Provide
    Arbitrary<Rule> rules() {
        return Combinators.combine(
                        Arbitraries.integers().between(1, 20),
                        Arbitraries.of(true, false),
                        Arbitraries.of(true, true, false),
                        Arbitraries.of("0.0.0.0/0", "10.0.0.0/8", "10.1.0.0/16", "192.0.2.0/24"),
                        Arbitraries.integers().between(1, 12),
                        Arbitraries.integers().between(0, 12))
                .as((number, allow, tcp, prefix, first, more) ->
                        new Rule(number, allow, tcp, prefix, first, first + more));
    }

    @Provide
    Arbitrary<String> addresses() {
        return Arbitraries.of("10.1.2.3", "10.2.2.3", "192.0.2.9", "198.51.100.1");
    }

    private static AclRules acl(List<Rule> rules) {
        String entries = Vector.ofAll(rules)
                .shuffle()
                .map(rule -> entry(
                        rule.number(),
                        rule.allow() ? "allow" : "deny",
                        rule.tcp() ? "6" : "17",
                        rule.prefix(),
                        false,
                        ports(rule.first(), rule.last())))
                .mkString(",");
        return new AclRules(Responses.of(new TestSnapshot().with(DOCUMENT, document("subnet-x", entries)))
                .items(dev.podpath.aws.document.Operation.NETWORK_ACLS)
                .head());
    }

    @Test
    void anAclThatAllowsEverythingFirstChangesNothing() {
        DnsName start = Account.https("web.example.com", "/");
        Trace open = Account.trace(with("subnet-a", OPEN), start);

        assertThat(Account.ends(open)).containsExactly(Disposition.DELIVERED);
        assertThat(Account.codes(open)).isEmpty();
    }

    @Test
    void aTargetBehindAClosedBorderIsNotReached() {
        String deny = entry(50, "deny", "6", "10.0.0.0/24", false, ports(8080, 8080));
        Trace closed = Account.trace(with("subnet-a", deny + "," + OPEN), Account.https("web.example.com", "/"));

        assertThat(Account.codes(closed)).containsExactly("PP-LB-108");
        assertThat(Account.ends(closed)).containsExactlyInAnyOrder(Disposition.DROPPED, Disposition.DELIVERED);
    }

    @Test
    void answersNeedARuleOfTheirOwn() {
        String in = entry(100, "allow", "-1", "0.0.0.0/0", false, "");
        DnsName start = Account.https("raw.example.com", "/");

        assertThat(Account.codes(Account.trace(with("subnet-a", in), start))).containsExactly("PP-LB-108");
        assertThat(Account.ends(Account.trace(
                        with("subnet-a", in + "," + entry(90, "allow", "6", "0.0.0.0/0", true, ports(1024, 65535))),
                        start)))
                .containsExactly(Disposition.DELIVERED);
        assertThat(Account.ends(Account.trace(
                        with("subnet-a", in + "," + entry(90, "allow", "6", "0.0.0.0/0", true, ports(32768, 65535))),
                        start)))
                .containsExactly(Disposition.DELIVERED);
        assertThat(Account.ends(Account.trace(
                        with("subnet-a", in + "," + entry(90, "allow", "6", "0.0.0.0/0", true, ports(50000, 51000))),
                        start)))
                .contains(Disposition.UNKNOWN);
    }

    @Test
    void theBorderOfTheSendersSubnetCountsToo() {
        String out = entry(10, "deny", "6", "10.0.1.0/24", true, ports(8080, 8080));
        Trace closed = Account.trace(with("subnet-pub", out + "," + OPEN), Account.https("web.example.com", "/"));

        assertThat(Account.codes(closed)).containsExactly("PP-LB-108");
    }

    @Test
    void theWayOutMeetsTheBordersOfItsSubnetAndOfTheGateways() {
        Outbound outward = new Outbound(
                "node-a",
                IpAddress.of("10.0.1.10"),
                AddressPort.parse("192.0.2.80:443").get(),
                Account.tcp("10.0.1.10"));
        String deny = entry(10, "deny", "6", "192.0.2.0/24", true, ports(443, 443)) + "," + OPEN;
        String mute = entry(10, "deny", "6", "0.0.0.0/0", false, ports(1024, 65535)) + "," + OPEN;

        assertThat(Account.ends(Account.trace(with("subnet-a", OPEN), outward))).containsExactly(Disposition.DELIVERED);
        for (String subnet : List.of("subnet-a", "subnet-pub")) {
            assertThat(Account.ends(Account.trace(with(subnet, deny), outward))).containsExactly(Disposition.DROPPED);
            assertThat(Account.codes(Account.trace(with(subnet, mute), outward)))
                    .contains("PP-LB-108");
        }
    }

    @Test
    void whatWasNotCapturedIsALimitAndWhatIsBrokenIsUnknown() {
        assertThat(NetworkAcls.of(Responses.of(new TestSnapshot()))
                        .limit(Option.some("subnet-1"))
                        .get())
                .contains("were not captured");
        String broken = entry(10, "perhaps", "6", "0.0.0.0/0", false, "") + ","
                + entry(20, "allow", "6", "0.0.0.0/0", false, "");
        assertThat(Account.ends(Account.trace(with("subnet-a", broken), Account.https("raw.example.com", "/"))))
                .contains(Disposition.UNKNOWN);
    }

    private static TestSnapshot with(String subnet, String entries) {
        return Account.snapshot().with(DOCUMENT, document(subnet, entries));
    }

    private static String document(String subnet, String entries) {
        return "{\"NetworkAcls\":[{\"NetworkAclId\":\"acl-1\",\"Associations\":[{\"SubnetId\":\"" + subnet
                + "\"}],\"Entries\":[" + entries + "]}]}";
    }

    private static String ports(int first, int last) {
        return ",\"PortRange\":{\"From\":" + first + ",\"To\":" + last + "}";
    }

    private static String entry(
            int number, String action, String protocol, String prefix, boolean egress, String ports) {
        return "{\"RuleNumber\":" + number + ",\"RuleAction\":\"" + action + "\",\"Protocol\":\"" + protocol
                + "\",\"CidrBlock\":\"" + prefix + "\",\"Egress\":" + egress + ports + "}";
    }
}
