package dev.podpath.aws.route53;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.aws.Account;
import dev.podpath.aws.TestSnapshot;
import dev.podpath.core.location.DnsName;
import dev.podpath.core.location.NetworkAddress;
import dev.podpath.core.location.Vantage;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.trace.Branch;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.Fraction;
import dev.podpath.core.trace.Hop;
import dev.podpath.core.trace.Share;
import dev.podpath.core.trace.Trace;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Laws of names: which zone and record answers, and how often. */
class NameProperties {
    private static final String RECORDS = "aws/global/route53.list-resource-record-sets.Z1.json";

    /** The naive reference reads RFC 4592: go up from the name; the first name that exists has the wildcard or not. */
    @Property(tries = 500)
    void wildcardsFollowTheRfc(
            @ForAll @Size(max = 5) List<@From("owners") String> owners, @ForAll("hosts") String host) {
        Vector<RecordSet> sets = Vector.ofAll(owners)
                .distinct()
                .map(owner ->
                        new RecordSet(json("{\"Name\":\"" + owner.replace("*", "\\\\052") + ".\",\"Type\":\"A\"}")));
        Zone zone = new Zone("Z1", json("{\"Name\":\"x.\"}"), Option.some(sets), false, Option.none());

        Set<String> exist = new TreeSet<>(List.of("x"));
        owners.forEach(owner -> {
            for (String name = owner; !name.equals("x"); name = name.substring(name.indexOf('.') + 1)) {
                exist.add(name);
            }
        });
        String expected;
        if (exist.contains(host)) {
            expected = owners.contains(host) ? host : "";
        } else {
            String above = host;
            while (!exist.contains(above)) {
                above = above.substring(above.indexOf('.') + 1);
            }
            expected = owners.contains("*." + above) ? "*." + above : "";
        }
        Zone.Answer answer = zone.find(host);
        assertThat(answer.records().isEmpty() ? "" : answer.owner()).isEqualTo(expected);
    }

    @Provide
    Arbitrary<String> owners() {
        return Arbitraries.of("a.x", "*.x", "b.a.x", "*.a.x", "*.b.x", "c.b.a.x", "*.c.x");
    }

    @Provide
    Arbitrary<String> hosts() {
        return Arbitraries.of("x", "a.x", "b.x", "b.a.x", "q.a.x", "q.b.x", "q.q.x", "b.a.a.x", "q.c.b.a.x", "c.x");
    }

    @Property
    void weightsBecomeExactPartsOfOne(@ForAll @Size(min = 1, max = 6) List<@IntRange(max = 255) Integer> weights) {
        Vector<Share> shares =
                Routing.shares(Vector.ofAll(weights).map(Option::some)).get();
        long total = weights.stream().mapToLong(Integer::longValue).sum();
        Fraction sum = shares.foldLeft(Fraction.ZERO, (all, share) -> all.plus(((Share.Exact) share).value()));

        assertThat(sum).isEqualTo(Fraction.ONE);
        for (int i = 0; i < weights.size(); i++) {
            Share expected = total == 0 ? Share.of(1, weights.size()) : Share.of(weights.get(i), total);
            assertThat(shares.get(i)).isEqualTo(expected);
        }
    }

    @Test
    void weightZeroIsNeverGiven() {
        Trace trace = resolve(weighted("a", 90, "192.0.2.1") + "," + weighted("b", 0, "192.0.2.2") + ","
                + weighted("c", 10, "192.0.2.3"));

        assertThat(first(trace).branches().map(Branch::share)).containsExactly(Share.of(9, 10), Share.of(1, 10));
        assertThat(addresses(trace)).containsExactly("192.0.2.1", "192.0.2.3");
    }

    @Test
    void severalValuesAreGivenAlike() {
        Trace trace =
                resolve("{\"Name\":\"w.example.com.\",\"Type\":\"A\",\"ResourceRecords\":[{\"Value\":\"192.0.2.1\"},"
                        + "{\"Value\":\"192.0.2.2\"}]}");

        assertThat(first(trace).branches().map(Branch::share)).containsExactly(Share.of(1, 2), Share.of(1, 2));
        assertThat(trace.assumptions()).isNotEmpty();
    }

    @Test
    void thePrimaryIsTakenAndTheSecondaryShownBesideIt() {
        Trace trace =
                resolve(set("\"SetIdentifier\":\"p\",\"Failover\":\"PRIMARY\",\"HealthCheckId\":\"hc-1\"", "192.0.2.1")
                        + "," + set("\"SetIdentifier\":\"s\",\"Failover\":\"SECONDARY\"", "192.0.2.2"));

        assertThat(first(trace).branches().map(Branch::share)).containsExactly(Share.all(), Share.none());
        assertThat(trace.assumptions())
                .contains(
                        "Route 53 finds health check hc-1 healthy (aws/global/route53.get-health-check-status.hc-1.json"
                                + " was not captured)");
    }

    @Test
    void answersThatDependOnTheClientHaveConditions() {
        Trace latency = resolve(set("\"SetIdentifier\":\"1\",\"Region\":\"eu-west-1\"", "192.0.2.1") + ","
                + set("\"SetIdentifier\":\"2\",\"Region\":\"us-east-1\"", "192.0.2.2"));
        assertThat(first(latency).branches()).hasSize(2).allSatisfy(branch -> {
            assertThat(branch.share()).isEqualTo(Share.undefined());
            assertThat(branch.condition().get()).contains("least latency");
        });

        Trace place = resolve(set("\"SetIdentifier\":\"1\",\"GeoLocation\":{\"ContinentCode\":\"EU\"}", "192.0.2.1"));
        assertThat(Account.ends(place)).contains(Disposition.BLACKHOLED);
        Trace everywhere = resolve(set("\"SetIdentifier\":\"1\",\"GeoLocation\":{\"CountryCode\":\"*\"}", "192.0.2.1"));
        assertThat(Account.ends(everywhere)).doesNotContain(Disposition.BLACKHOLED);
    }

    @Test
    void privateZonesAnswerInsideTheVpcOnly() {
        TestSnapshot snapshot = Account.snapshot()
                .with("aws/global/route53.list-hosted-zones.json", """
                        {"HostedZones":[{"Id":"/hostedzone/Z1","Name":"example.com.","Config":{"PrivateZone":false}},
                          {"Id":"/hostedzone/Z2","Name":"example.com.","Config":{"PrivateZone":true}}]}""")
                .with(RECORDS, Account.records(set("\"TTL\":60", "192.0.2.1")))
                .with(
                        "aws/global/route53.list-resource-record-sets.Z2.json",
                        Account.records(set("\"TTL\":60", "10.0.9.9")));
        DnsName outside = Account.https("w.example.com", "/");
        DnsName inside = new DnsName(
                outside.host(), outside.port(), outside.flow(), new Vantage.PrivateNetwork(Option.some("vpc-1")));

        assertThat(addresses(Account.trace(snapshot, outside))).containsExactly("192.0.2.1");
        assertThat(addresses(Account.trace(snapshot, inside))).containsExactly("10.0.9.9");
    }

    @Test
    void aPrivateZoneOfAnotherVpcDoesNotAnswer() {
        TestSnapshot snapshot = Account.snapshot()
                .with("aws/global/route53.list-hosted-zones.json", """
                        {"HostedZones":[{"Id":"/hostedzone/Z1","Name":"example.com.","Config":{"PrivateZone":false}},
                          {"Id":"/hostedzone/Z2","Name":"example.com.","Config":{"PrivateZone":true}},
                          {"Id":"/hostedzone/Z3","Name":"example.com.","Config":{"PrivateZone":true}}]}""")
                .with(RECORDS, Account.records(set("\"TTL\":60", "192.0.2.1")))
                .with(
                        "aws/global/route53.list-resource-record-sets.Z2.json",
                        Account.records(set("\"TTL\":60", "10.0.9.9")))
                .with(
                        "aws/global/route53.list-resource-record-sets.Z3.json",
                        Account.records(set("\"TTL\":60", "10.1.9.9")))
                .with("aws/global/route53.get-hosted-zone.Z2.json", association("Z2", "vpc-1"))
                .with("aws/global/route53.get-hosted-zone.Z3.json", association("Z3", "vpc-2"));
        DnsName outside = Account.https("w.example.com", "/");
        DnsName onNode = new DnsName(
                outside.host(),
                outside.port(),
                outside.flow(),
                new Vantage.OnNode("node-a", Arrival.of(Arrival.Kind.NODE), Option.none()));

        assertThat(addresses(Account.trace(snapshot, from(outside, "vpc-1")))).containsExactly("10.0.9.9");
        assertThat(addresses(Account.trace(snapshot, from(outside, "vpc-2")))).containsExactly("10.1.9.9");
        assertThat(addresses(Account.trace(snapshot, from(outside, "vpc-3")))).containsExactly("192.0.2.1");
        assertThat(addresses(Account.trace(snapshot, onNode)))
                .as("the node's interface is in vpc-1")
                .isEqualTo(addresses(Account.trace(snapshot, from(outside, "vpc-1"))));
        Trace trace = Account.trace(snapshot, from(outside, "vpc-1"));
        assertThat(trace.hops().head().hop().assumptions()).noneMatch(text -> text.contains("associated"));
    }

    private static DnsName from(DnsName name, String vpc) {
        return new DnsName(name.host(), name.port(), name.flow(), new Vantage.PrivateNetwork(Option.some(vpc)));
    }

    private static String association(String id, String vpc) {
        return "{\"HostedZone\":{\"Id\":\"/hostedzone/" + id + "\"},\"VPCs\":[{\"VPCRegion\":\"eu-west-1\","
                + "\"VPCId\":\"" + vpc + "\"}]}";
    }

    @Test
    void aDelegatedNameIsSomebodyElses() {
        Trace trace = resolve(
                "{\"Name\":\"w.example.com.\",\"Type\":\"NS\",\"ResourceRecords\":[{\"Value\":\"ns.example.net.\"}]}");

        assertThat(Account.ends(trace)).containsExactly(Disposition.UNKNOWN);
    }

    @Test
    void aCnameIsFollowedAndACircleFound() {
        Trace followed = resolve(cname("w.example.com", "v.example.com") + ","
                + set("\"TTL\":1", "192.0.2.9").replace("w.example", "v.example"));
        assertThat(addresses(followed)).containsExactly("192.0.2.9");

        Trace circle = resolve(cname("w.example.com", "v.example.com") + "," + cname("v.example.com", "w.example.com"));
        assertThat(Account.ends(circle)).containsExactly(Disposition.LOOP);
    }

    @Test
    void aPodGoesToThePublishedAddresses() {
        DnsName asked = Account.https("web.example.com", "/");
        DnsName inPod = new DnsName(
                asked.host(),
                asked.port(),
                asked.flow(),
                new Vantage.OnNode("node-a", Arrival.of(Arrival.Kind.POD), Option.some("shop/web-1")));

        assertThat(addresses(Account.trace(Account.snapshot(), inPod))).containsExactly("203.0.113.11", "203.0.113.12");
    }

    @Test
    void anIncompleteZoneDoesNotProveThatANameIsMissing() {
        TestSnapshot snapshot = Account.snapshot().with(RECORDS, "{\"ResourceRecordSets\":[],\"NextToken\":\"x\"}");

        assertThat(Account.ends(Account.trace(snapshot, Account.https("w.example.com", "/"))))
                .containsExactly(Disposition.UNKNOWN);
    }

    private static Trace resolve(String sets) {
        TestSnapshot snapshot = Account.snapshot().with(RECORDS, Account.records(sets));
        return Account.trace(snapshot, Account.https("w.example.com", "/"));
    }

    private static Hop first(Trace trace) {
        return trace.hops().head().hop();
    }

    private static Vector<String> addresses(Trace trace) {
        return Account.places(trace)
                .filter(NetworkAddress.class::isInstance)
                .map(place -> ((NetworkAddress) place).address())
                .map(AddressPort::address)
                .map(Object::toString);
    }

    private static String weighted(String id, int weight, String address) {
        return set("\"SetIdentifier\":\"" + id + "\",\"Weight\":" + weight, address);
    }

    private static String set(String fields, String address) {
        return "{\"Name\":\"w.example.com.\",\"Type\":\"A\"," + fields + ",\"ResourceRecords\":[{\"Value\":\"" + address
                + "\"}]}";
    }

    private static String cname(String from, String to) {
        return "{\"Name\":\"" + from + ".\",\"Type\":\"CNAME\",\"ResourceRecords\":[{\"Value\":\"" + to + "\"}]}";
    }

    private static dev.podpath.ports.snapshot.Json json(String text) {
        return new TestSnapshot()
                .with("t.json", text)
                .document("t.json")
                .get()
                .json()
                .get();
    }
}
