package dev.podpath.k8s.ingress.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.location.Flow;
import dev.podpath.core.location.HttpRequest;
import dev.podpath.core.location.PodPort;
import dev.podpath.core.location.RequestHead;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.resolve.Resolution;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.Hop;
import dev.podpath.core.trace.Target;
import dev.podpath.k8s.objects.KubernetesInventory;
import dev.podpath.ports.snapshot.MemorySnapshot;
import dev.podpath.ports.snapshot.Snapshot;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Example;
import net.jqwik.api.Label;

class GatewayHopTest {
    private static final String GATEWAY =
            "{\"metadata\":{\"namespace\":\"edge\",\"name\":\"gw\"},\"spec\":{\"listeners\":[{\"name\":\"web\",\"port\":80,\"protocol\":\"HTTP\",\"hostname\":\"*.example\",\"allowedRoutes\":{\"namespaces\":{\"from\":\"FROM\"}}}]}}";

    private static String list(String... items) {
        return "{\"kind\":\"List\",\"items\":[" + String.join(",", items) + "]}";
    }

    private static String service(String namespace, String name, String labels, int port, int target) {
        return "{\"kind\":\"Service\",\"metadata\":{\"namespace\":\"" + namespace + "\",\"name\":\"" + name
                + "\",\"labels\":{" + labels
                + "}},\"spec\":{\"clusterIP\":\"10.96.0." + (name.length() + 1) + "\",\"ports\":[{\"port\":" + port
                + ",\"targetPort\":" + target
                + ",\"protocol\":\"TCP\"}]}}";
    }

    private static String slice(String namespace, String service, int port, String... addresses) {
        return "{\"kind\":\"EndpointSlice\",\"metadata\":{\"namespace\":\"" + namespace + "\",\"name\":\"" + service
                + "-1\",\"labels\":{\"kubernetes.io/service-name\":\"" + service
                + "\"}},\"addressType\":\"IPv4\",\"ports\":[{\"name\":\"\",\"protocol\":\"TCP\",\"port\":" + port
                + "}],\"endpoints\":["
                + Vector.of(addresses)
                        .map(each -> "{\"addresses\":[\"" + each + "\"]}")
                        .mkString(",") + "]}";
    }

    private static Map<String, String> world(String routes) {
        Map<String, String> documents = new TreeMap<>();
        documents.put("kubernetes/gateways.json", list(GATEWAY.replace("FROM", "All")));
        documents.put("kubernetes/httproutes.json", list(routes));
        documents.put(
                "kubernetes/services.json",
                list(
                        service("edge", "gw-envoy", "\"gateway.networking.k8s.io/gateway-name\":\"gw\"", 80, 10080),
                        service("app", "web", "", 80, 8080),
                        service("app", "canary", "", 80, 8080),
                        service("app", "empty", "", 80, 8080),
                        service("other", "shared", "", 80, 8080)));
        documents.put(
                "kubernetes/endpointslices.json",
                list(
                        slice("edge", "gw-envoy", 10080, "10.0.1.1"),
                        slice("app", "web", 8080, "10.0.2.1", "10.0.2.2"),
                        slice("app", "canary", 8080, "10.0.2.3"),
                        slice("other", "shared", 8080, "10.0.2.4")));
        documents.put(
                "kubernetes/pods.json",
                list(
                        "{\"kind\":\"Pod\",\"metadata\":{\"namespace\":\"edge\",\"name\":\"envoy\"},\"spec\":{\"nodeName\":\"n1\"},\"status\":{\"phase\":\"Running\",\"podIP\":\"10.0.1.1\"}}"));
        return documents;
    }

    private static String route(String spec) {
        return "{\"metadata\":{\"namespace\":\"app\",\"name\":\"r\"},\"spec\":{\"parentRefs\":[{\"name\":\"gw\",\"namespace\":\"edge\"}],\"hostnames\":[\"shop.example\"],\"rules\":["
                + spec + "]}}";
    }

    private static String backends(String... refs) {
        return "\"backendRefs\":["
                + Vector.of(refs)
                        .map(ref -> ref.split(" "))
                        .map(parts -> "{\"name\":\"" + parts[0] + "\",\"port\":80,\"weight\":" + parts[1]
                                + (parts.length > 2 ? ",\"namespace\":\"" + parts[2] + "\"" : "") + "}")
                        .mkString(",")
                + "]";
    }

    private static Hop hop(Map<String, String> documents, String host, String path) {
        return hop(documents, new HttpRequest("http", host, path));
    }

    private static Hop hop(Map<String, String> documents, HttpRequest request) {
        Snapshot snapshot = MemorySnapshot.of(documents);
        PodPort at = new PodPort(
                AddressPort.parse("10.0.1.1:10080").get(),
                Option.none(),
                new Flow(Protocol.TCP, Option.none(), Option.some(request)));
        return ((Resolution.Resolved) new GatewayProvider()
                        .open(snapshot, new KubernetesInventory().read(snapshot).value())
                        .value()
                        .head()
                        .resolve(at))
                .hop();
    }

    private static Vector<String> branches(Hop hop) {
        return hop.branches().map(branch -> branch.to().label() + " " + branch.share());
    }

    private static String answer(Hop hop) {
        return hop.disposition().get() + " "
                + hop.target().flatMap(Target::answer).getOrElse("");
    }

    private static Vector<String> codes(Hop hop) {
        return hop.findings().map(finding -> finding.code().code());
    }

    @Example
    @Label("weights are exact parts of the requests, also of those that get 500 or 503")
    void weights() {
        Hop hop = hop(world(route("{" + backends("web 3", "canary 1") + "}")), "shop.example", "/");
        assertThat(branches(hop))
                .containsExactly(
                        "pod address 10.0.2.1:8080 3/8",
                        "pod address 10.0.2.2:8080 3/8",
                        "pod address 10.0.2.3:8080 1/4");
        assertThat(codes(hop)).isEmpty();
        Hop broken = hop(
                world(route("{" + backends("web 1", "nobody 1", "empty 2", "canary 0") + "}")), "shop.example", "/");
        assertThat(branches(broken))
                .containsExactly(
                        "pod address 10.0.2.1:8080 1/8",
                        "pod address 10.0.2.2:8080 1/8",
                        "the data plane answers 500 1/4",
                        "the data plane answers 503 1/2");
        assertThat(codes(broken)).containsExactly("PP-ING-071", "PP-ING-072");
    }

    @Example
    @Label("a service of another namespace needs a ReferenceGrant there")
    void grants() {
        Map<String, String> without = world(route("{" + backends("shared 1 other") + "}"));
        assertThat(codes(hop(without, "shop.example", "/"))).containsExactly("PP-ING-071");
        without.put(
                "kubernetes/referencegrants.json",
                list(
                        "{\"metadata\":{\"namespace\":\"other\",\"name\":\"g\"},\"spec\":{\"from\":[{\"group\":\"gateway.networking.k8s.io\",\"kind\":\"HTTPRoute\",\"namespace\":\"app\"}],\"to\":[{\"group\":\"\",\"kind\":\"Service\"}]}}"));
        Hop granted = hop(without, "shop.example", "/");
        assertThat(codes(granted)).isEmpty();
        assertThat(branches(granted)).containsExactly("pod address 10.0.2.4:8080 1");
    }

    @Example
    @Label("404 where no listener or no route fits; a route that is kept out is named with the reason")
    void notFound() {
        Map<String, String> documents = world(
                route("{\"matches\":[{\"path\":{\"type\":\"Exact\",\"value\":\"/x\"}}]," + backends("web 1") + "}"));
        assertThat(answer(hop(documents, "shop.example", "/y"))).isEqualTo("REJECTED 404");
        assertThat(answer(hop(documents, "shop.org", "/x"))).isEqualTo("REJECTED 404");
        assertThat(branches(hop(documents, "shop.example", "/x"))).hasSize(2);
        assertThat(codes(hop(documents, "shop.example", "/y"))).isEmpty();
        documents.put("kubernetes/gateways.json", list(GATEWAY.replace("FROM", "Same")));
        Hop refused = hop(documents, "shop.example", "/x");
        assertThat(answer(refused)).isEqualTo("REJECTED 404");
        assertThat(codes(refused)).containsExactly("PP-ING-070");
        assertThat(refused.findings().head().message()).contains("own namespace only");
    }

    @Example
    @Label("filters redirect, rewrite and are noted")
    void filters() {
        String redirect =
                "{\"filters\":[{\"type\":\"RequestRedirect\",\"requestRedirect\":{\"scheme\":\"https\",\"statusCode\":301}}]}";
        assertThat(answer(hop(world(route(redirect)), "shop.example", "/a?b=c")))
                .isEqualTo("REDIRECTED 301 https://shop.example/a?b=c");
        String rewrite =
                "{\"matches\":[{\"path\":{\"value\":\"/old\"}}],\"filters\":[{\"type\":\"URLRewrite\",\"urlRewrite\":{\"hostname\":\"in.example\",\"path\":{\"type\":\"ReplacePrefixMatch\",\"replacePrefixMatch\":\"/\"}}},"
                        + "{\"type\":\"RequestMirror\",\"requestMirror\":{\"backendRef\":{\"name\":\"canary\"}}}],"
                        + backends("web 1") + "}";
        Hop rewritten = hop(world(route(rewrite)), "shop.example", "/old/x?q=1");
        HttpRequest sent =
                ((PodPort) rewritten.branches().head().to()).flow().http().get();
        assertThat(sent.host() + sent.path()).isEqualTo("in.example/x?q=1");
        assertThat(rewritten.decisions().map(each -> each.text()).mkString("\n"))
                .contains("a copy of the request goes to service canary");
    }

    private static HttpRequest asked(String method, String path, String... headers) {
        return new HttpRequest("http", "shop.example", path)
                .with(RequestHead.parse(method, Vector.of(headers)).get());
    }

    @Example
    @Label("method, headers and parameters choose by their values, exact or by expression")
    void heads() {
        String rules =
                "{\"matches\":[{\"headers\":[{\"name\":\"X-Env\",\"value\":\"canary\"},{\"name\":\"x-env\",\"value\":\"second\"}]},"
                        + "{\"headers\":[{\"name\":\"agent\",\"type\":\"RegularExpression\",\"value\":\"curl/[0-9.]+\"}]},"
                        + "{\"queryParams\":[{\"name\":\"v\",\"type\":\"RegularExpression\",\"value\":\"2.*\"}]},"
                        + "{\"method\":\"POST\",\"path\":{\"value\":\"/pay\"}}],"
                        + backends("canary 1") + "},{" + backends("web 1") + "}";
        Map<String, String> documents = world(route(rules));
        for (HttpRequest to : Vector.of(
                asked("GET", "/", "x-env: canary"),
                asked("GET", "/", "Agent: curl/8.9"),
                asked("GET", "/?v=2b"),
                asked("POST", "/pay/now"))) {
            assertThat(branches(hop(documents, to))).as(to.toString()).containsExactly("pod address 10.0.2.3:8080 1");
        }
        for (HttpRequest other : Vector.of(
                asked("GET", "/", "x-env: second"),
                asked("GET", "/", "agent: wget/1"),
                asked("GET", "/?v=1&v=2"),
                asked("GET", "/pay"))) {
            assertThat(branches(hop(documents, other))).as(other.toString()).hasSize(2);
        }
    }

    private static String grpcRoute(String matches) {
        return "{\"metadata\":{\"namespace\":\"app\",\"name\":\"g\"},\"spec\":{\"parentRefs\":[{\"name\":\"gw\",\"namespace\":\"edge\"}],\"rules\":["
                + "{\"matches\":[" + matches + "]," + backends("canary 1") + "},{" + backends("web 1") + "}]}}";
    }

    @Example
    @Label("a call of gRPC is a POST for its service and method; a GRPCRoute chooses by either or both")
    void grpc() {
        Map<String, String> documents = world(route("{}").replace("shop.example", "none.example"));
        for (String match : Vector.of(
                "{\"method\":{\"service\":\"shop.Cart\",\"method\":\"Add\"}}",
                "{\"method\":{\"service\":\"shop.Cart\"}}",
                "{\"method\":{\"method\":\"Add\"}}",
                "{\"method\":{\"type\":\"RegularExpression\",\"service\":\"shop[.].*\"}}",
                "{\"method\":{\"service\":\"shop.Cart\"},\"headers\":[{\"name\":\"tenant\",\"value\":\"a\"}]}")) {
            documents.put("kubernetes/grpcroutes.json", list(grpcRoute(match)));
            boolean expression = match.contains("Regular") || !match.contains("service");
            Hop hop = hop(documents, asked("POST", "/shop.Cart/Add", "tenant: a"));
            assertThat(expression ? Vector.of("pod address 10.0.2.3:8080 1") : branches(hop))
                    .as(match)
                    .containsExactly("pod address 10.0.2.3:8080 1");
            assertThat(hop.disposition().contains(Disposition.UNKNOWN))
                    .as(match)
                    .isEqualTo(expression);
            assertThat(branches(hop(documents, asked("POST", "/other.Cart/List", "tenant: b"))))
                    .as(match)
                    .hasSize(2);
        }
    }

    @Example
    @Label(
            "a TLSRoute takes the connection by its server name and leaves TLS to the pod; other kinds cannot be attached there")
    void passThrough() {
        Map<String, String> documents = world(route("{" + backends("web 1") + "}"));
        documents.put(
                "kubernetes/gateways.json",
                list(
                        "{\"metadata\":{\"namespace\":\"edge\",\"name\":\"gw\"},\"spec\":{\"listeners\":[{\"name\":\"tls\",\"port\":80,\"protocol\":\"TLS\",\"tls\":{\"mode\":\"Passthrough\"},\"allowedRoutes\":{\"namespaces\":{\"from\":\"All\"}}}]}}"));
        HttpRequest request = new HttpRequest("https", "shop.example", "/");
        assertThat(answer(hop(documents, request))).isEqualTo("REJECTED ");
        documents.put("kubernetes/tlsroutes.json", list(route("{" + backends("canary 1") + "}")));
        Hop hop = hop(documents, request);
        assertThat(branches(hop)).containsExactly("pod address 10.0.2.3:8080 1");
        PodPort to = (PodPort) hop.branches().head().to();
        assertThat(to.flow().http().get().scheme()).isEqualTo("https");
        assertThat(hop.decisions().map(each -> each.text()).mkString("\n")).contains("TLS is left to the backend");
    }

    @Example
    @Label("a backend without ready endpoints is a finding; ready again, it is none")
    void noEndpoints() {
        Map<String, String> documents = world(route("{" + backends("empty 1") + "}"));
        Hop hop = hop(documents, "shop.example", "/");
        assertThat(branches(hop)).containsExactly("the data plane answers 503 1");
        assertThat(codes(hop)).containsExactly("PP-ING-072");
        documents.compute(
                "kubernetes/endpointslices.json",
                (path, text) -> text.replace(
                        "{\"kind\":\"List\",\"items\":[",
                        "{\"kind\":\"List\",\"items\":[" + slice("app", "empty", 8080, "10.0.2.9") + ","));
        Hop mended = hop(documents, "shop.example", "/");
        assertThat(branches(mended)).containsExactly("pod address 10.0.2.9:8080 1");
        assertThat(codes(mended)).isEmpty();
    }

    @Example
    @Label("what was not captured is not taken for absent; a rule without backends answers 500")
    void missing() {
        Map<String, String> documents = world(route("{" + backends("web 1") + "}"));
        documents.remove("kubernetes/httproutes.json");
        assertThat(hop(documents, "shop.example", "/").disposition()).contains(Disposition.UNKNOWN);
        assertThat(branches(hop(world(route("{}")), "shop.example", "/")))
                .containsExactly("the data plane answers 500 1");
    }

    @Example
    @Label("a regular expression beside another match is left to the implementation")
    void expressions() {
        String rules = "{\"matches\":[{\"path\":{\"type\":\"RegularExpression\",\"value\":\"/u[0-9]+\"}}],"
                + backends("canary 1") + "},{" + backends("web 1") + "}";
        assertThat(hop(world(route(rules)), "shop.example", "/u7").disposition())
                .contains(Disposition.UNKNOWN);
        assertThat(branches(hop(world(route(rules)), "shop.example", "/x"))).hasSize(2);
    }
}
