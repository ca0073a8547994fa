package dev.podpath.k8s.ingress.nginx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.finding.Finding;
import dev.podpath.core.finding.FindingCode;
import dev.podpath.core.location.ClusterService;
import dev.podpath.core.location.Flow;
import dev.podpath.core.location.HttpRequest;
import dev.podpath.core.location.PodPort;
import dev.podpath.core.location.RequestHead;
import dev.podpath.core.location.Vantage;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.resolve.HopResolver;
import dev.podpath.core.resolve.Resolution;
import dev.podpath.core.trace.Branch;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.Hop;
import dev.podpath.core.trace.Share;
import dev.podpath.core.trace.Target;
import dev.podpath.ports.plugin.Reading;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.Example;

class IngressHopTest {
    private static final String INGRESSES = """
            {"items":[
             {"metadata":{"namespace":"app","name":"shop","annotations":{"nginx.ingress.kubernetes.io/rewrite-target":"/$2"}},
              "spec":{"ingressClassName":"nginx","rules":[{"host":"shop.example"}],"tls":[{"hosts":["shop.example"],"secretName":"s"}]}},
             {"metadata":{"namespace":"app","name":"office"},"spec":{"rules":[{"host":"shop.example"}]}},
             {"metadata":{"namespace":"app","name":"vip","annotations":{"nginx.ingress.kubernetes.io/service-upstream":"true"}},
              "spec":{"rules":[{"host":"shop.example"}]}},
             {"metadata":{"namespace":"app","name":"sticky","annotations":{"nginx.ingress.kubernetes.io/affinity":"cookie"}},
              "spec":{"rules":[{"host":"shop.example"}]}},
             {"metadata":{"namespace":"app","name":"wild"},"spec":{"rules":[{"host":"*.wild.example"}]}},
             {"metadata":{"namespace":"app","name":"lost"},"spec":{"ingressClassName":"other","rules":[{"host":"lost.example"}]}}
            ]}
            """;
    private static final String BACKENDS = """
            [{"name":"app-web-80","port":80,"endpoints":[{"address":"10.0.2.1","port":"8080"},{"address":"10.0.2.2","port":"8080"},
               {"address":"10.0.2.77","port":"8080"}],"load-balance":"round_robin","alternativeBackends":["app-api-80"]},
             {"name":"app-api-80","port":80,"noServer":true,"endpoints":[{"address":"10.0.2.3","port":"8080"}],
               "trafficShapingPolicy":{"weight":25,"header":"X-Canary","headerValue":"","headerPattern":"","cookie":"can"}},
             {"name":"app-vip-http","port":"http","service":{"spec":{"clusterIP":"172.16.0.20"}},
               "endpoints":[{"address":"172.16.0.20","port":"80"}]},
             {"name":"app-sticky-80","port":80,"endpoints":[{"address":"10.0.2.5","port":"8080"},{"address":"10.0.2.6","port":"8080"}],
               "sessionAffinityConfig":{"name":"cookie","cookieSessionAffinity":{"name":"INGRESSCOOKIE"}}},
             {"name":"app-gone-80","port":80},
             {"name":"upstream-default-backend","port":0,"endpoints":[{"address":"127.0.0.1","port":"8181"}]}]
            """;

    private static Samples.InMemory snapshot(String conf) {
        return new Samples.InMemory()
                .with("ingress/" + World.CONTROLLER + "/nginx.conf", Samples.bytes(conf))
                .with("kubernetes/ingresses.json", INGRESSES);
    }

    private static Samples.InMemory withBackends() {
        return snapshot("current.conf").with("ingress/" + World.CONTROLLER + "/backends.json", BACKENDS);
    }

    private static Resolution resolve(Samples.InMemory snapshot, String to, String url, String source) {
        return resolve(snapshot, to, url, source, RequestHead.plain());
    }

    private static Resolution resolve(
            Samples.InMemory snapshot, String to, String url, String source, RequestHead head) {
        Reading<Vector<HopResolver>> reading = new IngressNginxProvider().open(snapshot, World.cluster());
        int scheme = url.indexOf("://");
        int slash = url.indexOf('/', scheme + 3);
        HttpRequest request = new HttpRequest(
                        url.substring(0, scheme), url.substring(scheme + 3, slash), url.substring(slash))
                .with(head);
        PodPort at = new PodPort(
                AddressPort.parse(to).get(),
                Option.none(),
                new Flow(Protocol.TCP, IpAddress.parse(source), Option.some(request)));
        HopResolver resolver = reading.value().head();
        assertThat(resolver.handles(at)).isTrue();
        return resolver.resolve(at);
    }

    private static Hop hop(Samples.InMemory snapshot, String url) {
        return hop(snapshot, "10.0.1.1:80", url, "203.0.113.9");
    }

    private static Hop hop(Samples.InMemory snapshot, String to, String url, String source) {
        return ((Resolution.Resolved) resolve(snapshot, to, url, source)).hop();
    }

    private static String answer(Hop hop) {
        return hop.disposition().get() + " "
                + hop.target().flatMap(Target::answer).getOrElse("");
    }

    private static Vector<String> codes(Hop hop) {
        return hop.findings().map(Finding::code).map(FindingCode::code);
    }

    private static Vector<Branch> onPath(Hop hop) {
        return hop.branches().reject(Branch::isAside);
    }

    private static Hop withHeaders(String backends, String... lines) {
        Samples.InMemory snapshot =
                snapshot("current.conf").with("ingress/" + World.CONTROLLER + "/backends.json", backends);
        RequestHead head = RequestHead.parse("GET", Vector.of(lines)).get();
        return ((Resolution.Resolved) resolve(snapshot, "10.0.1.1:80", "http://shop.example/cart", "203.0.113.9", head))
                .hop();
    }

    @Example
    void labelsThatNameAnotherServiceAreTold() {
        String conf = new String(Samples.bytes("current.conf"), StandardCharsets.ISO_8859_1);
        Hop right = hop(withBackends(), "http://shop.example/cart");
        assertThat(codes(right)).doesNotContain("PP-ING-055");
        String wrong = conf.replace("set $service_name   \"web\"", "set $service_name   \"api\"");
        assertThat(wrong).isNotEqualTo(conf);
        Samples.InMemory snapshot = withBackends()
                .with("ingress/" + World.CONTROLLER + "/nginx.conf", wrong.getBytes(StandardCharsets.ISO_8859_1));
        Hop hop = hop(snapshot, "http://shop.example/cart");
        assertThat(codes(hop)).contains("PP-ING-055");
        assertThat(onPath(hop)).hasSameSizeAs(onPath(right));
    }

    private static boolean onlyCanary(Hop hop) {
        return onPath(hop).map(branch -> branch.to().label()).equals(Vector.of("pod address 10.0.2.3:8080"));
    }

    private static boolean neverCanary(Hop hop) {
        return onPath(hop).size() == 3
                && onPath(hop).forAll(branch -> branch.share().equals(Share.of(1, 3)));
    }

    @Example
    void headersAndCookiesChooseTheCanary() {
        assertThat(onlyCanary(withHeaders(BACKENDS, "x-canary: always"))).isTrue();
        assertThat(neverCanary(withHeaders(BACKENDS, "X-Canary: never"))).isTrue();
        assertThat(onPath(withHeaders(BACKENDS, "X-Canary: perhaps"))).hasSize(4);
        assertThat(onlyCanary(withHeaders(BACKENDS, "Cookie: a=b; can=always"))).isTrue();
        assertThat(neverCanary(withHeaders(BACKENDS, "Cookie: can=never"))).isTrue();
        // The header is looked at first; one that says nothing leaves it to the cookie.
        assertThat(neverCanary(withHeaders(BACKENDS, "X-Canary: never", "Cookie: can=always")))
                .isTrue();
        assertThat(onlyCanary(withHeaders(BACKENDS, "X-Canary: perhaps", "Cookie: can=always")))
                .isTrue();
        String valued = BACKENDS.replace("\"headerValue\":\"\"", "\"headerValue\":\"eu\"");
        assertThat(onlyCanary(withHeaders(valued, "X-Canary: eu"))).isTrue();
        assertThat(onPath(withHeaders(valued, "X-Canary: always"))).hasSize(4);
        String pattern = BACKENDS.replace("\"headerPattern\":\"\"", "\"headerPattern\":\"^v[0-9]\"");
        assertThat(onlyCanary(withHeaders(pattern, "X-Canary: v7-beta"))).isTrue();
        assertThat(onPath(withHeaders(pattern, "X-Canary: never"))).hasSize(4);
    }

    @Example
    void balancesOverEndpointsWithCanary() {
        Hop hop = hop(withBackends(), "http://shop.example/cart?x=1");
        Vector<Branch> branches = onPath(hop);
        assertThat(branches.map(branch -> branch.to().label()))
                .containsExactly(
                        "pod address 10.0.2.1:8080",
                        "pod address 10.0.2.2:8080",
                        "pod address 10.0.2.77:8080",
                        "pod address 10.0.2.3:8080");
        assertThat(branches.map(Branch::share))
                .containsExactly(Share.of(1, 4), Share.of(1, 4), Share.of(1, 4), Share.of(1, 4));
        assertThat(branches.get(0).condition().get()).contains("header X-Canary: always or cookie can=always");
        PodPort first = (PodPort) branches.get(0).to();
        assertThat(first.flow().source()).contains(IpAddress.of("10.0.1.1"));
        assertThat(first.flow().http().get().path()).isEqualTo("/cart?x=1");
        assertThat(first.service().get().toString()).isEqualTo("app/web:80/tcp");
        Branch aside = hop.branches().find(Branch::isAside).get();
        assertThat(aside.condition()).contains("in-cluster callers of the service only");
        assertThat(aside.to()).isInstanceOf(ClusterService.class);
        assertThat(codes(hop)).contains("PP-ING-053");
        assertThat(hop.findings()
                        .find(f -> f.code().code().equals("PP-ING-053"))
                        .get()
                        .message())
                .contains("10.0.2.77:8080");
        assertThat(hop.decisions().filter(d -> d.translation().isDefined())).hasSize(4);
        assertThat(hop.decisions()
                        .exists(d -> d.action() == Decision.Action.SKIPPED
                                && d.text().contains("172.16.0.10")))
                .isTrue();
        assertThat(hop.decisions()
                        .forAll(d -> d.evidence().forAll(e -> !e.document().isEmpty())))
                .isTrue();
    }

    @Example
    void goesThroughTheClusterIpWhereToldTo() {
        for (Samples.InMemory snapshot : Vector.of(withBackends(), snapshot("current.conf"))) {
            Hop hop = hop(snapshot, "http://shop.example/vip");
            ClusterService to = (ClusterService) hop.branches().head().to();
            assertThat(to.service().toString()).isEqualTo("app/vip:80/tcp");
            assertThat(to.vantage())
                    .isEqualTo(new Vantage.OnNode("n1", Arrival.of(Arrival.Kind.NODE), Option.some(World.CONTROLLER)));
            assertThat(hop.branches()).hasSize(1);
            assertThat(codes(hop)).doesNotContain("PP-ING-053");
        }
    }

    @Example
    void readsSlicesWhereTheBalancerWasNotCaptured() {
        Hop hop = hop(snapshot("current.conf"), "http://shop.example/");
        assertThat(onPath(hop).map(Branch::share)).containsExactly(Share.of(1, 2), Share.of(1, 2));
        assertThat(hop.assumptions()).anyMatch(text -> text.contains("has learned of the EndpointSlices"));
        Hop sticky = hop(snapshot("current.conf"), "http://shop.example/sticky");
        assertThat(onPath(sticky).map(Branch::share)).containsOnly(Share.undefined());
    }

    @Example
    void keepsCookiesUndefined() {
        Hop hop = hop(withBackends(), "http://shop.example/sticky");
        assertThat(onPath(hop).map(Branch::share)).containsOnly(Share.undefined());
        assertThat(onPath(hop).head().condition().get()).contains("INGRESSCOOKIE");
    }

    @Example
    void answers503WithoutEndpoints() {
        for (Samples.InMemory snapshot : Vector.of(withBackends(), snapshot("current.conf"))) {
            Hop hop = hop(snapshot, "http://x.wild.example/");
            assertThat(answer(hop)).isEqualTo("REJECTED 503");
            assertThat(codes(hop)).contains("PP-ING-051");
            assertThat(hop.decisions().exists(d -> d.text().contains("no Ingress of x.wild.example has a tls section")))
                    .isTrue();
        }
    }

    @Example
    void redirectsToHttps() {
        assertThat(answer(hop(withBackends(), "http://shop.example/api/v1/?a=b")))
                .isEqualTo("REDIRECTED 308 https://shop.example/api/v1/?a=b");
        assertThat(answer(hop(withBackends(), "http://shop.example/api/")))
                .isEqualTo("REDIRECTED 308 https://shop.example/api");
        Hop https = hop(withBackends(), "10.0.1.1:443", "https://shop.example/api/v1?a=b", "203.0.113.9");
        assertThat(((PodPort) https.branches().head().to()).flow().http().get())
                .isEqualTo(new HttpRequest("http", "shop.example", "/v1?a=b", "https"));
        assertThat(answer(hop(snapshot("lua-blocks.conf"), "http://secure.example/app/x")))
                .isEqualTo("REDIRECTED 301 https://secure.example/app/x");
        assertThat(answer(hop(snapshot("lua-blocks.conf"), "http://secure.example/app")))
                .isEqualTo("REDIRECTED 301 http://secure.example/app/");
        assertThat(answer(hop(withBackends(), "http://www.shop.example/x")))
                .isEqualTo("REDIRECTED 308 https://shop.example/x");
        Samples.InMemory without = new Samples.InMemory()
                .with("ingress/" + World.CONTROLLER + "/nginx.conf", Samples.bytes("current.conf"));
        Hop unknown = hop(without, "http://shop.example/api/");
        assertThat(unknown.disposition()).contains(Disposition.UNKNOWN);
        assertThat(unknown.decisions().last().missing().head().capture()).contains("kubectl get ingresses");
    }

    @Example
    void appliesAddressLists() {
        assertThat(answer(hop(withBackends(), "10.0.1.1:80", "http://shop.example/office", "203.0.113.66")))
                .isEqualTo("REJECTED 403");
        assertThat(answer(hop(withBackends(), "10.0.1.1:80", "http://shop.example/office", "198.51.100.1")))
                .isEqualTo("REJECTED 403");
        assertThat(onPath(hop(withBackends(), "10.0.1.1:80", "http://shop.example/office", "203.0.113.9")))
                .hasSize(1);
        assertThat(answer(hop(withBackends(), "10.0.1.1:80", "http://shop.example/office", "?")))
                .isEqualTo("UNKNOWN ");
        Hop node = hop(withBackends(), "10.0.1.1:80", "http://shop.example/office", "10.0.1.2");
        assertThat(answer(node)).isEqualTo("REJECTED 403");
        assertThat(codes(node)).contains("PP-ING-054", "PP-ING-052");
    }

    @Example
    void tellsDefaultsFromAnswersAsConfigured() {
        Hop lost = hop(withBackends(), "http://lost.example/");
        assertThat(answer(lost)).isEqualTo("REJECTED 404");
        assertThat(codes(lost)).containsExactly("PP-ING-050");
        assertThat(answer(hop(withBackends(), "http://anything/healthz"))).isEqualTo("FIXED_RESPONSE 200");
        Hop denied = hop(withBackends(), "http://shop.example/broken");
        assertThat(answer(denied)).isEqualTo("REJECTED 503");
        assertThat(denied.decisions().last().text()).contains("could not parse auth-secret");
        assertThat(answer(hop(withBackends(), "http://shop.example/../x"))).isEqualTo("REJECTED 400");
        assertThat(answer(hop(withBackends(), "10.0.1.1:443", "http://shop.example/", "203.0.113.9")))
                .isEqualTo("REJECTED 400");
        assertThat(answer(hop(snapshot("current.conf"), "http://lost.example/")))
                .isEqualTo("UNKNOWN ");
    }

    @Example
    void readsUpstreamBlocks() {
        Hop redirect = hop(snapshot("upstream-blocks.conf"), "http://old.example/x");
        assertThat(answer(redirect)).isEqualTo("REDIRECTED 308 https://old.example/x");
        assertThat(redirect.assumptions()).contains("the request carries no header x-forwarded-proto");
        Hop hop = hop(snapshot("upstream-blocks.conf"), "10.0.1.1:443", "https://old.example/x", "203.0.113.9");
        assertThat(onPath(hop).map(Branch::share)).containsExactly(Share.of(3, 4), Share.of(1, 4));
        assertThat(((PodPort) hop.branches().head().to()).service().get().toString())
                .isEqualTo("app/web:80/tcp");
        Hop least = hop(snapshot("upstream-blocks.conf"), "http://old.example/least");
        assertThat(onPath(least).map(Branch::share)).containsOnly(Share.undefined());
    }

    @Example
    void saysWhatIsMissing() {
        Hop none = hop(new Samples.InMemory(), "http://shop.example/");
        assertThat(none.disposition()).contains(Disposition.UNKNOWN);
        assertThat(none.decisions().last().missing().head().capture())
                .isEqualTo("kubectl exec -n ingress controller-abcde -- cat /etc/nginx/nginx.conf"
                        + " > ingress/ingress/controller-abcde/nginx.conf");
        Hop replica = hop(withBackends(), "10.0.3.9:80", "http://shop.example/vip", "203.0.113.9");
        assertThat(replica.assumptions()).anyMatch(text -> text.contains("configuration of its replica"));
        assertThat(((ClusterService) replica.branches().head().to()).vantage())
                .isEqualTo(new Vantage.OnNode("n2", Arrival.of(Arrival.Kind.POD), Option.some(World.REPLICA)));
        Samples.InMemory broken = new Samples.InMemory().with("ingress/" + World.CONTROLLER + "/nginx.conf", "http {");
        assertThat(hop(broken, "http://shop.example/").decisions().last().text())
                .contains("cannot be read");
        assertThat(new IngressNginxProvider().open(broken, World.cluster()).problems())
                .hasSize(1);
    }

    @Example
    void declinesWhatIsNoControllersPort() {
        assertThat(resolve(withBackends(), "10.0.1.1:8443", "http://shop.example/", "203.0.113.9"))
                .isInstanceOf(Resolution.Declined.class);
        assertThat(resolve(withBackends(), "10.0.2.1:8080", "http://shop.example/", "203.0.113.9"))
                .isInstanceOf(Resolution.Declined.class);
        assertThat(resolve(new Samples.InMemory(), "10.0.1.1:8443", "http://shop.example/", "203.0.113.9"))
                .isInstanceOf(Resolution.Declined.class);
    }

    @Example
    void isDeterministicAndTotalForDamagedDocuments() {
        byte[] conf = Samples.bytes("current.conf");
        for (int i = 0; i < conf.length; i += 97) {
            byte[] damaged = conf.clone();
            damaged[i] = (byte) (damaged[i] ^ 0x15);
            Samples.InMemory snapshot = new Samples.InMemory()
                    .with("ingress/" + World.CONTROLLER + "/nginx.conf", damaged)
                    .with(
                            "ingress/" + World.CONTROLLER + "/backends.json",
                            BACKENDS.substring(0, Math.min(i, BACKENDS.length())))
                    .with("kubernetes/ingresses.json", INGRESSES.substring(0, Math.min(i, INGRESSES.length())));
            for (String url : Vector.of("http://shop.example/api", "http://lost.example/", "https://x.wild.example/")) {
                String to = url.startsWith("https") ? "10.0.1.1:443" : "10.0.1.1:80";
                assertThat(resolve(snapshot, to, url, "203.0.113.9"))
                        .isEqualTo(resolve(snapshot, to, url, "203.0.113.9"));
            }
        }
    }
}
