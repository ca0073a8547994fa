package dev.podpath.aliyun;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.IpPrefix;
import dev.podpath.core.trace.Branch;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.Fraction;
import dev.podpath.core.trace.Hop;
import dev.podpath.core.trace.Share;
import dev.podpath.core.trace.Trace;
import io.vavr.collection.Vector;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

final class RuleProperties {
    private static final String NAT = Documents.route("0.0.0.0/0", "NatGateway", "ngw-1");

    /** Prefixes and addresses from a small space, so that they meet. */
    @Provide
    Arbitrary<IpPrefix> prefixes() {
        return Combinators.combine(addresses(), Arbitraries.integers().between(22, 32))
                .as(IpPrefix::new);
    }

    @Provide
    Arbitrary<IpAddress> addresses() {
        return Arbitraries.integers().between(0, 1023).map(low -> IpAddress.v4(0xC6336400 + low));
    }

    private static boolean holds(IpPrefix prefix, IpAddress address) {
        long size = 1L << (32 - prefix.length());
        long first = prefix.address().low();
        return address.low() >= first && address.low() < first + size;
    }

    @Property(tries = 300, seed = "11")
    void anAccessListLetsInExactlyItsOwn(
            @ForAll @Size(max = 6) List<@From("prefixes") IpPrefix> entries,
            @ForAll("addresses") IpAddress client,
            @ForAll boolean white) {
        String setting = "'AclStatus':'on','AclType':'" + (white ? "white" : "black") + "','AclId':'acl-1'";
        Trace trace = Documents.serving(Account.empty(), "10.0.1.11")
                .with("slb.DescribeLoadBalancerTCPListenerAttribute.lb-1.80", Documents.listener("running", setting))
                .with(
                        "slb.DescribeAccessControlListAttribute.acl-1",
                        Documents.acl(entries.stream().map(IpPrefix::toString).toArray(String[]::new)))
                .trace(Account.fromInternet("203.0.113.10:80", client.toString()));
        boolean listed = entries.stream().anyMatch(prefix -> holds(prefix, client));
        Disposition expected = white && entries.isEmpty()
                ? Disposition.UNKNOWN
                : listed == white ? Disposition.DELIVERED : Disposition.DROPPED;
        assertThat(Checks.ends(trace)).containsExactly(expected);
    }

    @Property(tries = 200, seed = "12")
    void theSnatEntryWithTheLongestMaskGivesTheExit(
            @ForAll @Size(min = 1, max = 6) Set<@IntRange(min = 16, max = 32) Integer> lengths,
            @ForAll @IntRange(min = 0, max = 255) int host) {
        IpAddress source = IpAddress.of("10.0.2." + host);
        Vector<IpPrefix> sources = Vector.ofAll(lengths).map(length -> new IpPrefix(IpAddress.of("10.0.2.21"), length));
        String entries = sources.map(p -> Documents.snat(
                        "s-" + p.length(), p.toString(), "203.0.113." + (100 + p.length()), "0", "Available"))
                .mkString(",");
        Trace trace = Documents.network(Account.withNode(), entries, NAT)
                .trace(Account.out(source.toString(), "198.51.100.80:443"));
        var expected =
                sources.filter(p -> holds(p, source)).map(IpPrefix::length).max();
        if (expected.isEmpty()) {
            assertThat(Checks.codes(trace)).containsExactly("PP-EGR-064");
        } else {
            assertThat(trace.outcomes().head().target().seenAs().get())
                    .hasToString("203.0.113." + (100 + expected.get()));
        }
    }

    @Property(tries = 200, seed = "13")
    void theRouteWithTheLongestPrefixIsTaken(
            @ForAll @Size(max = 8) List<@From("prefixes") IpPrefix> prefixes,
            @ForAll("addresses") IpAddress destination) {
        Vector<IpPrefix> distinct = Vector.ofAll(prefixes).distinct();
        String[] routes = distinct.zipWithIndex()
                .map(p -> Documents.route(p._1().toString(), "VpnGateway", "vpn-" + p._2()))
                .toJavaArray(String[]::new);
        Trace trace =
                Documents.network(Account.withNode(), "", routes).trace(Account.out("10.0.2.21", destination + ":443"));
        int best = -1;
        for (int i = 0; i < distinct.size(); i++) {
            boolean longer =
                    best < 0 || distinct.get(i).length() > distinct.get(best).length();
            if (holds(distinct.get(i), destination) && longer) {
                best = i;
            }
        }
        assertThat(Checks.said(trace)).contains(best < 0 ? "has no route for" : "leads to VpnGateway vpn-" + best);
    }

    @Property(tries = 300, seed = "14")
    void weightedServersShareExactlyAndOnlyTheHealthyOnes(
            @ForAll @Size(min = 1, max = 6) List<@IntRange(min = 0, max = 100) Integer> weights,
            @ForAll @Size(6) List<@IntRange(min = 0, max = 3) Integer> states,
            @ForAll boolean running) {
        String[] names = {"normal", "abnormal", "unavailable", "normal"};
        Vector<Integer> indices = Vector.range(0, weights.size());
        Account account = Documents.serving(Account.empty(), "10.0.1.1")
                .with(
                        "slb.DescribeLoadBalancerTCPListenerAttribute.lb-1.80",
                        Documents.listener(running ? "running" : "stopped", ""))
                .with(
                        "slb.DescribeVServerGroupAttribute.rsp-1",
                        Documents.group(indices.map(i -> Documents.eni("10.0.1." + i, weights.get(i)))
                                .toJavaArray(String[]::new)))
                .with(
                        "slb.DescribeHealthStatus.lb-1",
                        Documents.list(
                                "BackendServers",
                                "BackendServer",
                                indices.map(i -> Documents.health("10.0.1." + i, names[states.get(i)]))
                                        .toJavaArray(String[]::new)));
        Trace trace = account.trace(Account.fromInternet("203.0.113.10:80", "198.51.100.7"));
        Vector<Integer> taking = indices.filter(i -> weights.get(i) > 0 && states.get(i) != 1);
        if (!running || taking.isEmpty()) {
            assertThat(Checks.delivered(trace)).isEmpty();
            return;
        }
        Hop hop = trace.hops().head().hop();
        assertThat(Checks.sum(hop)).isEqualTo(Fraction.ONE);
        long total = taking.map(weights::get).sum().longValue();
        assertThat(Checks.delivered(trace))
                .containsExactlyElementsOf(
                        taking.map(i -> "10.0.1." + i + ":8080 " + Fraction.of(weights.get(i), total))
                                .sorted());
    }

    /** Records of three names with aliases among them, against a resolution written down directly. */
    @Property(tries = 300, seed = "15")
    void recordsAreChosenAsAPlainSearchWouldChooseThem(
            @ForAll @Size(max = 8) List<@IntRange(min = 0, max = 63) Integer> codes) {
        Vector<String> names = Vector.of("a", "b", "c", "*");
        Vector<Rec> records = Vector.ofAll(codes)
                .map(code -> new Rec(
                        names.get(code & 3),
                        names.take(3).get((code >> 2 & 3) % 3),
                        (code >> 4 & 1) == 1,
                        (code >> 5 & 1) == 1))
                .distinct();
        String[] documents = records.zipWithIndex()
                .map(r -> Documents.record(
                        r._1().name(),
                        r._1().alias() ? "CNAME" : "A",
                        r._1().alias() ? r._1().target() + ".a.com" : address(r._1()),
                        "default",
                        r._1().enabled() ? "ENABLE" : "DISABLE",
                        1))
                .toJavaArray(String[]::new);
        Trace trace = Account.empty()
                .with("alidns.DescribeDomainRecords.a.com", Documents.records(documents))
                .trace(Account.name("a.a.com"));
        Vector<String> expected = reach(records.filter(Rec::enabled), "a", Vector.empty())
                .distinct()
                .sorted();
        Vector<String> got = trace.outcomes()
                .filter(o -> o.disposition() == Disposition.DELIVERED)
                .map(o -> o.target().address().get().address().toString())
                .distinct()
                .sorted();
        assertThat(got).isEqualTo(expected);
        for (var hop : trace.hops()) {
            Vector<Branch> branches = hop.hop().branches();
            assertThat(
                            branches.forAll(b -> b.share() instanceof Share.Exact) && !branches.isEmpty()
                                    ? Checks.sum(hop.hop())
                                    : Fraction.ONE)
                    .isEqualTo(Fraction.ONE);
        }
    }

    private record Rec(String name, String target, boolean alias, boolean enabled) {}

    private static String address(Rec record) {
        return "203.0.113." + (record.name().charAt(0) + record.target().charAt(0) * 2 - 200);
    }

    private static Vector<String> reach(Vector<Rec> records, String name, Vector<String> way) {
        if (way.contains(name)) {
            return Vector.empty();
        }
        Vector<Rec> own = records.filter(r -> r.name().equals(name));
        Vector<Rec> answering = own.isEmpty() ? records.filter(r -> r.name().equals("*")) : own;
        return answering.flatMap(r -> r.alias() ? reach(records, r.target(), way.append(name)) : Vector.of(address(r)));
    }

    /** A forwarding rule of a small space. */
    record Forwarding(String domain, String url) {}

    @Provide
    Arbitrary<Forwarding> forwardings() {
        return Combinators.combine(
                        Arbitraries.of("", "w.a.com", "*.a.com", "*.x.a.com", "v.x.a.com"),
                        Arbitraries.of("", "/a", "/a/b", "/c"))
                .as(Forwarding::new);
    }

    @Provide
    Arbitrary<String> hosts() {
        return Arbitraries.of("w.a.com", "v.a.com", "v.x.a.com", "u.x.a.com", "b.com");
    }

    @Property(tries = 300, seed = "16")
    void aForwardingRuleIsChosenByTheBestDomainThenTheLongestUrl(
            @ForAll @Size(max = 6) Set<@From("forwardings") Forwarding> rules,
            @ForAll("hosts") String host,
            @ForAll("paths") String path) {
        Vector<Forwarding> listed = Vector.ofAll(rules);
        String json = listed.zipWithIndex()
                .map(rule -> "{'RuleId':'r%d','Domain':'%s','Url':'%s','VServerGroupId':'grp-%d'}"
                        .formatted(rule._2(), rule._1().domain(), rule._1().url(), rule._2()))
                .mkString(",");
        Trace trace = Documents.serving(Account.empty(), "10.0.1.1")
                .without("slb.DescribeLoadBalancerTCPListenerAttribute.lb-1.80")
                .with(
                        "slb.DescribeLoadBalancerHTTPListenerAttribute.lb-1.80",
                        Documents.listener("running", "'Rules':{'Rule':[" + json + "]}"))
                .trace(Account.fromInternet("203.0.113.10:80", Account.url("http", host, path)));
        int best = -1;
        int domain = 1;
        for (int i = 0; i < listed.size(); i++) {
            int rank = rank(listed.get(i).domain(), host);
            domain = Math.max(domain, rank);
        }
        for (int i = 0; i < listed.size(); i++) {
            boolean longer = best < 0
                    || listed.get(i).url().length() > listed.get(best).url().length();
            if (rank(listed.get(i).domain(), host) == domain
                    && path.startsWith(listed.get(i).url())
                    && longer) {
                best = i;
            }
        }
        String expected = best >= 0 ? "grp-" + best : domain > 1 ? "not established" : "server group rsp-1 ";
        assertThat(Checks.said(trace) + " ").contains(expected.strip());
    }

    /** 0 where a domain does not hold the host, 1 for none, more for the longer wildcard, most for the host itself. */
    private static int rank(String domain, String host) {
        if (domain.isEmpty()) {
            return 1;
        }
        boolean wildcard = domain.startsWith("*");
        boolean holds = wildcard ? host.endsWith(domain.substring(1)) : host.equals(domain);
        return !holds ? 0 : wildcard ? domain.length() : 1000;
    }

    @Provide
    Arbitrary<String> paths() {
        return Arbitraries.of("/", "/a", "/a/b", "/a/bc", "/c/d");
    }
}
