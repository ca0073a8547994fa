package dev.podpath.k8s.ingress.nginx.predict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.k8s.ingress.nginx.conf.NginxConf;
import dev.podpath.k8s.ingress.nginx.request.Fate;
import dev.podpath.k8s.ingress.nginx.request.HttpArrival;
import dev.podpath.k8s.ingress.nginx.request.RequestWalk;
import dev.podpath.k8s.ingress.nginx.request.Walked;
import dev.podpath.k8s.ingress.nginx.select.HttpConf;
import dev.podpath.k8s.objects.ObjectList;
import dev.podpath.ports.snapshot.Document;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class PredictionTest {
    private static final ObjectList NONE = new ObjectList(false, Vector.empty(), Vector.empty());

    private static Json json(String text) {
        return new Document("kubernetes/ingresses.json", text.getBytes(StandardCharsets.UTF_8))
                .json()
                .get();
    }

    private static Prediction predict(ControllerFlags flags, String... ingresses) {
        return Prediction.of(
                "predicted",
                json("[" + String.join(",", ingresses) + "]")
                        .items()
                        .map(item -> new IngressObject(item, flags.annotationsPrefix())),
                NONE,
                flags,
                ControllerSettings.defaults(),
                Cluster.unknown());
    }

    private static Prediction predict(String... ingresses) {
        return predict(ControllerFlags.defaults(), ingresses);
    }

    /** An Ingress of class nginx; paths as {@code TYPE PATH SERVICE}. */
    private static String ingress(String name, String day, String annotations, String host, String... paths) {
        Vector<String> written = Vector.of(paths).map(path -> {
            String[] parts = path.split(" ");
            return "{\"pathType\":\"" + parts[0] + "\",\"path\":\"" + parts[1]
                    + "\",\"backend\":{\"service\":{\"name\":\"" + parts[2] + "\",\"port\":{\"number\":80}}}}";
        });
        return "{\"metadata\":{\"namespace\":\"app\",\"name\":\"" + name + "\",\"creationTimestamp\":\"2026-01-" + day
                + "T00:00:00Z\",\"annotations\":{" + annotations
                + "}},\"spec\":{\"ingressClassName\":\"nginx\",\"rules\":[{\"host\":\"" + host
                + "\",\"http\":{\"paths\":[" + written.mkString(",") + "]}}]}}";
    }

    private static String annotation(String name, String value) {
        return "\"nginx.ingress.kubernetes.io/" + name + "\":\"" + value + "\"";
    }

    private static Walked walk(Prediction prediction, String host, String path) {
        return RequestWalk.walk(
                HttpConf.of(NginxConf.parse(prediction.conf()).get()),
                new HttpArrival(
                        new AddressPort(IpAddress.of("10.0.0.1"), 80), false, Option.some(host), path, Option.none()));
    }

    /** The service that gets the request, or the answer. */
    private static String to(Prediction prediction, String host, String path) {
        Walked walked = walk(prediction, host, path);
        return walked.fate() instanceof Fate.Answer answer
                ? answer.status() + answer.location().map(to -> " " + to).getOrElse("")
                : walked.variable("proxy_upstream_name").get().replaceAll("^app-(.*)-80$", "$1");
    }

    @Example
    @Label("without regular expressions Exact is the whole path, everything else the path and what is below it")
    void plainPaths() {
        Prediction prediction = predict(ingress(
                "a",
                "01",
                "",
                "a.example",
                "Exact /foo exact",
                "Prefix /bar prefix",
                "ImplementationSpecific /baz any"));
        assertThat(to(prediction, "a.example", "/foo")).isEqualTo("exact");
        assertThat(to(prediction, "a.example", "/foo/")).isEqualTo("upstream-default-backend");
        assertThat(to(prediction, "a.example", "/bar")).isEqualTo("prefix");
        assertThat(to(prediction, "a.example", "/bar/x")).isEqualTo("prefix");
        assertThat(to(prediction, "a.example", "/barn")).isEqualTo("upstream-default-backend");
        assertThat(to(prediction, "a.example", "/baz/1")).isEqualTo("any");
        assertThat(to(prediction, "a.example", "/bazaar")).isEqualTo("upstream-default-backend");
    }

    @Example
    @Label("one use-regex turns every path of the host into a caseless expression, other Ingresses' too")
    void contagion() {
        String plain = ingress("a", "01", "", "a.example", "Exact /Head head");
        String regex = ingress("b", "02", annotation("use-regex", "true"), "a.example", "Prefix /u[A-Z] upper");
        Prediction both = predict(plain, regex);
        assertThat(to(both, "a.example", "/headers")).isEqualTo("head");
        assertThat(to(both, "a.example", "/uuid")).isEqualTo("upper");
        assertThat(to(predict(plain), "a.example", "/headers")).isEqualTo("upstream-default-backend");
    }

    @Example
    @Label("expressions are asked in the order of their length, as the controller's documentation shows")
    void documentedOrder() {
        String regex = annotation("use-regex", "true");
        Prediction prediction = predict(
                ingress(
                        "1",
                        "01",
                        regex,
                        "test.com",
                        "ImplementationSpecific /foo/bar/bar s2",
                        "ImplementationSpecific /foo/bar/[A-Z0-9]{3} s3"),
                ingress(
                        "2",
                        "02",
                        regex,
                        "doc.com",
                        "Prefix /foo/bar s1",
                        "Prefix /foo/bar/ s2",
                        "Prefix /foo/bar/.+ s3"));
        assertThat(to(prediction, "test.com", "/foo/bar/bar"))
                .as("the longer expression")
                .isEqualTo("s3");
        assertThat(to(prediction, "doc.com", "/foo/bar/1")).isEqualTo("s3");
        assertThat(to(prediction, "doc.com", "/foo/bar/")).isEqualTo("s2");
        assertThat(to(prediction, "doc.com", "/foo/bar")).isEqualTo("s1");
    }

    @Example
    @Label("a rewrite takes the first place that matches, without case, and keeps the groups")
    void rewrite() {
        Prediction prediction = predict(ingress(
                "a",
                "01",
                annotation("rewrite-target", "/$2"),
                "a.example",
                "ImplementationSpecific /some(/|$)(.*) web"));
        Walked walked = walk(prediction, "a.example", "/SOME/thing/new?x=1");
        assertThat(walked.upstreamTarget(((Fate.Served) walked.fate()).pass().get()))
                .isEqualTo("/thing/new?x=1");
        assertThat(to(prediction, "a.example", "/something")).isEqualTo("upstream-default-backend");
    }

    @Example
    @Label("of one host, path and type the oldest Ingress wins, and the other is told of")
    void precedence() {
        Prediction prediction = predict(
                ingress("young", "09", "", "a.example", "Prefix /x young", "Prefix /y young"),
                ingress("old", "02", "", "a.example", "Prefix /x old"));
        assertThat(to(prediction, "a.example", "/x")).isEqualTo("old");
        assertThat(to(prediction, "a.example", "/y")).isEqualTo("young");
        assertThat(prediction.overruled("a.example", "/x/1").map(Prediction.Unserved::ingress))
                .containsExactly("app/young");
        assertThat(prediction.overruled("a.example", "/y")).isEmpty();
    }

    @Example
    @Label("a wildcard stands for one label; aliases belong to the server unless an Ingress has the name")
    void names() {
        Prediction prediction = predict(
                ingress("wild", "01", "", "*.a.example", "Prefix / wild"),
                ingress(
                        "own",
                        "02",
                        annotation("server-alias", "other.example, b.example"),
                        "own.example",
                        "Prefix / own"),
                ingress("b", "03", "", "b.example", "Prefix / b"));
        assertThat(to(prediction, "x.a.example", "/")).isEqualTo("wild");
        assertThat(to(prediction, "x.y.a.example", "/")).isEqualTo("upstream-default-backend");
        assertThat(to(prediction, "a.example", "/")).isEqualTo("upstream-default-backend");
        assertThat(to(prediction, "other.example", "/")).isEqualTo("own");
        assertThat(to(prediction, "b.example", "/")).isEqualTo("b");
    }

    @Example
    @Label("answers that annotations ask for")
    void answers() {
        Prediction prediction = predict(
                ingress(
                        "moved",
                        "01",
                        annotation("permanent-redirect", "https://new.example"),
                        "old.example",
                        "Prefix / web"),
                ingress("root", "01", annotation("app-root", "/start"), "root.example", "Prefix / web"),
                ingress("www", "01", annotation("from-to-www-redirect", "true"), "bare.example", "Prefix / web"),
                ingress(
                        "list",
                        "01",
                        annotation("whitelist-source-range", "10.0.0.0/33"),
                        "list.example",
                        "Prefix / web"));
        assertThat(to(prediction, "old.example", "/x")).isEqualTo("301 https://new.example");
        assertThat(to(prediction, "root.example", "/")).isEqualTo("302 http://root.example/start");
        assertThat(to(prediction, "root.example", "/x")).isEqualTo("web");
        assertThat(to(prediction, "www.bare.example", "/x/")).isEqualTo("308 http://bare.example/x");
        assertThat(to(prediction, "list.example", "/"))
                .as("a list that cannot be read")
                .isEqualTo("503");
    }

    @Example
    @Label("whose Ingresses a controller takes is settled by class object, annotation and flags")
    void classes() {
        ObjectList classes = new ObjectList(
                true,
                json("[{\"metadata\":{\"name\":\"nginx\"},\"spec\":{\"controller\":\"k8s.io/ingress-nginx\"}},"
                                + "{\"metadata\":{\"name\":\"inner\"},\"spec\":{\"controller\":\"example.com/inner\"}}]")
                        .items(),
                Vector.empty());
        String without =
                "{\"metadata\":{\"namespace\":\"app\",\"name\":\"w\"},\"spec\":{\"rules\":[{\"host\":\"h\"}]}}";
        ControllerFlags plain = new ControllerFlags(HashMap.of("x", "y"), true);
        ControllerFlags all = new ControllerFlags(HashMap.of("watch-ingress-without-class", "true"), true);
        ControllerFlags inner = new ControllerFlags(HashMap.of("controller-class", "example.com/inner"), true);
        ControllerFlags elsewhere = new ControllerFlags(HashMap.of("watch-namespace", "shop"), true);
        assertThat(ignored(without, classes, plain)).contains("it names no class");
        assertThat(ignored(without, classes, all)).isEmpty();
        String named = without.replace("\"rules\"", "\"ingressClassName\":\"inner\",\"rules\"");
        assertThat(ignored(named, classes, all)).contains("example.com/inner");
        assertThat(ignored(named, classes, inner)).isEmpty();
        assertThat(ignored(named.replace("inner", "nobody"), classes, all)).contains("there is no IngressClass nobody");
        assertThat(ignored(
                        without.replace(
                                "\"name\":\"w\"",
                                "\"name\":\"w\",\"annotations\":{\"kubernetes.io/ingress.class\":\"x\"}"),
                        classes,
                        all))
                .contains("is x");
        assertThat(ignored(without, classes, elsewhere)).contains("namespace shop only");
    }

    private static String ignored(String ingress, ObjectList classes, ControllerFlags flags) {
        return Prediction.of(
                        "predicted",
                        Vector.of(new IngressObject(json(ingress), flags.annotationsPrefix())),
                        classes,
                        flags,
                        ControllerSettings.defaults(),
                        Cluster.unknown())
                .ignored("h")
                .map(Prediction.Unserved::why)
                .mkString();
    }

    @Example
    @Label("a path with and without slash at its end would be one location twice, which nginx refuses")
    void refused() {
        assertThat(predict(ingress("a", "01", "", "a.example", "Prefix /x a", "Prefix /x/ b"))
                        .refused())
                .hasSize(1);
        assertThat(predict(ingress("a", "01", "", "a.example", "Prefix /x a", "Exact /x/ b"))
                        .refused())
                .isEmpty();
    }

    /** A path of a rule, and whether it is the whole path. */
    record Choice(String path, boolean exact) {}

    @Provide
    Arbitrary<List<Choice>> choices() {
        Arbitrary<String> paths = Arbitraries.of("/", "/a", "/a/b", "/a/b/c", "/b", "/bc", "/ab", "/B");
        return Combinators.combine(paths, Arbitraries.of(true, false))
                .as(Choice::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(6);
    }

    @Property(tries = 400)
    @Label(
            "without regular expressions the path is chosen as the Ingress API says: exact, then the longest prefix by elements")
    void asTheApiSays(@ForAll("choices") List<Choice> choices, @ForAll("requests") String path) {
        String[] written = new String[choices.size()];
        for (int i = 0; i < written.length; i++) {
            written[i] = (choices.get(i).exact() ? "Exact " : "Prefix ")
                    + choices.get(i).path() + " s" + i;
        }
        String expected = "upstream-default-backend";
        int best = -1;
        for (int i = 0; i < written.length; i++) {
            Choice choice = choices.get(i);
            boolean below =
                    choice.path().equals("/") || path.equals(choice.path()) || path.startsWith(choice.path() + "/");
            int rank = choice.exact()
                    ? path.equals(choice.path()) ? 1000 : -1
                    : below ? choice.path().length() : -1;
            if (rank > best) {
                best = rank;
                expected = "s" + i;
            }
        }
        assertThat(to(predict(ingress("a", "01", "", "a.example", written)), "a.example", path))
                .isEqualTo(expected);
    }

    @Provide
    Arbitrary<String> requests() {
        return Arbitraries.of(
                "/", "/a", "/a/b", "/a/b/c", "/a/x", "/b", "/bc", "/b/c", "/ab", "/abc", "/B", "/x", "/a/b/cd");
    }

    @Property(tries = 300)
    @Label("whatever stands in annotations and paths, the prediction can be read, and every line has its objects")
    void hostile(@ForAll String path, @ForAll String value, @ForAll("annotations") String name) {
        String text = "{\"metadata\":{\"namespace\":\"app\",\"name\":\"a\",\"annotations\":{"
                + JsonText.quote("nginx.ingress.kubernetes.io/" + name)
                + ":" + JsonText.quote(value) + "}},\"spec\":{\"ingressClassName\":\"nginx\",\"rules\":[{\"host\":"
                + JsonText.quote(value) + ",\"http\":{\"paths\":[{\"path\":" + JsonText.quote(path)
                + ",\"backend\":{\"service\":{\"name\":" + JsonText.quote(value) + ",\"port\":{\"number\":80}}}}]}}]}}";
        Prediction prediction = predict(text);
        assertThat(NginxConf.parse(prediction.conf()).isRight()).isTrue();
        assertThat(prediction.sources().lines())
                .hasSize(prediction.conf().lines().count());
        walk(prediction, "a.example", "/x");
    }

    @Provide
    Arbitrary<String> annotations() {
        return Arbitraries.of(
                "rewrite-target",
                "app-root",
                "server-alias",
                "permanent-redirect",
                "whitelist-source-range",
                "backend-protocol",
                "denylist-source-range",
                "default-backend",
                "canary",
                "auth-url",
                "use-regex",
                "session-cookie-name",
                "load-balance");
    }
}
