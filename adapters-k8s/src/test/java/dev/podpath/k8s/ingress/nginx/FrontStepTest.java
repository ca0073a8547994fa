package dev.podpath.k8s.ingress.nginx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.finding.Finding;
import dev.podpath.core.finding.FindingCode;
import dev.podpath.core.location.Flow;
import dev.podpath.core.location.Handover;
import dev.podpath.core.location.HttpRequest;
import dev.podpath.core.location.PodPort;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.resolve.Resolution;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.Evidence;
import dev.podpath.core.trace.Hop;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class FrontStepTest {
    private static final String CLIENT = "203.0.113.9";
    private static final String RULES = "allow 203.0.113.0/24;\ndeny all;\n";
    private static final String POD = "10.0.3.9";

    private static Handover front(boolean proxyProtocol, int idle, Handover.Kind kind) {
        return new Handover(
                "network load balancer lb",
                proxyProtocol,
                Handover.Told.NOTHING,
                Option.some(idle),
                kind,
                Vector.of(Evidence.pointer("aws/r/attributes.json", "/Attributes/0", "{}")));
    }

    private static Hop hop(String listen, String keepAlive, Option<Handover> front, String source) {
        String conf = "http {\n" + keepAlive + "\nserver {\nserver_name _;\nlisten 80 " + listen
                + ";\nlocation / {\nroot /srv;\n}\n}\n}\n";
        Samples.InMemory snapshot = new Samples.InMemory().with("ingress/" + World.CONTROLLER + "/nginx.conf", conf);
        Flow flow = new Flow(
                Protocol.TCP,
                IpAddress.parse(source),
                Option.some(new HttpRequest("http", "shop.example", "/")),
                front);
        PodPort at = new PodPort(AddressPort.parse("10.0.1.1:80").get(), Option.none(), flow);
        Resolution resolution = new IngressNginxProvider()
                .open(snapshot, World.cluster())
                .value()
                .head()
                .resolve(at);
        return ((Resolution.Resolved) resolution).hop();
    }

    private static Vector<String> codes(Hop hop) {
        return hop.findings().map(Finding::code).map(FindingCode::code).filter(code -> code.startsWith("PP-LB-"));
    }

    @Example
    void aHeaderThatIsExpectedAndSentIsNoTrouble() {
        Hop hop = hop("proxy_protocol", "", Option.some(front(true, 350, Handover.Kind.RELAYED)), CLIENT);
        assertThat(codes(hop)).isEmpty();
        assertThat(hop.disposition()).contains(Disposition.FIXED_RESPONSE);
        assertThat(hop.assumptions().mkString(" ")).doesNotContain("PROXY");
    }

    @Example
    void aHeaderThatIsNotSentClosesTheConnection() {
        Hop hop = hop("proxy_protocol", "", Option.some(front(false, 350, Handover.Kind.RELAYED)), CLIENT);
        assertThat(codes(hop)).containsExactly("PP-LB-015");
        assertThat(hop.disposition()).contains(Disposition.REJECTED);
        assertThat(hop.findings().head().evidence().map(Evidence::document))
                .contains("aws/r/attributes.json", "ingress/" + World.CONTROLLER + "/nginx.conf");
    }

    @Example
    void aHeaderThatNobodyExpectsIsTakenForARequest() {
        Hop hop = hop("", "", Option.some(front(true, 350, Handover.Kind.RELAYED)), CLIENT);
        assertThat(codes(hop)).containsExactly("PP-LB-015");
        assertThat(hop.target().get().answer()).contains("400");
        assertThat(codes(hop("", "", Option.some(front(false, 350, Handover.Kind.RELAYED)), CLIENT)))
                .isEmpty();
    }

    @Example
    void aPodThatPassesTheLoadBalancerBySendsNone() {
        assertThat(codes(hop("proxy_protocol", "", Option.none(), POD))).containsExactly("PP-LB-015");
        assertThat(codes(hop("", "", Option.none(), POD))).isEmpty();
    }

    @Example
    void whatIsInFrontOfAnUnknownClientIsAssumedToAgree() {
        Hop hop = hop("proxy_protocol", "", Option.none(), CLIENT);
        assertThat(codes(hop)).isEmpty();
        assertThat(hop.assumptions().mkString(" ")).contains("PROXY protocol header");
    }

    /** Both sides of the limit, for both kinds of load balancer. */
    @Property(tries = 200)
    void idleConnectionsEndOnTheSideThatKnows(
            @ForAll @IntRange(min = 1, max = 1000) int idle, @ForAll @IntRange(max = 1000) int kept) {
        String setting = "keepalive_timeout " + kept + "s;";
        boolean relayed = kept > idle;
        assertThat(codes(hop("", setting, Option.some(front(false, idle, Handover.Kind.RELAYED)), CLIENT)))
                .isEqualTo(relayed ? Vector.of("PP-LB-016") : Vector.empty());
        boolean opened = kept > 0 && kept <= idle;
        assertThat(codes(hop("", setting, Option.some(front(false, idle, Handover.Kind.OPENED)), CLIENT)))
                .isEqualTo(opened ? Vector.of("PP-LB-016") : Vector.empty());
    }

    @Example
    void withoutASettingNginxKeepsConnectionsFor75Seconds() {
        assertThat(codes(hop("", "", Option.some(front(false, 74, Handover.Kind.RELAYED)), CLIENT)))
                .containsExactly("PP-LB-016");
        assertThat(codes(hop("", "", Option.some(front(false, 75, Handover.Kind.RELAYED)), CLIENT)))
                .isEmpty();
    }

    private static Handover telling(boolean proxyProtocol, Handover.Kind kind, String client, boolean scheme) {
        Handover plain = front(proxyProtocol, 350, kind);
        return new Handover(
                plain.by(),
                proxyProtocol,
                new Handover.Told(IpAddress.parse(client), scheme),
                plain.idleSeconds(),
                kind,
                plain.evidence());
    }

    private static Hop listed(String header, Handover front) {
        return hop(
                header.equals("proxy_protocol") ? "proxy_protocol" : "",
                "real_ip_header " + header + ";\nset_real_ip_from 0.0.0.0/0;\n" + RULES,
                Option.some(front),
                "192.0.2.200");
    }

    @Example
    void addressRulesSeeTheClientThatTheLoadBalancerTellsOf() {
        Hop known = listed("proxy_protocol", telling(true, Handover.Kind.RELAYED, CLIENT, false));
        assertThat(known.disposition()).contains(Disposition.FIXED_RESPONSE);
        Hop stranger = listed("proxy_protocol", telling(true, Handover.Kind.RELAYED, "198.51.100.9", false));
        assertThat(stranger.target().get().answer()).contains("403");
        Hop byHeader = listed("X-Forwarded-For", telling(false, Handover.Kind.OPENED, "198.51.100.9", false));
        assertThat(byHeader.target().get().answer()).contains("403");
        assertThat(byHeader.assumptions().mkString()).contains("no X-Forwarded-For of its own");
        Hop untold = listed("X-Forwarded-For", telling(false, Handover.Kind.RELAYED, CLIENT, false));
        assertThat(untold.disposition()).contains(Disposition.UNKNOWN);
    }

    private static Hop redirecting(boolean tells, String asked) {
        String conf =
                "http {\ninit_by_lua_block {\nuse_forwarded_headers = true\n}\nserver {\nserver_name _;\nlisten 80;\n"
                        + "location / {\nset $force_ssl_redirect \"true\";\nroot /srv;\n}\n}\n}\n";
        Samples.InMemory snapshot = new Samples.InMemory().with("ingress/" + World.CONTROLLER + "/nginx.conf", conf);
        HttpRequest request = new HttpRequest(asked, "shop.example", "/").over("http");
        Flow flow = new Flow(
                Protocol.TCP,
                IpAddress.parse(CLIENT),
                Option.some(request),
                Option.some(telling(false, Handover.Kind.OPENED, CLIENT, tells)));
        PodPort at = new PodPort(AddressPort.parse("10.0.1.1:80").get(), Option.none(), flow);
        Resolution resolution = new IngressNginxProvider()
                .open(snapshot, World.cluster())
                .value()
                .head()
                .resolve(at);
        return ((Resolution.Resolved) resolution).hop();
    }

    @Example
    void theSchemeThatTheLoadBalancerTellsOfDecidesAboutTheRedirect() {
        assertThat(redirecting(true, "https").disposition()).contains(Disposition.FIXED_RESPONSE);
        assertThat(redirecting(true, "http").disposition()).contains(Disposition.REDIRECTED);
        assertThat(redirecting(false, "https").disposition()).contains(Disposition.UNKNOWN);
    }

    @Example
    void timesAreReadAsNginxReadsThem() {
        assertThat(KeepAlive.seconds("75")).contains(75L);
        assertThat(KeepAlive.seconds("1m30s")).contains(90L);
        assertThat(KeepAlive.seconds("1m30")).contains(90L);
        assertThat(KeepAlive.seconds("2500ms")).contains(2L);
        assertThat(KeepAlive.seconds("1s500ms")).contains(1L);
        assertThat(KeepAlive.seconds("1h")).contains(3600L);
        for (String wrong : Vector.of("", "s", "30s1m", "1s5", "1x", "99999999999", "1ms1s", "-1")) {
            assertThat(KeepAlive.seconds(wrong)).as(wrong).isEmpty();
        }
    }
}
