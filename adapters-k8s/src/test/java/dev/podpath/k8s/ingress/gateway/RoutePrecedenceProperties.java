package dev.podpath.k8s.ingress.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.location.HttpRequest;
import dev.podpath.core.location.RequestHead;
import dev.podpath.k8s.objects.ObjectList;
import dev.podpath.ports.snapshot.Document;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The winner among matches is the one that the text of the standard names, found here by throwing out losers criterion by criterion. */
class RoutePrecedenceProperties {
    private static final ObjectList NONE = new ObjectList(false, Vector.empty(), Vector.empty());

    /** A rule of one match, as generated. */
    record Spec(int route, String host, String type, String path, String method, int headers, String query) {
        String match() {
            List<String> parts = new ArrayList<>();
            parts.add("\"path\":{\"type\":\"" + type + "\",\"value\":\"" + path + "\"}");
            if (!method.isEmpty()) {
                parts.add("\"method\":\"" + method + "\"");
            }
            if (headers > 0) {
                parts.add("\"headers\":[{\"name\":\"x\",\"value\":\"1\"}]");
            }
            if (!query.isEmpty()) {
                parts.add("\"queryParams\":[{\"name\":\"q\",\"value\":\"" + query + "\"}]");
            }
            return "{\"matches\":[{" + String.join(",", parts) + "}]}";
        }
    }

    @Provide
    Arbitrary<List<Spec>> specs() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 3),
                        Arbitraries.of("", "a.example", "*.example", "b.a.example", "*.a.example"),
                        Arbitraries.of("Exact", "PathPrefix", "PathPrefix"),
                        Arbitraries.of("/", "/a", "/a/", "/a/b", "/ab", "/A"),
                        Arbitraries.of("", "", "GET", "POST"),
                        Arbitraries.of(0, 0, 0, 1),
                        Arbitraries.of("", "", "1", "2"))
                .as(Spec::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(8);
    }

    @Provide
    Arbitrary<HttpRequest> requests() {
        return Combinators.combine(
                        Arbitraries.of("a.example", "b.a.example", "c.b.a.example", "x.example", "example"),
                        Arbitraries.of(
                                "/", "/a", "/a/", "/a/b", "/a/b/c", "/ab", "/abc", "/a?q=1", "/a/b?q=1&z=2", "/A/x"),
                        Arbitraries.of("GET", "GET", "POST"),
                        Arbitraries.of("", "", "X: 1", "x: 2"))
                .as((host, path, method, header) -> new HttpRequest("http", host, path)
                        .with(RequestHead.parse(method, header.isEmpty() ? Vector.empty() : Vector.of(header))
                                .get()));
    }

    private static Json json(String text) {
        return new Document("kubernetes/x.json", text.getBytes(StandardCharsets.UTF_8))
                .json()
                .get();
    }

    /** Rules with one number and host are rules of one route; routes are as old as their number is low. */
    private static Vector<Route> routes(List<Spec> specs) {
        return Vector.ofAll(specs)
                .groupBy(spec -> spec.route() + "|" + spec.host())
                .toVector()
                .sortBy(group -> group._1)
                .map(group -> {
                    Spec first = group._2.head();
                    String hosts = first.host().isEmpty() ? "" : "\"hostnames\":[\"" + first.host() + "\"],";
                    return new Route(
                            Route.Kind.HTTPRoute,
                            json("{\"metadata\":{\"namespace\":\"ns\",\"name\":\"r-" + group._1
                                    + "\",\"creationTimestamp\":\"2026-01-0" + (1 + first.route() / 2)
                                    + "T00:00:00Z\"},\"spec\":{\"parentRefs\":[{\"name\":\"gw\"}]," + hosts
                                    + "\"rules\":["
                                    + group._2.map(Spec::match).mkString(",") + "]}}"));
                });
    }

    private static Listener listener(String host) {
        String hostname = host.isEmpty() ? "" : ",\"hostname\":\"" + host + "\"";
        Json gateway = json(
                "{\"metadata\":{\"namespace\":\"ns\",\"name\":\"gw\"},\"spec\":{\"listeners\":[{\"name\":\"web\",\"port\":80,\"protocol\":\"HTTP\""
                        + hostname + "}]}}");
        return new Listener(gateway, gateway.items("spec", "listeners").head());
    }

    private static boolean covers(String pattern, String host) {
        return pattern.isEmpty()
                || pattern.equals(host)
                || pattern.startsWith("*") && host.endsWith(pattern.substring(1)) && host.length() >= pattern.length();
    }

    private static boolean fits(Spec spec, HttpRequest request) {
        String[] parts = request.path().split("\\?", 2);
        String path = parts[0];
        String bare = spec.path().length() > 1 && spec.path().endsWith("/")
                ? spec.path().substring(0, spec.path().length() - 1)
                : spec.path();
        boolean byPath = spec.type().equals("Exact")
                ? path.equals(spec.path())
                : bare.equals("/") || path.equals(bare) || path.startsWith(bare + "/");
        boolean byQuery = spec.query().isEmpty()
                || parts.length > 1 && List.of(parts[1].split("&")).contains("q=" + spec.query());
        return covers(spec.host(), request.host())
                && byPath
                && (spec.method().isEmpty()
                        || spec.method().equals(request.head().method()))
                && (spec.headers() == 0 || request.head().field("x").contains("1"))
                && byQuery;
    }

    @Property(tries = 1_000)
    @Label("the match that wins is the standard's")
    void precedence(@ForAll("specs") List<Spec> specs, @ForAll("requests") HttpRequest request) {
        List<Spec> left = new ArrayList<>(
                specs.stream().filter(spec -> fits(spec, request)).toList());
        keepBest(
                left,
                spec -> spec.host().startsWith("*") || spec.host().isEmpty()
                        ? 0
                        : spec.host().length());
        keepBest(left, spec -> spec.host().length());
        keepBest(left, spec -> spec.type().equals("Exact") ? 1 : 0);
        keepBest(left, spec -> spec.type().equals("Exact") ? 0 : spec.path().length());
        keepBest(left, spec -> spec.method().isEmpty() ? 0 : 1);
        keepBest(left, RoutePrecedenceProperties.Spec::headers);
        keepBest(left, spec -> spec.query().isEmpty() ? 0 : 1);
        keepBest(left, spec -> -(spec.route() / 2));
        keepBest(left, spec -> -spec.route());
        Vector<Candidate> found = new RouteTable(routes(specs), NONE)
                .candidates(listener(""), request)
                .get();
        assertThat(found.isEmpty()).isEqualTo(left.isEmpty());
        if (!left.isEmpty()) {
            String expected = "r-" + left.get(0).route() + "|" + left.get(0).host();
            assertThat(found.head().rule().route().id()).isEqualTo("ns/" + expected);
            assertThat(found.head().rule().json().toString())
                    .isEqualTo(json(left.get(0).match()).toString());
        }
    }

    private static void keepBest(List<Spec> left, java.util.function.ToIntFunction<Spec> score) {
        int best = left.stream().mapToInt(score).max().orElse(0);
        left.removeIf(spec -> score.applyAsInt(spec) < best);
    }

    @Property(tries = 400)
    @Label("a host fits two patterns at once only if they are said to meet")
    void meeting(
            @ForAll("patterns") String one, @ForAll("patterns") String other, @ForAll("requests") HttpRequest request) {
        HostPattern a = new HostPattern(one);
        HostPattern b = new HostPattern(other);
        assertThat(a.meets(b)).isEqualTo(b.meets(a));
        if (a.covers(request.host()) && b.covers(request.host())) {
            assertThat(a.meets(b)).isTrue();
        }
    }

    @Provide
    Arbitrary<String> patterns() {
        return Arbitraries.of("", "a.example", "*.example", "b.a.example", "*.a.example", "example", "*.other");
    }

    @Example
    @Label("the most specific listener takes the request")
    void listeners() {
        Vector<Listener> all = Vector.of("", "*.example", "a.example").map(RoutePrecedenceProperties::listener);
        assertThat(RouteTable.listener(all, 80, new HttpRequest("http", "a.example", "/"))
                        .get()
                        .host()
                        .text())
                .isEqualTo("a.example");
        assertThat(RouteTable.listener(all, 80, new HttpRequest("http", "b.example", "/"))
                        .get()
                        .host()
                        .text())
                .isEqualTo("*.example");
        assertThat(RouteTable.listener(all, 80, new HttpRequest("http", "c.org", "/"))
                        .get()
                        .host()
                        .text())
                .isEmpty();
        assertThat(RouteTable.listener(all, 81, new HttpRequest("http", "c.org", "/")))
                .isEmpty();
        assertThat(RouteTable.listener(all, 80, new HttpRequest("https", "c.org", "/")))
                .isEmpty();
    }
}
