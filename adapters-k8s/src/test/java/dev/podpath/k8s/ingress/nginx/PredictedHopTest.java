package dev.podpath.k8s.ingress.nginx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.location.ClusterService;
import dev.podpath.core.location.Flow;
import dev.podpath.core.location.HttpRequest;
import dev.podpath.core.location.PodPort;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.resolve.Resolution;
import dev.podpath.core.trace.Branch;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.Hop;
import dev.podpath.core.trace.Share;
import dev.podpath.core.trace.Target;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import net.jqwik.api.Example;
import net.jqwik.api.Label;

/** The hop at a controller of which only the Ingress objects were captured, and what they show beside its configuration. */
class PredictedHopTest {
    private static final String CLASSES =
            "{\"items\":[{\"metadata\":{\"name\":\"nginx\"},\"spec\":{\"controller\":\"k8s.io/ingress-nginx\"}}]}";
    private static final String OFF = "\"nginx.ingress.kubernetes.io/ssl-redirect\":\"false\"";

    private static String ingress(String name, String day, String annotations, String spec) {
        return "{\"metadata\":{\"namespace\":\"app\",\"name\":\"" + name + "\",\"creationTimestamp\":\"2026-01-" + day
                + "T00:00:00Z\",\"annotations\":{" + annotations + "}},\"spec\":{\"ingressClassName\":\"nginx\"," + spec
                + "}}";
    }

    private static String rule(String host, String path, String service) {
        return "\"rules\":[{\"host\":\"" + host + "\",\"http\":{\"paths\":[{\"path\":\"" + path
                + "\",\"pathType\":\"Prefix\",\"backend\":{\"service\":{\"name\":\"" + service
                + "\",\"port\":{\"number\":80}}}}]}}]";
    }

    private static Samples.InMemory objects(String... ingresses) {
        return new Samples.InMemory()
                .with("kubernetes/ingresses.json", "{\"items\":[" + String.join(",", ingresses) + "]}")
                .with("kubernetes/ingressclasses.json", CLASSES);
    }

    private static Hop hop(Samples.InMemory snapshot, String url) {
        return hop(snapshot, url, "http");
    }

    private static Hop hop(Samples.InMemory snapshot, String url, String asked) {
        int slash = url.indexOf('/', 7);
        HttpRequest request = new HttpRequest("http", url.substring(7, slash), url.substring(slash), asked);
        PodPort at = new PodPort(
                AddressPort.parse("10.0.1.1:80").get(),
                Option.none(),
                new Flow(Protocol.TCP, Option.some(IpAddress.of("203.0.113.9")), Option.some(request)));
        return ((Resolution.Resolved) new IngressNginxProvider()
                        .open(snapshot, World.cluster())
                        .value()
                        .head()
                        .resolve(at))
                .hop();
    }

    private static Vector<String> onPath(Hop hop) {
        return hop.branches().reject(Branch::isAside).map(branch -> branch.to().label() + " " + branch.share());
    }

    private static Vector<String> codes(Hop hop) {
        return hop.findings().map(finding -> finding.code().code());
    }

    private static String answer(Hop hop) {
        return hop.disposition().get() + " "
                + hop.target().flatMap(Target::answer).getOrElse("");
    }

    @Example
    @Label("without nginx.conf the Ingress objects lead to the endpoints, and the trace says that this is predicted")
    void predicts() {
        Hop hop = hop(objects(ingress("web", "01", OFF, rule("web.example", "/", "web"))), "http://web.example/x");
        assertThat(onPath(hop)).containsExactly("pod address 10.0.2.1:8080 1/2", "pod address 10.0.2.2:8080 1/2");
        assertThat(hop.assumptions()).anyMatch(text -> text.contains("nginx.conf was not captured"));
        assertThat(hop.decisions().flatMap(decision -> decision.evidence()).map(evidence -> evidence.document()))
                .isNotEmpty()
                .allMatch(document -> document.startsWith("kubernetes/"));
        assertThat(codes(hop)).isEmpty();
    }

    @Example
    @Label("a predicted canary takes its weight; service-upstream leads to the cluster address")
    void canaryAndClusterIp() {
        String canary =
                "\"nginx.ingress.kubernetes.io/canary\":\"true\",\"nginx.ingress.kubernetes.io/canary-weight\":\"20\"";
        Hop hop = hop(
                objects(
                        ingress("web", "01", OFF, rule("web.example", "/", "web")),
                        ingress("next", "02", canary, rule("web.example", "/", "api"))),
                "http://web.example/x");
        assertThat(onPath(hop))
                .containsExactly(
                        "pod address 10.0.2.1:8080 2/5",
                        "pod address 10.0.2.2:8080 2/5",
                        "pod address 10.0.2.3:8080 1/5");
        Hop vip = hop(
                objects(ingress(
                        "web",
                        "01",
                        OFF + ",\"nginx.ingress.kubernetes.io/service-upstream\":\"true\"",
                        rule("web.example", "/", "web"))),
                "http://web.example/x");
        assertThat(vip.branches().head().to()).isInstanceOf(ClusterService.class);
        assertThat(vip.branches().head().share()).isEqualTo(Share.all());
    }

    @Example
    @Label("what the client gets where nobody serves: 404 of the default server or location, 503, 403, a redirect")
    void answers() {
        Samples.InMemory all = objects(
                ingress("web", "01", OFF, rule("web.example", "/web", "web")),
                ingress("gone", "01", OFF, rule("gone.example", "/", "gone")),
                ingress(
                        "list",
                        "01",
                        OFF + ",\"nginx.ingress.kubernetes.io/whitelist-source-range\":\"10.0.0.0/8\"",
                        rule("list.example", "/", "web")),
                ingress(
                        "tls",
                        "01",
                        "",
                        rule("tls.example", "/", "web")
                                + ",\"tls\":[{\"hosts\":[\"tls.example\"],\"secretName\":\"s\"}]"));
        assertThat(answer(hop(all, "http://else.example/"))).isEqualTo("REJECTED 404");
        assertThat(answer(hop(all, "http://web.example/"))).isEqualTo("REJECTED 404");
        assertThat(answer(hop(all, "http://gone.example/"))).isEqualTo("REJECTED 503");
        assertThat(codes(hop(all, "http://gone.example/"))).containsExactly("PP-ING-051");
        assertThat(answer(hop(all, "http://list.example/"))).isEqualTo("REJECTED 403");
        assertThat(answer(hop(all, "http://tls.example/a"))).isEqualTo("REDIRECTED 308 https://tls.example/a");
        assertThat(answer(hop(all, "http://web.example/webx"))).isEqualTo("REJECTED 404");
    }

    @Example
    @Label("an ignored Ingress is named with the reason; one of the class is not")
    void ignored() {
        String spec = "\"rules\":[{\"host\":\"lost.example\"}]";
        String lost = ingress("lost", "01", "", spec)
                .replace("\"ingressClassName\":\"nginx\"", "\"ingressClassName\":\"other\"");
        Hop predicted = hop(objects(lost), "http://lost.example/");
        assertThat(codes(predicted)).contains("PP-ING-050");
        assertThat(predicted.decisions().map(decision -> decision.text()).mkString("\n"))
                .contains("there is no IngressClass other");
        Samples.InMemory captured =
                objects(lost).with("ingress/" + World.CONTROLLER + "/nginx.conf", Samples.bytes("current.conf"));
        assertThat(hop(captured, "http://lost.example/").findings().head().message())
                .contains("there is no IngressClass other");
        assertThat(codes(hop(
                        objects(ingress("web", "01", OFF, rule("web.example", "/", "web"))), "http://web.example/")))
                .isEmpty();
    }

    @Example
    @Label("a configuration that is not what the objects say is a finding; the same configuration is none")
    void notInForce() {
        String conf = predictedConf(ingress("web", "01", OFF, rule("web.example", "/", "web")));
        Samples.InMemory now = objects(ingress("web", "01", OFF, rule("web.example", "/", "api")))
                .with("ingress/" + World.CONTROLLER + "/nginx.conf", conf);
        Hop hop = hop(now, "http://web.example/");
        assertThat(codes(hop)).containsExactly("PP-ING-058");
        assertThat(hop.findings().head().message()).contains("app-web-80").contains("app-api-80");
        Samples.InMemory twin = objects(ingress("web", "01", OFF, rule("web.example", "/", "web")))
                .with("ingress/" + World.CONTROLLER + "/nginx.conf", conf);
        assertThat(codes(hop(twin, "http://web.example/"))).isEmpty();
        Samples.InMemory fresh = objects(
                        ingress("web", "01", OFF, rule("web.example", "/", "web")),
                        ingress("new", "02", OFF, rule("new.example", "/", "api")))
                .with("ingress/" + World.CONTROLLER + "/nginx.conf", conf);
        assertThat(codes(hop(fresh, "http://new.example/")))
                .as("it was not reloaded")
                .containsExactly("PP-ING-058");
    }

    private static String predictedConf(String ingress) {
        Predictions predictions = new Predictions(objects(ingress), World.cluster());
        return new String(
                predictions
                        .of(World.cluster().pod("ingress/controller-abcde").get())
                        .get()
                        .prediction()
                        .conf()
                        .bytes(),
                java.nio.charset.StandardCharsets.UTF_8);
    }

    @Example
    @Label("a path that an older Ingress has is told of; a path of its own is not")
    void overruled() {
        String old = ingress("old", "01", OFF, rule("web.example", "/", "web"));
        Hop hop = hop(objects(old, ingress("new", "02", OFF, rule("web.example", "/", "api"))), "http://web.example/");
        assertThat(codes(hop)).containsExactly("PP-ING-059");
        assertThat(codes(hop(
                        objects(old, ingress("new", "02", OFF, rule("web.example", "/api", "api"))),
                        "http://web.example/")))
                .isEmpty();
    }

    @Example
    @Label("a client that came by HTTPS is redirected for ever where TLS ends in front; a plain one is not")
    void redirectLoop() {
        Samples.InMemory tls = objects(ingress(
                "tls",
                "01",
                "",
                rule("tls.example", "/", "web") + ",\"tls\":[{\"hosts\":[\"tls.example\"],\"secretName\":\"s\"}]"));
        assertThat(codes(hop(tls, "http://tls.example/", "https"))).containsExactly("PP-ING-057");
        assertThat(codes(hop(tls, "http://tls.example/"))).isEmpty();
    }

    @Example
    @Label("what nginx would refuse is not taken for what it does")
    void refused() {
        String twice = ingress(
                "a",
                "01",
                OFF,
                rule("web.example", "/x", "web")
                        .replace(
                                "]}}]",
                                ",{\"path\":\"/x/\",\"pathType\":\"Prefix\",\"backend\":{\"service\":{\"name\":\"api\",\"port\":{\"number\":80}}}}]}}]"));
        Hop hop = hop(objects(twice), "http://web.example/x");
        assertThat(hop.disposition()).contains(Disposition.UNKNOWN);
        assertThat(hop.decisions().last().text()).contains("nginx refuses").contains("twice");
    }
}
