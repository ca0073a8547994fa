package dev.podpath.k8s.ingress.nginx.select;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.net.AddressPort;
import dev.podpath.k8s.ingress.nginx.Samples;
import dev.podpath.k8s.ingress.nginx.conf.NginxConf;
import dev.podpath.k8s.ingress.nginx.pcre.RegexBudget;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Assertions;

class SelectTest {
    private static HttpConf conf(String servers) {
        return HttpConf.of(
                NginxConf.parse(Samples.text("http {\n" + servers + "\n}")).get());
    }

    private static ServerChoice server(HttpConf conf, String to, String host) {
        return conf.listener(AddressPort.parse(to).get())
                .get()
                .server(host, RegexBudget.standard())
                .get();
    }

    private static String location(String locations, String path) {
        Either<Undecided, LocationChoice> choice = conf("server { " + locations + " }")
                .servers()
                .head()
                .locations()
                .find(path, RegexBudget.standard());
        return choice.get().location().map(LocationBlock::toString).getOrElse("none")
                + (choice.get().isSlashRedirect() ? " slash" : "");
    }

    @Example
    void choosesTheServerByName() {
        HttpConf conf = conf("server { listen 80; server_name first; }"
                + "server { listen 80; server_name *.example.com www.*; }"
                + "server { listen 80; server_name *.a.example.com; }"
                + "server { listen 80; server_name .dotted.org ~^api[0-9]+$; }"
                + "server { listen 80; server_name a.example.com ~^(?<n_1>x+)\\.re$; }"
                + "server { listen 80 default_server; server_name fallback; }");
        assertThat(server(conf, "10.0.0.1:80", "a.example.com").how()).isEqualTo(ServerMatch.EXACT);
        assertThat(server(conf, "10.0.0.1:80", "b.example.com").name()).isEqualTo("*.example.com");
        assertThat(server(conf, "10.0.0.1:80", "b.a.example.com").name()).isEqualTo("*.a.example.com");
        assertThat(server(conf, "10.0.0.1:80", "www.example.com").name()).isEqualTo("*.example.com");
        assertThat(server(conf, "10.0.0.1:80", "www.other.net").how()).isEqualTo(ServerMatch.TRAILING_WILDCARD);
        assertThat(server(conf, "10.0.0.1:80", "dotted.org").name()).isEqualTo(".dotted.org");
        assertThat(server(conf, "10.0.0.1:80", "x.dotted.org").name()).isEqualTo(".dotted.org");
        assertThat(server(conf, "10.0.0.1:80", "api7").how()).isEqualTo(ServerMatch.REGEX);
        assertThat(server(conf, "10.0.0.1:80", "xx.re").regex().get().group(1)).isEqualTo("xx");
        assertThat(server(conf, "10.0.0.1:80", "example.com").how()).isEqualTo(ServerMatch.DEFAULT_SERVER);
        assertThat(server(conf, "10.0.0.1:80", "example.com").server().label()).isEqualTo("fallback");
    }

    @Example
    void choosesTheSocketByAddress() {
        HttpConf conf = conf("server { listen 80; server_name any; } server { listen 127.0.0.1:80; server_name own; }"
                + "server { listen [::]:81 ipv6only=off; server_name both; } server { listen 8000-8002; listen unix:/x; }"
                + "server { server_name none; } server { listen [::1]; listen localhost:82; listen somewhere:83; }");
        assertThat(server(conf, "127.0.0.1:80", "any").server().label()).isEqualTo("own");
        assertThat(server(conf, "10.0.0.1:80", "own").how()).isEqualTo(ServerMatch.FIRST_SERVER);
        assertThat(server(conf, "10.0.0.1:80", "none").server().label()).isEqualTo("none");
        assertThat(server(conf, "10.0.0.1:81", "x").server().label()).isEqualTo("both");
        assertThat(conf.listener(AddressPort.parse("10.0.0.1:8001").get()).isDefined())
                .isTrue();
        assertThat(conf.listener(AddressPort.parse("[::1]:80").get()).isDefined())
                .isTrue();
        assertThat(conf.listener(AddressPort.parse("[fd00::1]:80").get()).isDefined())
                .isFalse();
        assertThat(conf.listensOn(82)).isTrue();
        assertThat(conf.listensOn(83)).isFalse();
    }

    @Example
    void choosesTheLocation() {
        String locations = "location = / {} location / {} location /documents/ {} location ^~ /images/ {} "
                + "location ~* \\.(gif|jpg|jpeg)$ {}";
        assertThat(location(locations, "/")).isEqualTo("location = /");
        assertThat(location(locations, "/index.html")).isEqualTo("location /");
        assertThat(location(locations, "/documents/document.html")).isEqualTo("location /documents/");
        assertThat(location(locations, "/images/1.gif")).isEqualTo("location ^~ /images/");
        assertThat(location(locations, "/documents/1.JPG")).isEqualTo("location ~* \\.(gif|jpg|jpeg)$");
        assertThat(location("location /a/ { proxy_pass http://b; }", "/a")).isEqualTo("location /a/ slash");
        assertThat(location("location = /a {} location /a/ { proxy_pass http://b; }", "/a"))
                .isEqualTo("location = /a");
        assertThat(location("location /a/ { return 200; }", "/a")).isEqualTo("none");
        assertThat(location("location /a { location /a/b { } location ~ c { } } location ~ b { }", "/a/b"))
                .isEqualTo("location ~ b");
        assertThat(location("location /a { location ~ b { } } location ~ b { }", "/a/b"))
                .isEqualTo("location ~ b");
    }

    /** A few expressions of a host may end in UNKNOWN, but never in a wrong answer or none at all. */
    @Example
    void hostileExpressionsEnd() {
        Assertions.assertTimeout(Duration.ofSeconds(10), () -> {
            StringBuilder locations = new StringBuilder();
            for (int i = 0; i < 2_000; i++) {
                locations.append("location ~ \"^(/+a*)+").append(i).append("$\" {}\n");
            }
            HttpConf conf = conf("server { " + locations + " }");
            Either<Undecided, LocationChoice> choice =
                    conf.servers().head().locations().find("/aaaaaaaa".repeat(500), RegexBudget.standard());
            assertThat(choice.isLeft()).isTrue();
            assertThat(choice.getLeft().why()).contains("too many steps");
            HttpConf unknown = conf("server { location ~ (?R) {} }");
            assertThat(unknown.servers()
                            .head()
                            .locations()
                            .find("/", RegexBudget.standard())
                            .isLeft())
                    .isTrue();
        });
    }

    @Example
    void normalisesHosts() {
        assertThat(HostName.of("A.Example.COM.:8080")).contains("a.example.com");
        assertThat(HostName.of("[::1]:80")).contains("[::1]");
        assertThat(HostName.of("a..b")).isEmpty();
        assertThat(HostName.of("a b")).isEmpty();
        assertThat(HostName.of("")).isEmpty();
        assertThat(HostName.of(".")).isEmpty();
        assertThat(HostName.of("a/b")).isEmpty();
    }

    @Example
    void normalisesPaths() {
        assertThat(path("/a//b/./c/../d", true)).contains("/a/b/d");
        assertThat(path("/a//b", false)).contains("/a//b");
        assertThat(path("/%61%2F%2e%2E/b", true)).contains("/b");
        assertThat(path("/a%3Fb%23c%25d?x", true)).contains("/a?b#c%d");
        assertThat(path("/..", true)).isEmpty();
        assertThat(path("/%zz", true)).isEmpty();
        assertThat(path("/%4", true)).isEmpty();
        assertThat(path("/%00", true)).isEmpty();
        assertThat(path("a", true)).isEmpty();
        assertThat(RequestUri.normalise("/a?b=%20#c", true).get().args()).isEqualTo("b=%20");
    }

    private static Option<String> path(String raw, boolean merge) {
        return RequestUri.normalise(raw, merge).map(RequestUri::path);
    }

    @Property
    void normalisingIsIdempotent(@ForAll("paths") String raw, @ForAll boolean merge) {
        Option<String> once = path(raw, merge);
        once.filter(path -> path.chars().allMatch(c -> "%?# ".indexOf(c) < 0))
                .forEach(path -> assertThat(path(path, merge)).contains(path));
        once.forEach(path -> assertThat(path).startsWith("/"));
        if (merge) {
            once.filter(path -> raw.indexOf('%') < 0)
                    .forEach(path -> assertThat(path).doesNotContain("//").doesNotContain("/./"));
        }
    }

    @Provide
    Arbitrary<String> paths() {
        return Arbitraries.of("/", "a", ".", "..", "%2e", "%2F", "%61", "%", "?", "#", "%25", "+", "\u00e9", "//")
                .list()
                .ofMaxSize(12)
                .map(parts -> "/" + String.join("", parts));
    }

    private static final List<String> NAMES = List.of(
            "a.com", "b.a.com", "*.a.com", "*.com", "*.b.a.com", "a.*", "b.a.*", "c.org", "~^a", "~\\.com$", "~^c\\.b");

    /** The law: exact names beat wildcards, these beat expressions, and everything beats the default. */
    @Property
    void theServerIsTheOneByRank(@ForAll("names") Set<String> names, @ForAll("hosts") String host) {
        List<String> order = List.copyOf(names);
        StringBuilder servers = new StringBuilder("server { listen 80; server_name first-of-all; }");
        order.forEach(name ->
                servers.append("server { listen 80; server_name ").append(name).append("; }"));
        HttpConf conf = conf(servers.toString());
        ServerChoice choice = server(conf, "10.0.0.1:80", host);
        assertThat(choice).isEqualTo(server(conf, "10.0.0.1:80", host));
        assertThat(choice.name()).isEqualTo(byRank(order, host));
    }

    private static String byRank(List<String> names, String host) {
        if (names.contains(host)) {
            return host;
        }
        String best = "";
        for (String name : names) {
            if (name.startsWith("*.") && host.endsWith(name.substring(1)) && name.length() > best.length()) {
                best = name;
            }
        }
        for (String name : names) {
            boolean tail = name.endsWith(".*") && host.startsWith(name.substring(0, name.length() - 1));
            if (!best.startsWith("*") && tail && name.length() > best.length()) {
                best = name;
            }
        }
        for (String name : names) {
            if (best.isEmpty() && name.startsWith("~") && host.matches(".*" + name.substring(1) + ".*")) {
                best = name;
            }
        }
        return best;
    }

    @Provide
    Arbitrary<Set<String>> names() {
        return Arbitraries.of(NAMES).set().ofMaxSize(8);
    }

    @Provide
    Arbitrary<String> hosts() {
        return Arbitraries.of(
                "a.com", "b.a.com", "c.b.a.com", "x.com", "com", "a.net", "b.a.net", "c.org", "c.b", "d.c.b", "a");
    }

    /** The law: of the prefixes the longest, unless an expression matches; each location reachable at its own name. */
    @Property
    void theLocationIsTheLongestPrefix(@ForAll @Size(max = 10) Set<@From("prefixes") String> prefixes) {
        StringBuilder locations = new StringBuilder();
        prefixes.forEach(prefix -> locations.append("location ").append(prefix).append(" {} "));
        for (String path : List.of("/", "/a", "/a/", "/a/b", "/ab/c/d", "/c-d", "/c.d/e", "/c/")) {
            String longest =
                    prefixes.stream().filter(path::startsWith).reduce("", (a, b) -> a.length() >= b.length() ? a : b);
            assertThat(location(locations.toString(), path))
                    .isEqualTo(longest.isEmpty() ? "none" : "location " + longest);
        }
    }

    @Provide
    Arbitrary<String> prefixes() {
        return Arbitraries.of(
                "/",
                "/a",
                "/a/",
                "/a/b",
                "/a/b/",
                "/ab",
                "/ab/c",
                "/c",
                "/c-",
                "/c.d",
                "/c/",
                "/c-d",
                "/ab/c/d/e",
                "/b");
    }
}
