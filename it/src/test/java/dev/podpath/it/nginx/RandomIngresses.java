package dev.podpath.it.nginx;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Writes random Ingress objects that a controller takes, and requests that are likely to meet them. */
final class RandomIngresses {
    private static final List<String> HOSTS =
            List.of("shop.example", "www.shop.example", "*.shop.example", "api.example", "Zed.example", "");
    private static final List<String> ASKED = List.of(
            "shop.example",
            "SHOP.example",
            "www.shop.example",
            "a.shop.example",
            "a.b.shop.example",
            "alias.example",
            "x.alias.example",
            "api.example",
            "www.api.example",
            "zed.example",
            "nobody.example");
    private static final List<String> PATHS = List.of(
            "/",
            "/",
            "/foo",
            "/foo/",
            "/foo/bar",
            "/foobar",
            "/FOO",
            "/foo.html",
            "/api/v1",
            "/api/v1/",
            "/a b",
            "/x\\\"y",
            "/caf\u00e9");
    private static final List<String> REGEXES =
            List.of("/foo/(.*)", "/foo(/|$)(.*)", "/u[A-Z]+", "/api/v[0-9]{1}/", "/[a-z]{3}/bar", "/.+\\.html");
    private static final List<String> SEGMENTS = List.of(
            "foo",
            "FOO",
            "bar",
            "foobar",
            "foo.html",
            "api",
            "v1",
            "v2",
            "uAB",
            "uuid",
            "a%20b",
            "x%22y",
            "..",
            ".",
            "",
            "caf%C3%A9",
            "abc");

    private final Random random;

    RandomIngresses(long seed) {
        this.random = new Random(seed);
    }

    <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    /** Elements of a list of Ingresses, as text. */
    String json() {
        List<String> items = new ArrayList<>();
        int count = 1 + random.nextInt(5);
        for (int i = 0; i < count; i++) {
            items.add(ingress(i));
        }
        return "[" + String.join(",\n", items) + "]";
    }

    private String ingress(int number) {
        boolean regex = random.nextInt(6) == 0;
        List<String> annotations = new ArrayList<>();
        if (regex) {
            annotations.add(
                    random.nextBoolean() ? annotation("use-regex", "true") : annotation("rewrite-target", "/$2"));
        } else if (random.nextInt(9) == 0) {
            annotations.add(annotation("rewrite-target", pick(List.of("/", "/foo", "/new/"))));
        }
        maybe(annotations, 10, "app-root", "/start");
        maybe(annotations, 10, "permanent-redirect", "https://elsewhere.example$request_uri");
        maybe(annotations, 12, "temporal-redirect", "https://elsewhere.example/now");
        maybe(
                annotations,
                7,
                "whitelist-source-range",
                pick(List.of("127.0.0.1", "127.0.0.2/32,10.0.0.0/8", "10.0.0.0/8")));
        maybe(annotations, 9, "denylist-source-range", "127.0.0.2");
        maybe(
                annotations,
                6,
                "server-alias",
                pick(List.of("alias.example", "*.alias.example, alias.example", "api.example")));
        maybe(annotations, 8, "from-to-www-redirect", "true");
        maybe(annotations, 8, "canary", "true");
        StringBuilder out = new StringBuilder("{\"metadata\":{\"namespace\":\"app\",\"name\":\"i")
                .append(number)
                .append("\",\"creationTimestamp\":\"2026-01-0")
                .append(1 + random.nextInt(4))
                .append("T00:00:00Z\",\"annotations\":{")
                .append(String.join(",", annotations))
                .append("}},\"spec\":{\"ingressClassName\":\"nginx\"");
        if (random.nextInt(5) == 0) {
            out.append(",\"defaultBackend\":").append(backend());
        }
        out.append(",\"rules\":[");
        int rules = random.nextInt(8) == 0 ? 0 : 1 + random.nextInt(2);
        for (int i = 0; i < rules; i++) {
            out.append(i == 0 ? "" : ",").append(rule(regex));
        }
        return out.append("]}}").toString();
    }

    private void maybe(List<String> annotations, int oneOf, String name, String value) {
        if (random.nextInt(oneOf) == 0) {
            annotations.add(annotation(name, value));
        }
    }

    private static String annotation(String name, String value) {
        return "\"nginx.ingress.kubernetes.io/" + name + "\":\"" + value + "\"";
    }

    private String rule(boolean regex) {
        List<String> paths = new ArrayList<>();
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            String path = regex && random.nextBoolean() ? pick(REGEXES).replace("\\", "\\\\") : pick(PATHS);
            paths.add("{\"path\":\"" + path + "\",\"pathType\":\""
                    + (regex
                            ? "ImplementationSpecific"
                            : pick(List.of("Prefix", "Prefix", "Exact", "ImplementationSpecific")))
                    + "\",\"backend\":" + backend() + "}");
        }
        String host = pick(HOSTS);
        return "{" + (host.isEmpty() ? "" : "\"host\":\"" + host + "\",") + "\"http\":{\"paths\":["
                + String.join(",", paths) + "]}}";
    }

    private String backend() {
        return "{\"service\":{\"name\":\"s" + random.nextInt(6) + "\",\"port\":{\"number\":80}}}";
    }

    String host() {
        return pick(ASKED);
    }

    String target() {
        StringBuilder out = new StringBuilder();
        int segments = 1 + random.nextInt(3);
        for (int i = 0; i < segments; i++) {
            out.append('/').append(pick(SEGMENTS));
        }
        if (random.nextInt(3) == 0) {
            out.append('/');
        }
        return random.nextInt(6) == 0 ? "/" : out + (random.nextInt(6) == 0 ? "?q=1" : "");
    }
}
