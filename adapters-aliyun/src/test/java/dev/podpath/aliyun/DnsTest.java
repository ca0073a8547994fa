package dev.podpath.aliyun;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.location.Vantage;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.Share;
import dev.podpath.core.trace.Trace;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import org.junit.jupiter.api.Test;

final class DnsTest {
    private static final String RECORDS = "alidns.DescribeDomainRecords.a.com";
    private static final Vantage VPC = new Vantage.PrivateNetwork(Option.some("vpc-1"));

    private static Account zone(String... records) {
        return Account.empty().with(RECORDS, Documents.records(records));
    }

    @Test
    void anAddressIsFoundWhateverTheCase() {
        Trace trace = zone(Documents.a("Www", "203.0.113.1")).trace(Account.name("wWw.A.com."));
        assertThat(Checks.delivered(trace)).containsExactly("203.0.113.1:80 1");
        assertThat(Checks.codes(trace)).isEmpty();
    }

    @Test
    void theApexIsTheZoneItself() {
        assertThat(Checks.delivered(zone(Documents.a("@", "203.0.113.1")).trace(Account.name("a.com"))))
                .containsExactly("203.0.113.1:80 1");
    }

    @Test
    void anAbsentNameIsDeniedAndADisabledOneNamed() {
        Account account = zone(Documents.record("off", "A", "203.0.113.1", "default", "DISABLE", 1));
        Trace trace = account.trace(Account.name("off.a.com"));
        assertThat(Checks.ends(trace)).containsExactly(Disposition.BLACKHOLED);
        assertThat(Checks.codes(trace)).containsExactly("PP-DNS-100");
        assertThat(Checks.said(trace)).contains("SKIPPED off.a.com A 203.0.113.1 is disabled");
    }

    @Test
    void anAbsentNameOfAPartIsNotKnown() {
        Trace trace = Account.empty()
                .with(
                        RECORDS,
                        Documents.records(Documents.a("x", "203.0.113.1")).replace("Count':1", "Count':2"))
                .trace(Account.name("y.a.com"));
        assertThat(Checks.ends(trace)).containsExactly(Disposition.UNKNOWN);
        assertThat(Checks.said(trace)).contains("aliyun alidns DescribeDomainRecords --DomainName a.com");
        Trace whole = Account.empty()
                .with(
                        RECORDS + ".1",
                        Documents.records(Documents.a("x", "203.0.113.1")).replace("Count':1", "Count':2"))
                .with(
                        RECORDS + ".2",
                        Documents.records(Documents.a("z", "203.0.113.1")).replace("Count':1", "Count':2"))
                .trace(Account.name("y.a.com"));
        assertThat(Checks.ends(whole)).containsExactly(Disposition.BLACKHOLED);
    }

    @Test
    void aliasesAreFollowedInsideTheZoneAndHandedOnOutside() {
        Account account = zone(
                Documents.cname("one", "two.a.com"),
                Documents.cname("two", "three.a.com."),
                Documents.a("three", "203.0.113.3"),
                Documents.cname("away", "cdn.example.net"));
        assertThat(Checks.delivered(account.trace(Account.name("one.a.com")))).containsExactly("203.0.113.3:80 1");
        Trace away = account.trace(Account.name("away.a.com"));
        assertThat(away.hops().last().hop().location()).isEqualTo(Account.name("cdn.example.net"));
    }

    @Test
    void aliasesInACircleAreALoop() {
        Account account = zone(Documents.cname("one", "two.a.com"), Documents.cname("two", "one.a.com"));
        assertThat(Checks.ends(account.trace(Account.name("one.a.com")))).containsExactly(Disposition.LOOP);
        Account several = zone(
                Documents.cname("one", "two.a.com"),
                Documents.cname("one", "three.a.com"),
                Documents.cname("two", "one.a.com"),
                Documents.a("three", "203.0.113.3"));
        assertThat(Checks.ends(several.trace(Account.name("one.a.com"))))
                .containsExactlyInAnyOrder(Disposition.LOOP, Disposition.DELIVERED);
    }

    @Test
    void aWildcardAnswersOnlyBelowTheClosestNameThatExists() {
        Account account = zone(Documents.a("*", "203.0.113.1"), Documents.a("x.y", "203.0.113.2"));
        assertThat(Checks.delivered(account.trace(Account.name("any.a.com")))).containsExactly("203.0.113.1:80 1");
        assertThat(Checks.delivered(account.trace(Account.name("deep.any.a.com"))))
                .containsExactly("203.0.113.1:80 1");
        assertThat(Checks.ends(account.trace(Account.name("z.y.a.com")))).containsExactly(Disposition.BLACKHOLED);
        assertThat(Checks.ends(account.trace(Account.name("y.a.com")))).containsExactly(Disposition.BLACKHOLED);
    }

    @Test
    void weightsCountOnlyWhereTheyAreSwitchedOn() {
        String[] records = {
            Documents.record("w", "A", "203.0.113.1", "default", "ENABLE", 3),
            Documents.record("w", "A", "203.0.113.2", "default", "ENABLE", 1)
        };
        String weights = "alidns.DescribeDNSSLBSubDomains.a.com";
        Account open = zone(records).with(weights, switched("true"));
        assertThat(Checks.delivered(open.trace(Account.name("w.a.com"))))
                .containsExactly("203.0.113.1:80 3/4", "203.0.113.2:80 1/4");
        Account closed = zone(records).with(weights, switched("false"));
        assertThat(Checks.delivered(closed.trace(Account.name("w.a.com"))))
                .containsExactly("203.0.113.1:80 1/2", "203.0.113.2:80 1/2");
        Trace unknown = zone(records).trace(Account.name("w.a.com"));
        assertThat(Checks.delivered(unknown)).containsExactly("203.0.113.1:80 unknown", "203.0.113.2:80 unknown");
        assertThat(Checks.said(unknown)).contains("DescribeDNSSLBSubDomains --DomainName a.com");
        assertThat(Checks.codes(unknown)).containsExactly("PP-DNS-005");
    }

    private static String switched(String open) {
        return Documents.list(
                "SlbSubDomains", "SlbSubDomain", "{'SubDomain':'w.a.com','Type':'A','Open':" + open + "}");
    }

    @Test
    void linesAreConditions() {
        Trace trace = zone(
                        Documents.record("l", "A", "203.0.113.1", "default", "ENABLE", 1),
                        Documents.record("l", "A", "203.0.113.2", "telecom", "ENABLE", 1))
                .trace(Account.name("l.a.com"));
        var branches = trace.hops().head().hop().branches();
        assertThat(branches.map(b -> b.condition().get())).containsExactly("DNS line default", "DNS line telecom");
        assertThat(branches.forAll(b -> b.share() instanceof Share.OneOf)).isTrue();
        Trace only = zone(Documents.record("l", "A", "203.0.113.2", "telecom", "ENABLE", 1))
                .trace(Account.name("l.a.com"));
        assertThat(Checks.ends(only)).containsExactlyInAnyOrder(Disposition.DELIVERED, Disposition.BLACKHOLED);
    }

    @Test
    void theLongestZoneAnswersAndADelegationLeadsAway() {
        Account account = zone(
                        Documents.a("x.sub", "203.0.113.1"),
                        Documents.record("d", "NS", "ns.other", "default", "ENABLE", 1))
                .with(
                        "alidns.DescribeDomainRecords.sub.a.com",
                        Documents.records(Documents.a("x", "203.0.113.2").replace("a.com", "sub.a.com")));
        assertThat(Checks.delivered(account.trace(Account.name("x.sub.a.com")))).containsExactly("203.0.113.2:80 1");
        Trace delegated = account.trace(Account.name("x.d.a.com"));
        assertThat(delegated.hops().head().hop().title()).isEqualTo("x.d.a.com:80");
    }

    @Test
    void aPrivateZoneHidesThePublicOneInItsVpcOnly() {
        Account account = zone(Documents.a("www", "203.0.113.1"), Documents.a("pub", "203.0.113.5"))
                .with("pvtz.DescribeZones", Documents.list("Zones", "Zone", "{'ZoneId':'z1','ZoneName':'a.com'}"))
                .with("pvtz.DescribeZoneRecords.z1", Documents.list("Records", "Record", privateRecord()));
        for (String pattern : Vector.of("ZONE", "RECORD")) {
            Account bound = account.with("pvtz.DescribeZoneInfo.z1", info(pattern, "vpc-1"));
            assertThat(Checks.delivered(bound.trace(Account.name("www.a.com", VPC))))
                    .containsExactly("10.0.0.9:80 1");
            assertThat(Checks.delivered(bound.trace(Account.name("www.a.com")))).containsExactly("203.0.113.1:80 1");
            assertThat(Checks.ends(bound.trace(Account.name("pub.a.com", VPC))))
                    .containsExactly(pattern.equals("ZONE") ? Disposition.BLACKHOLED : Disposition.DELIVERED);
        }
        Account elsewhere = account.with("pvtz.DescribeZoneInfo.z1", info("ZONE", "vpc-2"));
        assertThat(Checks.delivered(elsewhere.trace(Account.name("www.a.com", VPC))))
                .containsExactly("203.0.113.1:80 1");
        Trace unbound = account.trace(Account.name("www.a.com", VPC));
        assertThat(Checks.ends(unbound)).containsExactly(Disposition.UNKNOWN);
        assertThat(Checks.said(unbound)).contains("aliyun pvtz DescribeZoneInfo --ZoneId z1");
    }

    private static String privateRecord() {
        return "{'Rr':'www','Type':'A','Value':'10.0.0.9','Ttl':60,'Status':'ENABLE','RecordId':7}";
    }

    private static String info(String pattern, String vpc) {
        return "{'ZoneId':'z1','ZoneName':'a.com','ProxyPattern':'%s','BindVpcs':{'Vpcs':{'Vpc':[{'VpcId':'%s'}]}}}"
                .formatted(pattern, vpc);
    }

    @Test
    void aRecordOfNobodysAddressIsFound() {
        Account account = Documents.serving(
                        zone(Documents.a("old", "203.0.113.77"), Documents.a("new", "203.0.113.10")), "10.0.1.11")
                .with("vpc.DescribeEipAddresses", Documents.list("EipAddresses", "EipAddress"));
        assertThat(Checks.codes(account.trace(Account.name("old.a.com")))).contains("PP-DNS-001");
        assertThat(Checks.codes(account.trace(Account.name("new.a.com")))).isEmpty();
        Account partly = account.without("vpc.DescribeEipAddresses");
        assertThat(Checks.codes(partly.trace(Account.name("old.a.com")))).isEmpty();
    }

    @Test
    void aZoneThatWasNotCapturedIsNotMine() {
        Trace trace = zone(Documents.a("x", "203.0.113.1")).trace(Account.name("x.b.com"));
        assertThat(trace.hops().head().hop().kind().name()).isEqualTo("end");
    }
}
