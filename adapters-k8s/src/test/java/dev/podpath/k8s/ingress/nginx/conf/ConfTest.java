package dev.podpath.k8s.ingress.nginx.conf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.k8s.ingress.nginx.Samples;
import dev.podpath.ports.snapshot.Document;
import dev.podpath.ports.snapshot.DocumentProblem;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Assertions;

class ConfTest {
    private static Vector<Directive> read(String text) {
        return NginxConf.parse(Samples.text(text)).get().directives();
    }

    private static DocumentProblem problem(String text) {
        return NginxConf.parse(Samples.text(text)).getLeft();
    }

    @Example
    void splitsWordsAsNginxDoes() {
        Vector<Directive> lines =
                read("a \"b c\" 'd;e' f\\ g ${h} i#j # comment ;\n ; k \"\\\"\\\\x\\t\\q\"; l $m{ n; }\n\"o\"{}");
        assertThat(lines.get(0).args()).containsExactly("b c", "d;e", "f\\ g", "${h}", "i#j");
        assertThat(lines.get(1).args()).containsExactly("\"\\x\t\\q");
        // A brace right after a variable's name does not follow the dollar, so it opens a block.
        assertThat(lines.get(2).args()).containsExactly("$m");
        assertThat(lines.get(2).children()).hasSize(1);
        assertThat(lines.get(3).name()).isEqualTo("o");
    }

    @Example
    void knowsTheLineOfEveryDirective() {
        Directive server = read("http {\n\n  server\n {\n listen 80;\n}}")
                .get(0)
                .children()
                .get(0);
        assertThat(server.line()).isEqualTo(3);
        assertThat(server.children().get(0).line()).isEqualTo(5);
        assertThat(server.children().get(0).evidence().excerpt()).isEqualTo("listen 80;");
    }

    @Example
    void locatesErrors() {
        assertThat(problem("a;\nb c }").toString()).contains("nginx.conf:2: found '}', expected ';' or '{'");
        assertThat(problem("a {\n b;\n").toString()).contains("end of the file", "block 'a' of line 1");
        assertThat(problem("a;\n}").toString()).contains(":2:", "closes nothing");
        assertThat(problem("a 'b;\n").toString()).contains("a quote that is never closed");
        assertThat(problem("a \"b\"c;").toString()).contains("'c' right after a quoted word");
        assertThat(problem(";").toString()).contains("without a directive");
        assertThat(problem("x_by_lua_block {\n \"\n}").toString()).contains(":2:", "Lua string");
        assertThat(problem("x_by_lua_block { { }").toString()).contains("Lua block that is never closed");
        assertThat(problem("a {".repeat(200)).toString()).contains("more than 100 blocks");
    }

    @Example
    void skipsLua() {
        NginxConf conf = NginxConf.parse(Samples.conf("lua-blocks.conf")).get();
        Directive init = conf.http().get(0);
        assertThat(init.lua()).contains("lua_ingress.set_config");
        assertThat(conf.http().filter(line -> line.is("server"))).hasSize(3);
        Directive secure = conf.http().filter(line -> line.is("server")).get(1);
        assertThat(secure.children().get(3).last("rewrite_by_lua_block").get().line())
                .isEqualTo(35);
    }

    @Example
    void takesIncludedFilesIntoTheirPlace() {
        Document part = new Document("part.conf", "b;\nc { d; }".getBytes(StandardCharsets.UTF_8));
        Includes includes = pattern -> pattern.equals("part.conf") ? Vector.of(part) : Vector.empty();
        NginxConf conf = NginxConf.parse(Samples.text("a;\ninclude part.conf;\ninclude other;\ne;"), includes)
                .get();
        assertThat(conf.directives().map(Directive::name)).containsExactly("a", "b", "c", "include", "e");
        assertThat(conf.directives().get(2).document().path()).isEqualTo("part.conf");
        assertThat(conf.directives().get(2).line()).isEqualTo(2);
        assertThat(conf.missingIncludes()).hasSize(1);
        Includes loop = pattern -> Vector.of(Samples.text("include again;"));
        assertThat(NginxConf.parse(Samples.text("include again;"), loop)
                        .getLeft()
                        .toString())
                .contains("included no deeper than 16");
        Includes open = pattern -> Vector.of(new Document("open.conf", "x {".getBytes(StandardCharsets.UTF_8)));
        assertThat(NginxConf.parse(Samples.text("include a; }"), open).getLeft().document())
                .isEqualTo("open.conf");
    }

    @Example
    void matchesShellPatterns() {
        assertThat(Glob.matches("a/*.conf", "a/b.conf")).isTrue();
        assertThat(Glob.matches("a/*.conf", "a/b/c.conf")).isFalse();
        assertThat(Glob.matches("a?c*", "abc")).isTrue();
        assertThat(Glob.matches("*a*b", "xaxxb")).isTrue();
        assertThat(Glob.matches("a", "b")).isFalse();
    }

    @Property(tries = 2000)
    void readsAnyBytes(@ForAll byte[] bytes) {
        located(bytes);
    }

    @Property(tries = 2000)
    void readsAnythingThatLooksLikeConfiguration(@ForAll("fragments") String text) {
        located(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Provide
    Arbitrary<String> fragments() {
        return Arbitraries.of(
                        "a",
                        " ",
                        ";",
                        "{",
                        "}",
                        "\"",
                        "'",
                        "\\",
                        "$",
                        "#",
                        "\n",
                        "x_by_lua_block {",
                        "[[",
                        "]]",
                        "--",
                        "[=[",
                        "]=]",
                        ")",
                        "server {",
                        "include x;",
                        "location / {",
                        "\r\n",
                        "\u00e9")
                .list()
                .ofMaxSize(40)
                .map(parts -> String.join("", parts));
    }

    @Example
    void readsTruncatedAndDamagedDocuments() {
        Random random = new Random(7);
        for (String name : new String[] {"current.conf", "lua-blocks.conf", "upstream-blocks.conf"}) {
            byte[] whole = Samples.conf(name).bytes();
            for (int end = 0; end < whole.length; end += 13) {
                located(Arrays.copyOf(whole, end));
            }
            for (int i = 0; i < 300; i++) {
                byte[] damaged = whole.clone();
                for (int n = 0; n < 5; n++) {
                    damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
                }
                located(damaged);
            }
        }
    }

    @Example
    void readsHugeDocumentsInLinearTime() {
        String line = "  location /a { set $x \"y\"; proxy_pass http://upstream_balancer; }\n";
        Assertions.assertTimeout(Duration.ofSeconds(10), () -> {
            assertThat(NginxConf.parse(Samples.text("http { server {\n" + line.repeat(100_000) + "}}"))
                            .get()
                            .count())
                    .isEqualTo(300_002);
            for (String hostile : new String[] {"[=", "]=", "\"\\", "-", "--[", "[[", "{", "a\\", "${", "'"}) {
                located(("x_by_lua_block {" + hostile.repeat(1_000_000)).getBytes(StandardCharsets.UTF_8));
                located(hostile.repeat(1_000_000).getBytes(StandardCharsets.UTF_8));
            }
        });
    }

    private static void located(byte[] bytes) {
        Document document = new Document("nginx.conf", bytes);
        Either<DocumentProblem, NginxConf> read = NginxConf.parse(document);
        read.swap()
                .forEach(problem -> assertThat(problem.line().get())
                        .isBetween(1, Math.max(1, document.lines().count() + 1)));
        read.forEach(conf -> conf.directives()
                .forEach(directive -> assertThat(directive.line())
                        .isBetween(1, document.lines().count())));
    }
}
