package dev.podpath.aws.ec2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.aws.TestSnapshot;
import dev.podpath.aws.document.Responses;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.IpPrefix;
import dev.podpath.core.net.Protocol;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.ArrayList;
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

/** Laws of security groups and route tables, each against the plainest possible reading of their documentation. */
class NetworkProperties {
    private static final Vector<String> OWN_GROUPS = Vector.of("sg-1", "sg-2");

    @Property
    void anyMatchingRuleOfAnyGroupAllows(
            @ForAll @Size(max = 4) List<@From("rules") Permission> first,
            @ForAll @Size(max = 4) List<@From("rules") Permission> second,
            @ForAll("addresses") String source,
            @ForAll @IntRange(min = 1, max = 20) int port,
            @ForAll boolean udp) {
        Protocol protocol = udp ? Protocol.UDP : Protocol.TCP;
        SecurityGroups groups = groups(first, second);
        Peer peer = new Peer(Vector.of(IpAddress.of(source)), Option.some(Vector.of("sg-9")));

        boolean expected = Vector.ofAll(first).appendAll(second).exists(rule -> rule.allows(source, port, protocol));
        assertThat(groups.inbound(OWN_GROUPS, peer, protocol, port).answer())
                .isEqualTo(expected ? SecurityGroups.Answer.ALLOWED : SecurityGroups.Answer.DENIED);
    }

    /** What is certain without knowing the source holds for every source. */
    @Property
    void anUnknownSourceIsNeverGuessed(
            @ForAll @Size(max = 4) List<@From("rules") Permission> rules,
            @ForAll("addresses") String source,
            @ForAll @IntRange(min = 1, max = 20) int port) {
        SecurityGroups groups = groups(rules, List.of());
        SecurityGroups.Answer open =
                groups.inbound(OWN_GROUPS, Peer.UNKNOWN, Protocol.TCP, port).answer();
        Peer peer = new Peer(Vector.of(IpAddress.of(source)), Option.some(Vector.of("sg-9")));

        if (open != SecurityGroups.Answer.UNKNOWN) {
            assertThat(groups.inbound(OWN_GROUPS, peer, Protocol.TCP, port).answer())
                    .isEqualTo(open);
        }
    }

    @Property
    void severalPossibleSourcesAreCertainOnlyWhereTheyAgree(
            @ForAll @Size(max = 4) List<@From("rules") Permission> rules,
            @ForAll @Size(min = 2, max = 4) List<@From("addresses") String> sources,
            @ForAll @IntRange(min = 1, max = 20) int port) {
        SecurityGroups groups = groups(rules, List.of());
        Option<Vector<String>> none = Option.some(Vector.empty());
        Vector<IpAddress> all = Vector.ofAll(sources).map(IpAddress::of);
        Vector<SecurityGroups.Answer> each = all.map(
                        ip -> groups.inbound(OWN_GROUPS, new Peer(Vector.of(ip), none), Protocol.TCP, port)
                                .answer())
                .distinct();

        assertThat(groups.inbound(OWN_GROUPS, new Peer(all, none), Protocol.TCP, port)
                        .answer())
                .isEqualTo(each.size() == 1 ? each.head() : SecurityGroups.Answer.UNKNOWN);
    }

    @Test
    void aGroupThatWasNotCapturedLeavesItOpen() {
        SecurityGroups groups = groups(List.of(), List.of());
        Peer peer = new Peer(Vector.of(IpAddress.of("10.0.0.1")), Option.some(Vector.empty()));

        assertThat(groups.inbound(Vector.of("sg-1", "sg-lost"), peer, Protocol.TCP, 80)
                        .answer())
                .isEqualTo(SecurityGroups.Answer.UNKNOWN);
    }

    @Test
    void prefixListsAreLookedUp() {
        String group = "{\"SecurityGroups\":[{\"GroupId\":\"sg-1\",\"IpPermissions\":[{\"IpProtocol\":\"-1\","
                + "\"PrefixListIds\":[{\"PrefixListId\":\"pl-1\"}]}]}]}";
        TestSnapshot snapshot = new TestSnapshot().with("aws/r/ec2.describe-security-groups.json", group);
        Peer peer = new Peer(Vector.of(IpAddress.of("10.0.0.1")), Option.some(Vector.empty()));
        SecurityGroups open = SecurityGroups.of(Responses.of(snapshot));
        SecurityGroups known = SecurityGroups.of(Responses.of(snapshot.with(
                "aws/r/ec2.get-managed-prefix-list-entries.pl-1.json", "{\"Entries\":[{\"Cidr\":\"10.0.0.0/24\"}]}")));

        SecurityGroups.Verdict unknown = open.inbound(Vector.of("sg-1"), peer, Protocol.TCP, 80);
        assertThat(unknown.answer()).isEqualTo(SecurityGroups.Answer.UNKNOWN);
        assertThat(unknown.decision().missing().map(missing -> missing.what()))
                .containsExactly("aws/REGION/ec2.get-managed-prefix-list-entries.pl-1.json");
        assertThat(known.inbound(Vector.of("sg-1"), peer, Protocol.TCP, 80).isAllowed())
                .isTrue();
    }

    @Property
    void theLongestPrefixDecides(
            @ForAll @Size(max = 8) List<@From("prefixes") String> prefixes, @ForAll("addresses") String destination) {
        List<String> routes = new ArrayList<>();
        for (int i = 0; i < prefixes.size(); i++) {
            routes.add("{\"DestinationCidrBlock\":\"" + prefixes.get(i) + "\",\"NatGatewayId\":\"nat-" + i + "\"}");
        }
        Json json = json("{\"RouteTableId\":\"r\",\"Routes\":[" + String.join(",", routes) + "]}");
        Option<Route> found = RouteTable.of(json, id -> Option.none()).route(IpAddress.of(destination));

        int longest = prefixes.stream()
                .map(IpPrefix::of)
                .filter(prefix -> prefix.contains(IpAddress.of(destination)))
                .mapToInt(IpPrefix::length)
                .max()
                .orElse(-1);
        assertThat(found.map(route -> route.prefix().length()).getOrElse(-1)).isEqualTo(longest);
        assertThat(found.forAll(route -> route.prefix().contains(IpAddress.of(destination))))
                .isTrue();
    }

    @Property
    void anAddressInADelegatedPrefixBelongsToItsInterface(@ForAll @IntRange(max = 255) int last) {
        TestSnapshot snapshot = new TestSnapshot().with("aws/r/ec2.describe-network-interfaces.json", """
                {"NetworkInterfaces":[{"NetworkInterfaceId":"eni-1","Ipv4Prefixes":[{"Ipv4Prefix":"10.0.0.16/28"}]},
                 {"NetworkInterfaceId":"eni-2","PrivateIpAddresses":[{"PrivateIpAddress":"10.0.0.20"}],
                  "Ipv4Prefixes":[{"Ipv4Prefix":"10.0.0.64/28"}]}]}""");
        Option<String> owner = Ec2.of(Responses.of(snapshot))
                .interfaceAt(IpAddress.of("10.0.0." + last))
                .map(NetworkInterface::id);

        boolean second = last == 20 || last >= 64 && last < 80;
        boolean first = !second && last >= 16 && last < 32;
        assertThat(owner).isEqualTo(second ? Option.some("eni-2") : first ? Option.some("eni-1") : Option.none());
    }

    @Provide
    Arbitrary<String> addresses() {
        return Combinators.combine(
                        Arbitraries.of("10.0.0.", "10.1.0.", "192.0.2."),
                        Arbitraries.integers().between(1, 8))
                .as((net, host) -> net + host);
    }

    @Provide
    Arbitrary<String> prefixes() {
        return Arbitraries.of(
                "0.0.0.0/0", "10.0.0.0/8", "10.0.0.0/16", "10.1.0.0/16", "10.0.0.0/30", "10.0.0.4/31", "192.0.2.5/32");
    }

    @Provide
    Arbitrary<Permission> rules() {
        return Combinators.combine(
                        Arbitraries.of("tcp", "udp", "-1", "6", "icmp"),
                        Arbitraries.integers().between(1, 20),
                        Arbitraries.integers().between(0, 5),
                        Arbitraries.of(
                                "cidr:0.0.0.0/0",
                                "cidr:10.0.0.0/16",
                                "cidr:10.0.0.4/31",
                                "cidr:192.0.2.5/32",
                                "group:sg-9",
                                "group:sg-8"))
                .as((protocol, from, more, who) -> new Permission(protocol, from, from + more, who));
    }

    record Permission(String protocol, int from, int to, String who) {
        String json() {
            String value = who.substring(who.indexOf(':') + 1);
            String source = who.startsWith("cidr:")
                    ? "\"IpRanges\":[{\"CidrIp\":\"" + value + "\"}]"
                    : "\"UserIdGroupPairs\":[{\"GroupId\":\"" + value + "\"}]";
            String ports = protocol.equals("-1") ? "" : "\"FromPort\":" + from + ",\"ToPort\":" + to + ",";
            return "{\"IpProtocol\":\"" + protocol + "\"," + ports + source + "}";
        }

        boolean allows(String source, int port, Protocol wanted) {
            boolean right = protocol.equals("-1")
                    || (protocol.equals(wanted.lower()) || protocol.equals("6") && wanted == Protocol.TCP)
                            && from <= port
                            && port <= to;
            String value = who.substring(who.indexOf(':') + 1);
            return right
                    && (who.startsWith("cidr:")
                            ? IpPrefix.of(value).contains(IpAddress.of(source))
                            : value.equals("sg-9"));
        }
    }

    private static SecurityGroups groups(List<Permission> first, List<Permission> second) {
        String body = "{\"SecurityGroups\":[" + group("sg-1", first) + "," + group("sg-2", second) + "]}";
        return SecurityGroups.of(
                Responses.of(new TestSnapshot().with("aws/r/ec2.describe-security-groups.json", body)));
    }

    private static String group(String id, List<Permission> rules) {
        return "{\"GroupId\":\"" + id + "\",\"IpPermissions\":["
                + String.join(",", rules.stream().map(Permission::json).toList()) + "]}";
    }

    private static Json json(String text) {
        return new TestSnapshot()
                .with("t.json", text)
                .document("t.json")
                .get()
                .json()
                .get();
    }
}
