package dev.podpath.aws.route53;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.aws.Account;
import dev.podpath.aws.TestSnapshot;
import dev.podpath.core.location.LoadBalancerPort;
import dev.podpath.core.location.NetworkAddress;
import dev.podpath.core.trace.Branch;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Fraction;
import dev.podpath.core.trace.Hop;
import dev.podpath.core.trace.Share;
import dev.podpath.core.trace.Trace;
import io.vavr.Tuple;
import io.vavr.collection.TreeMap;
import io.vavr.collection.Vector;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Which record sets are given where health is checked. */
class HealthProperties {
    private static final String RECORDS = "aws/global/route53.list-resource-record-sets.Z1.json";

    private static String set(String id, String policy, String address, boolean checked) {
        return "{\"Name\":\"w.example.com.\",\"Type\":\"A\",\"TTL\":60,\"SetIdentifier\":\"" + id + "\"," + policy
                + (checked ? ",\"HealthCheckId\":\"hc-" + id + "\"" : "") + ",\"ResourceRecords\":[{\"Value\":\""
                + address + "\"}]}";
    }

    private static TestSnapshot status(TestSnapshot snapshot, String check, int passing, int all) {
        Vector<String> seen = Vector.range(0, all)
                .map(i -> "{\"Region\":\"us-east-1\",\"IPAddress\":\"192.0.2.200\",\"StatusReport\":{\"Status\":\""
                        + (i < passing ? "Success: HTTP Status Code 200, OK" : "Failure: connection timed out")
                        + "\"}}");
        return snapshot.with(
                "aws/global/route53.get-health-check-status." + check + ".json",
                "{\"HealthCheckObservations\":[" + seen.mkString(",") + "]}");
    }

    private static Hop hop(TestSnapshot snapshot, String... sets) {
        return trace(snapshot, sets).hops().head().hop();
    }

    private static Trace trace(TestSnapshot snapshot, String... sets) {
        return Account.trace(
                snapshot.with(RECORDS, Account.records(String.join(",", sets))), Account.https("w.example.com", "/"));
    }

    /** Where requests go with which part; what is only beside the path left out. */
    private static TreeMap<String, Share> given(Hop hop) {
        return TreeMap.ofEntries(hop.branches()
                .reject(Branch::isAside)
                .map(way -> Tuple.of(
                        way.to() instanceof NetworkAddress at
                                ? at.address().address().toString()
                                : ((LoadBalancerPort) way.to()).id(),
                        way.share())));
    }

    /** The reference states the rule of the developer guide record by record. */
    @Property(tries = 300)
    void weightsCountAmongTheHealthy(
            @ForAll @Size(min = 2, max = 5) List<@IntRange(max = 3) Integer> weights,
            @ForAll @Size(value = 5) List<@IntRange(max = 2) Integer> health) {
        TestSnapshot snapshot = Account.snapshot();
        String[] sets = new String[weights.size()];
        for (int i = 0; i < sets.length; i++) {
            sets[i] = set("" + i, "\"Weight\":" + weights.get(i), "192.0.2." + i, health.get(i) > 0);
            if (health.get(i) > 0) {
                status(snapshot, "hc-" + i, health.get(i) == 1 ? 16 : 0, 16);
            }
        }
        Vector<Integer> all = Vector.range(0, sets.length);
        Vector<Integer> heavy = all.filter(i -> weights.get(i) > 0);
        Vector<Integer> heavyWell = heavy.filter(i -> health.get(i) < 2);
        Vector<Integer> lightWell = all.filter(i -> weights.get(i) == 0 && health.get(i) < 2);
        Vector<Integer> expected =
                !heavyWell.isEmpty() ? heavyWell : !lightWell.isEmpty() ? lightWell : heavy.isEmpty() ? all : heavy;
        int total = expected.map(weights::get).sum().intValue();

        TreeMap<String, Share> given = given(hop(snapshot, sets));

        assertThat(given.keySet().toVector()).isEqualTo(expected.map(i -> "192.0.2." + i));
        expected.forEach(i -> assertThat(given.get("192.0.2." + i).get())
                .isEqualTo(total == 0 ? Share.of(1, expected.size()) : Share.of(weights.get(i), total)));
        assertThat(given.values().foldLeft(Fraction.ZERO, (sum, share) -> sum.plus(((Share.Exact) share).value())))
                .isEqualTo(Fraction.ONE);
    }

    /** More than 18 of 100 checkers have to pass. */
    @Property(tries = 200)
    void aCheckPassesWhereEnoughCheckersSaySo(
            @ForAll @IntRange(min = 1, max = 30) int all, @ForAll @IntRange(max = 30) int some) {
        int passing = Math.min(all, some);
        TestSnapshot snapshot = status(Account.snapshot(), "hc-a", passing, all);
        TreeMap<String, Share> given = given(hop(
                snapshot, set("a", "\"Weight\":1", "192.0.2.1", true), set("b", "\"Weight\":1", "192.0.2.2", false)));
        assertThat(given.containsKey("192.0.2.1")).isEqualTo((double) passing / all > 0.18);
    }

    @Example
    void theSecondaryIsGivenWhereThePrimaryFails() {
        String primary = set("p", "\"Failover\":\"PRIMARY\"", "192.0.2.1", true);
        String secondary = set("s", "\"Failover\":\"SECONDARY\"", "192.0.2.2", true);
        TestSnapshot well = status(status(Account.snapshot(), "hc-p", 16, 16), "hc-s", 16, 16);
        assertThat(given(hop(well, primary, secondary)).keySet()).containsExactly("192.0.2.1");
        TestSnapshot failing = status(status(Account.snapshot(), "hc-p", 1, 16), "hc-s", 16, 16);
        assertThat(given(hop(failing, primary, secondary)).keySet()).containsExactly("192.0.2.2");
        TestSnapshot both = status(status(Account.snapshot(), "hc-p", 1, 16), "hc-s", 0, 16);
        assertThat(given(hop(both, primary, secondary)).keySet()).containsExactly("192.0.2.1");
    }

    @Example
    void otherPoliciesLeaveTheUnhealthyOut() {
        for (String policy : Vector.of("\"Region\":\"eu-west-%s\"", "\"MultiValueAnswer\":true,\"N\":%s")) {
            TestSnapshot failing = status(Account.snapshot(), "hc-1", 0, 16);
            Hop hop = hop(
                    failing,
                    set("1", policy.formatted(1), "192.0.2.1", true),
                    set("2", policy.formatted(2), "192.0.2.2", false));
            assertThat(given(hop).keySet()).as(policy).containsExactly("192.0.2.2");
            assertThat(hop.decisions().map(Decision::text).mkString("; ")).contains("0 of 16 checkers");
        }
    }

    @Example
    void aPlaceFallsBackToTheDefaultOnlyWhereThatIsHealthy() {
        String europe = set("eu", "\"GeoLocation\":{\"ContinentCode\":\"EU\"}", "192.0.2.1", true);
        String rest = set("all", "\"GeoLocation\":{\"CountryCode\":\"*\"}", "192.0.2.2", true);
        TestSnapshot failing = status(status(Account.snapshot(), "hc-eu", 0, 16), "hc-all", 16, 16);
        assertThat(given(hop(failing, europe, rest)).keySet()).containsExactly("192.0.2.2");
        TestSnapshot both = status(status(Account.snapshot(), "hc-eu", 0, 16), "hc-all", 0, 16);
        assertThat(given(hop(both, europe, rest)).keySet()).containsExactly("192.0.2.1", "192.0.2.2");
    }

    @Example
    void invertedDisabledAndCalculatedChecksCountAsTheGuideSays() {
        String a = set("a", "\"Weight\":1", "192.0.2.1", true);
        String b = set("b", "\"Weight\":1", "192.0.2.2", false);
        assertThat(withChecks(
                        "{\"Id\":\"hc-a\",\"HealthCheckConfig\":{\"Type\":\"HTTP\",\"Inverted\":true}}", 16, a, b))
                .containsExactly("192.0.2.2");
        assertThat(withChecks("{\"Id\":\"hc-a\",\"HealthCheckConfig\":{\"Type\":\"HTTP\",\"Inverted\":true}}", 0, a, b))
                .containsExactly("192.0.2.1", "192.0.2.2");
        assertThat(withChecks("{\"Id\":\"hc-a\",\"HealthCheckConfig\":{\"Type\":\"HTTP\",\"Disabled\":true}}", 0, a, b))
                .containsExactly("192.0.2.1", "192.0.2.2");
        String calculated = "{\"Id\":\"hc-a\",\"HealthCheckConfig\":{\"Type\":\"CALCULATED\",\"HealthThreshold\":%d,"
                + "\"ChildHealthChecks\":[\"hc-x\",\"hc-y\"]}}";
        assertThat(withChecks(calculated.formatted(1), 16, a, b)).containsExactly("192.0.2.1", "192.0.2.2");
        assertThat(withChecks(calculated.formatted(2), 16, a, b)).containsExactly("192.0.2.2");
    }

    private static Vector<String> withChecks(String check, int passing, String... sets) {
        TestSnapshot snapshot = Account.snapshot()
                .with("aws/global/route53.list-health-checks.json", "{\"HealthChecks\":[" + check + "]}");
        status(status(status(snapshot, "hc-a", passing, 16), "hc-x", 16, 16), "hc-y", 0, 16);
        return given(hop(snapshot, sets)).keySet().toVector();
    }

    @Example
    void anAliasIsAsHealthyAsItsTargetGroups() {
        String alias = "{\"Name\":\"w.example.com.\",\"Type\":\"A\",\"SetIdentifier\":\"a\",\"Weight\":1,"
                + "\"AliasTarget\":{\"DNSName\":\"web-1.eu-west-1.elb.amazonaws.com.\",\"EvaluateTargetHealth\":true}}";
        String other = set("b", "\"Weight\":1", "192.0.2.2", false);
        assertThat(given(hop(Account.snapshot(), alias, other)).keySet()).containsExactly("192.0.2.2", Account.ALB);
        TestSnapshot ill = Account.snapshot()
                .with(
                        Account.DIR + "elbv2.describe-target-health.tg-web.json",
                        Account.health(Account.target("10.0.1.20", 8080, "eu-west-1a", "unhealthy", "Target.Timeout")));
        assertThat(given(hop(ill, alias, other)).keySet()).containsExactly("192.0.2.2");
        TestSnapshot empty =
                Account.snapshot().with(Account.DIR + "elbv2.describe-target-health.tg-web.json", Account.health());
        assertThat(given(hop(empty, alias, other)).keySet()).containsExactly("192.0.2.2");
        assertThat(given(hop(ill, alias)).keySet()).containsExactly(Account.ALB);
    }

    @Example
    void anAliasOfTheZoneIsAsHealthyAsTheRecordsItLeadsTo() {
        String alias = "{\"Name\":\"w.example.com.\",\"Type\":\"A\",\"SetIdentifier\":\"a\",\"Weight\":1,"
                + "\"AliasTarget\":{\"DNSName\":\"inner.example.com.\",\"EvaluateTargetHealth\":true}}";
        String inner = set("i", "\"Weight\":1", "192.0.2.1", true).replace("\"w.", "\"inner.");
        String other = set("b", "\"Weight\":1", "192.0.2.2", false);
        assertThat(hop(status(Account.snapshot(), "hc-i", 16, 16), alias, inner, other)
                        .branches())
                .hasSize(2);
        assertThat(given(hop(status(Account.snapshot(), "hc-i", 0, 16), alias, inner, other))
                        .keySet())
                .containsExactly("192.0.2.2");
        String loop = alias.replace("inner.example.com.", "w.example.com.");
        assertThat(hop(Account.snapshot(), loop, other).branches()).isNotEmpty();
    }
}
