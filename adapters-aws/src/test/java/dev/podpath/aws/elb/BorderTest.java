package dev.podpath.aws.elb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.aws.Account;
import dev.podpath.aws.TestSnapshot;
import dev.podpath.core.location.DnsName;
import dev.podpath.core.trace.Branch;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.Share;
import dev.podpath.core.trace.Trace;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import net.jqwik.api.Example;

/** Network ACLs between a client and the subnets of a load balancer. */
class BorderTest {
    private static final String OPEN =
            entry(100, "-1", "allow", "0.0.0.0/0", false) + "," + entry(100, "-1", "allow", "0.0.0.0/0", true);
    private static final String CLOSED = entry(90, "6", "deny", "198.51.100.0/24", false) + "," + OPEN;
    private static final String DEAF = entry(100, "-1", "allow", "0.0.0.0/0", false)
            + ",{\"RuleNumber\":100,\"Protocol\":\"6\",\"RuleAction\":\"allow\",\"Egress\":true,"
            + "\"CidrBlock\":\"0.0.0.0/0\",\"PortRange\":{\"From\":443,\"To\":443}}";

    private static String entry(int number, String protocol, String action, String cidr, boolean egress) {
        return "{\"RuleNumber\":" + number + ",\"Protocol\":\"" + protocol + "\",\"RuleAction\":\"" + action
                + "\",\"Egress\":" + egress + ",\"CidrBlock\":\"" + cidr + "\"}";
    }

    private static TestSnapshot account(String first, String second) {
        String acl = "{\"NetworkAclId\":\"acl-%s\",\"Associations\":[{\"SubnetId\":\"%s\"}],\"Entries\":[%s]}";
        return Account.snapshot()
                .with(
                        Account.DIR + "elbv2.describe-load-balancers.json",
                        Account.loadBalancers("active", "internet-facing")
                                .replace(
                                        "{\"ZoneName\":\"eu-west-1a\"}",
                                        "{\"ZoneName\":\"eu-west-1a\",\"SubnetId\":\"s-1\"}")
                                .replace(
                                        "{\"ZoneName\":\"eu-west-1b\"}",
                                        "{\"ZoneName\":\"eu-west-1b\",\"SubnetId\":\"s-2\"}"))
                .with(
                        Account.DIR + "ec2.describe-network-acls.json",
                        "{\"NetworkAcls\":[" + acl.formatted("1", "s-1", first) + ","
                                + acl.formatted("2", "s-2", second) + ","
                                + acl.formatted("3", "subnet-a\"},{\"SubnetId\":\"subnet-b", OPEN) + "]}");
    }

    private static Trace trace(TestSnapshot snapshot) {
        return Account.trace(snapshot, Account.https("web.example.com", "/"));
    }

    @Example
    void openSubnetsLetEverythingIn() {
        Trace trace = trace(account(OPEN, OPEN));
        assertThat(Account.ends(trace)).containsExactly(Disposition.DELIVERED);
        assertThat(Account.codes(trace)).doesNotContain("PP-LB-108");
    }

    @Example
    void closedSubnetsStopTheClient() {
        Trace trace = trace(account(CLOSED, CLOSED));
        assertThat(Account.ends(trace)).containsExactly(Disposition.DROPPED);
        assertThat(Account.codes(trace)).contains("PP-LB-108");
        assertThat(Account.ends(Account.trace(
                        account(CLOSED, CLOSED),
                        Account.url("https", "web.example.com", 443, "/", Option.some("192.0.2.77")))))
                .containsExactly(Disposition.DELIVERED);
    }

    @Example
    void answersHaveToGetOutToo() {
        Trace trace = trace(account(DEAF, DEAF));
        assertThat(Account.ends(trace)).containsExactly(Disposition.DROPPED);
        assertThat(Account.codes(trace)).contains("PP-LB-108");
    }

    @Example
    void oneClosedSubnetOfTwoStopsHalfOfTheRequests() {
        Trace trace = trace(account(CLOSED, OPEN));
        assertThat(Account.codes(trace)).contains("PP-LB-108");
        assertThat(trace.outcomes()
                        .filter(outcome -> outcome.disposition() == Disposition.DROPPED)
                        .map(outcome -> outcome.share()))
                .containsExactly(Share.of(1, 2));
        assertThat(trace.outcomes()
                        .filter(outcome -> outcome.disposition() == Disposition.DELIVERED)
                        .map(outcome -> outcome.share()))
                .containsOnly(Share.of(1, 4));
    }

    @Example
    void anAddressLeadsToItsOwnSubnetOnly() {
        DnsName asked = Account.https("web.example.com", "/");
        for (boolean first : Vector.of(true, false)) {
            TestSnapshot snapshot = account(first ? CLOSED : OPEN, first ? OPEN : CLOSED);
            String interfaces = Account.interfaces()
                    .replace(
                            "\"SubnetId\":\"subnet-pub\",\"AvailabilityZone\":\"eu-west-1a\"",
                            "\"SubnetId\":\"s-1\",\"AvailabilityZone\":\"eu-west-1a\"")
                    .replace(
                            "\"SubnetId\":\"subnet-pub\",\"AvailabilityZone\":\"eu-west-1b\"",
                            "\"SubnetId\":\"s-2\",\"AvailabilityZone\":\"eu-west-1b\"");
            snapshot.with(Account.DIR + "ec2.describe-network-interfaces.json", interfaces)
                    .with(
                            "aws/global/route53.list-resource-record-sets.Z1.json",
                            Account.records("{\"Name\":\"web.example.com.\",\"Type\":\"A\",\"TTL\":60,"
                                    + "\"ResourceRecords\":[{\"Value\":\"203.0.113.11\"}]}"));
            Trace trace = Account.trace(snapshot, asked);
            assertThat(Account.ends(trace)).containsExactly(first ? Disposition.DROPPED : Disposition.DELIVERED);
        }
    }

    @Example
    void withoutAKnownClientNothingIsClaimed() {
        Trace trace = Account.trace(
                account(CLOSED, CLOSED), Account.url("https", "web.example.com", 443, "/", Option.none()));
        assertThat(Account.ends(trace)).doesNotContain(Disposition.DROPPED);
        assertThat(trace.hops().flatMap(hop -> hop.hop().limits()).mkString("; "))
                .contains("not evaluated for the source");
        assertThat(trace.hops().flatMap(hop -> hop.hop().branches()).map(Branch::share))
                .isNotEmpty();
    }
}
