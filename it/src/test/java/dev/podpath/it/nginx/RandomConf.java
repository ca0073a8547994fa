package dev.podpath.it.nginx;

import dev.podpath.core.location.RequestHead;
import io.vavr.collection.Vector;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;

/** Writes random servers and locations that nginx accepts, and requests that are likely to meet them. */
final class RandomConf {
    private static final List<String> NAMES = List.of(
            "example.com",
            "a.example.com",
            "b.a.example.com",
            "*.example.com",
            ".example.com",
            "*.a.example.com",
            ".a.example.com",
            "www.example.*",
            "www.*",
            "example.*",
            "a.b.*",
            "*.com",
            ".com",
            ".org",
            "_",
            "\"\"",
            "EXAMPLE.org",
            "x-1.test",
            "~^a\\.",
            "~^(?<sub_x>.+)\\.example\\.com$",
            "~^[a-z]+\\.org$",
            "~^EXAMPLE",
            "~^www\\d*\\.",
            "\"~^[\\w-]{3}\\.test$\"",
            "~");
    private static final List<String> HOSTS = List.of(
            "example.com",
            "a.example.com",
            "b.a.example.com",
            "c.b.a.example.com",
            "www.example.com",
            "www.example.org",
            "www.example.a.b",
            "www.example",
            "example.org",
            "example.net",
            "a.b.c",
            "a.b",
            "org",
            "com",
            "foo.com",
            ".example.com",
            "x-1.test",
            "www7.net",
            "_",
            "a",
            "[::1]",
            "a..example.com",
            "exa mple.com",
            "a/b",
            "127.0.0.1");
    private static final List<String> PREFIXES = List.of(
            "/",
            "/a",
            "/a/",
            "/a/b",
            "/a/b/",
            "/ab",
            "/foo",
            "/foo/",
            "/foo-bar",
            "/foo.html",
            "/foo/bar/",
            "/FOO",
            "/%61",
            "/b",
            "/b/",
            "/b!",
            "/b//c",
            "/a/../b",
            "/b/c/d/",
            "/c/",
            "/c-",
            "/c.",
            "/c!x");
    private static final List<String> REGEXES = List.of(
            "^/a",
            "\\.html$",
            "(?<x_1>foo)",
            "/foo/[^/]+$",
            "^/(a|b)/",
            "(?i)FOO",
            "b{2}",
            "[[:digit:]]+",
            "^/$",
            "//",
            "\\.\\.",
            "[^\\x00-\\x7f]",
            "(a+)+$",
            "/b(?!ar)",
            "(?<=/a)/b",
            "^/([a-z])\\1",
            "%",
            "\\?",
            "\\bfoo\\b",
            "^(?:/[^/]+){3,}$",
            "^/.{0,2}$",
            "o*?b",
            "[]a]b",
            "[a&&b]c",
            "\\Q.h\\Et");
    private static final List<String> SEGMENTS = List.of(
            "a",
            "b",
            "c",
            "ab",
            "aa",
            "foo",
            "FOO",
            "bar",
            "foo-bar",
            "foo.html",
            "x1",
            "%61",
            "%2F",
            "..",
            ".",
            "",
            "%2e",
            "%2e%2e",
            "%25",
            "%3F",
            "%3f",
            "%23",
            "+",
            "~",
            "\u00c3\u00a9",
            "%c3%a9",
            "%0a",
            "%00",
            "%zz",
            "%4",
            "c!x",
            "...",
            ".a",
            "%5C",
            "d",
            "old");

    private final Random random;
    private int ids;

    RandomConf(long seed) {
        this.random = new Random(seed);
    }

    /** The servers on these ports; a backend listens on its own. */
    String servers(int[] ports, int backend) {
        StringBuilder out = new StringBuilder();
        Set<String> defaults = new HashSet<>();
        int servers = 1 + random.nextInt(7);
        for (int i = 0; i < servers; i++) {
            out.append("server {\n");
            Set<String> listens = new HashSet<>();
            int count = 1 + random.nextInt(3);
            for (int l = 0; l < count; l++) {
                String address = pick(List.of("127.0.0.1:", "*:", "", "127.0.0.2:", "0.0.0.0:", "127.0.0.1:"))
                        + ports[random.nextInt(ports.length)];
                String socket = address.replace("*:", "").replace("0.0.0.0:", "");
                if (listens.add(socket)) {
                    boolean isDefault = random.nextInt(5) == 0 && defaults.add(socket);
                    out.append("  listen ").append(address).append(isDefault ? " default_server;\n" : ";\n");
                }
            }
            names(out);
            if (random.nextInt(6) == 0) {
                out.append("  merge_slashes off;\n");
            }
            serverRules(out);
            locations(out, "", "  ", 0, backend);
            out.append("}\n");
        }
        return out.toString();
    }

    private void names(StringBuilder out) {
        int lines = random.nextInt(3);
        for (int i = 0; i < lines; i++) {
            out.append("  server_name");
            int count = 1 + random.nextInt(3);
            for (int n = 0; n < count; n++) {
                String name = pick(NAMES);
                out.append(' ').append(name.equals("~") ? "\"~" + regex(2) + "\"" : name);
            }
            out.append(";\n");
        }
    }

    private void serverRules(StringBuilder out) {
        if (random.nextInt(8) == 0) {
            out.append("  rewrite ^/old/(.*)$ /$1 ")
                    .append(pick(List.of("last", "break", "")))
                    .append(";\n");
        }
        if (random.nextInt(10) == 0) {
            out.append("  if ($args = x) { return 202 \"s").append(++ids).append(" $host $uri\"; }\n");
        }
        if (random.nextInt(10) == 0) {
            out.append("  deny 127.0.0.2; allow 127.0.0.0/8;\n");
        }
    }

    private void locations(StringBuilder out, String within, String indent, int depth, int backend) {
        Set<String> used = new HashSet<>();
        int count = depth == 0 ? random.nextInt(9) : random.nextInt(3);
        for (int i = 0; i < count; i++) {
            boolean regex = within.startsWith("~") || random.nextInt(3) == 0;
            String modifier = regex ? pick(List.of("~", "~*")) : pick(List.of("", "", "=", "^~"));
            String name = regex ? random.nextBoolean() ? pick(REGEXES) : regex(3) : prefix(within);
            boolean fresh = regex || used.add((modifier.equals("=") ? "=" : "") + name);
            if (!fresh) {
                continue;
            }
            out.append(indent)
                    .append("location ")
                    .append(modifier)
                    .append(" \"")
                    .append(quote(name))
                    .append("\" {\n");
            if (depth < 2 && !modifier.equals("=") && random.nextInt(3) == 0) {
                locations(out, regex ? "~" : name, indent + "  ", depth + 1, backend);
            }
            content(out, indent + "  ", backend);
            out.append(indent).append("}\n");
        }
    }

    private String prefix(String within) {
        if (within.isEmpty()) {
            return pick(PREFIXES);
        }
        return within + pick(List.of("b", "/", "b/", "oo", "foo/", "", "/b", "/foo", "/c/", "-x"));
    }

    private void content(StringBuilder out, String indent, int backend) {
        String id = "L" + ++ids;
        if (random.nextInt(12) == 0) {
            out.append(indent).append("internal;\n");
        }
        if (random.nextInt(8) == 0) {
            out.append(indent)
                    .append("if ($arg_q ~* \"^(y|n)$\") { return 203 \"")
                    .append(id)
                    .append("-if $1\"; }\n");
        }
        if (random.nextInt(6) == 0) {
            out.append(indent)
                    .append("if (")
                    .append(pick(List.of(
                            "$http_x_flag",
                            "$http_x_flag = 1",
                            "$http_x_flag != 1",
                            "$http_x_flag ~ ^o",
                            "$cookie_flag",
                            "$cookie_flag = 1",
                            "$request_method = POST",
                            "$request_method !~ ^(GET|HEAD)$")))
                    .append(") { return 202 \"")
                    .append(id)
                    .append("-head $http_x_flag $cookie_flag $request_method\"; }\n");
        }
        if (random.nextInt(6) == 0) {
            out.append(indent)
                    .append(pick(List.of(
                            "rewrite ^/a/(.*)$ /$1 last;",
                            "rewrite ^/(b|c)/(.*)$ /x/$2?k=$1 break;",
                            "rewrite foo /bar? break;",
                            "rewrite ^/foo(.*)$ /moved$1 permanent;",
                            "rewrite ^/ab http://elsewhere.test/x;",
                            "rewrite \"(?i)/foo(/|$)(.*)\" /$2 break;",
                            "rewrite ^(.*)$ /a$1 last;")))
                    .append('\n');
        }
        switch (random.nextInt(6)) {
            case 0, 1 ->
                out.append(indent)
                        .append("proxy_set_header X-Id ")
                        .append(id)
                        .append("; proxy_pass http://127.0.0.1:")
                        .append(backend)
                        .append(";\n");
            case 2 ->
                out.append(indent)
                        .append("deny 127.0.0.1; proxy_set_header X-Id ")
                        .append(id)
                        .append("; proxy_pass http://127.0.0.1:")
                        .append(backend)
                        .append(";\n");
            default -> out.append(indent).append("return 200 \"").append(id).append(" $host $uri ${args}\";\n");
        }
    }

    /** A random expression over a few characters. */
    private String regex(int depth) {
        StringBuilder out = new StringBuilder();
        int parts = 1 + random.nextInt(3);
        for (int i = 0; i < parts; i++) {
            String atom = switch (random.nextInt(depth == 0 ? 6 : 8)) {
                case 0 -> "a";
                case 1 -> "b";
                case 2 -> "/";
                case 3 -> pick(List.of(".", "[ab]", "[^/]", "\\w", "[a-c/]", "\\.", "[[:alpha:]-]"));
                case 4 -> pick(List.of("o", "foo", "\\x61", "^", "$", "\\b", "c"));
                case 5 -> "oo";
                case 6 -> "(" + regex(depth - 1) + ")";
                default -> "(?:" + regex(depth - 1) + "|" + regex(depth - 1) + ")";
            };
            out.append(atom);
            boolean repeatable = !Set.of("^", "$", "\\b").contains(atom);
            if (repeatable && random.nextInt(3) == 0) {
                out.append(pick(List.of("*", "+", "?", "*?", "+?", "{2}", "{1,2}", "*+")));
            }
        }
        return out.toString();
    }

    private static String quote(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"");
    }

    /** A path with or without a query. */
    String target() {
        StringBuilder out = new StringBuilder();
        if (random.nextInt(4) == 0) {
            out.append(pick(PREFIXES));
        } else {
            int count = 1 + random.nextInt(4);
            for (int i = 0; i < count; i++) {
                out.append('/').append(pick(SEGMENTS));
            }
        }
        if (random.nextInt(4) == 0 && out.length() > 1 && out.charAt(out.length() - 1) != '/') {
            out.append('/');
        }
        out.append(pick(List.of("", "", "", "", "?x", "?q=Y", "?a=1&b=%20", "?", "#frag", "?q=n#frag")));
        return out.toString();
    }

    /** A host, sometimes in an unusual form; empty text for none. */
    String host() {
        String host = random.nextInt(30) == 0 ? "" : pick(HOSTS);
        return switch (random.nextInt(8)) {
            case 0 -> host.toUpperCase(Locale.ROOT);
            case 1 -> host.isEmpty() ? host : host + ".";
            case 2 -> host.isEmpty() ? host : host + ":8080";
            case 3 -> host.isEmpty() ? host : host + ".:80";
            default -> host;
        };
    }

    /** A method and header fields to ask with; more often none. */
    RequestHead head() {
        Vector<String> lines = Vector.of("X-Flag: ", "Cookie: ")
                .filter(name -> random.nextInt(3) == 0)
                .map(name -> name.startsWith("X")
                        ? pick(List.of("X-Flag: 1", "x-flag: on", "x_flag: 1", "X-FLAG:  two words "))
                        : "Cookie: "
                                + pick(List.of(
                                        "flag=1",
                                        "a=b; flag=1",
                                        "FLAG=2; flag=1",
                                        "a=flag=1",
                                        "flagged=1",
                                        "a=b, flag = x y ;c",
                                        "flag=",
                                        ";;flag=1")));
        return RequestHead.parse(random.nextInt(4) == 0 ? "POST" : "GET", lines).get();
    }

    /** One of several. */
    String pick(List<String> from) {
        return from.get(random.nextInt(from.size()));
    }

    /** One of several. */
    int pick(int[] from) {
        return from[random.nextInt(from.length)];
    }

    /** Addresses of the loopback interface that requests are sent to. */
    List<String> addresses() {
        return new ArrayList<>(List.of("127.0.0.1", "127.0.0.1", "127.0.0.2", "127.0.0.3"));
    }
}
