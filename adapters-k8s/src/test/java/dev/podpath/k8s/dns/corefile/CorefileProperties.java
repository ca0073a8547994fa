package dev.podpath.k8s.dns.corefile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.trace.Evidence;
import dev.podpath.k8s.dns.server.NameServer;
import dev.podpath.k8s.dns.server.Question;
import dev.podpath.k8s.dns.server.RecordType;
import dev.podpath.k8s.objects.ObjectList;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class CorefileProperties {
    private static final String REAL = """
            # the cluster's
            (logs) {
                errors
                log . {
                    class error
                }
            }
            corp.example:53, 10.in-addr.arpa:53 {
                import logs
                forward . 10.1.1.1
            }
            .:53 {
                import logs
                health {
                   lameduck 15s
                }
                kubernetes cluster.local in-addr.arpa ip6.arpa {
                   pods verified
                   fallthrough in-addr.arpa ip6.arpa
                }
                rewrite name regex "(.*)\\.old\\.example" {1}.shop.svc.cluster.local answer auto
                hosts {
                    192.0.2.7 own.example
                    fallthrough
                }
                template IN A made.test {
                    answer "{{ .Name }} 60 IN A 192.0.2.8"
                }
                forward . /etc/resolv.conf
                cache 30
            }
            """;

    private static Either<Corefile.Problem, Corefile> parse(String text) {
        return Corefile.parse(text, Evidence.document("c", ""), Corefile.Imports.NONE);
    }

    @Example
    @Label("blocks, snippets, quotes and comments are read; the longest zone that holds a name is its block")
    void real() {
        Corefile corefile = parse(REAL).get();
        assertThat(corefile.servers()).hasSize(2);
        assertThat(corefile.servers().head().zones()).containsExactly("corp.example", "10.in-addr.arpa");
        assertThat(corefile.servers().head().directives().map(Corefile.Directive::name))
                .containsExactly("errors", "log", "forward");
        assertThat(corefile.serverFor("a.corp.example").get())
                .isEqualTo(corefile.servers().head());
        assertThat(corefile.serverFor("corp.example.org").get())
                .isEqualTo(corefile.servers().last());
        Corefile.Directive rewrite = corefile.servers().last().all("rewrite").head();
        assertThat(rewrite.args()).contains("(.*)\\.old\\.example", "{1}.shop.svc.cluster.local");
        assertThat(rewrite.line()).isEqualTo(21);
    }

    @Example
    @Label("a mistake has its line")
    void located() {
        assertThat(parse(".:53 {\n errors\n").getLeft().line()).isEqualTo(1);
        assertThat(parse("}\n").getLeft().found()).contains("closes nothing");
        assertThat(parse("{\n}\n").getLeft().expected()).contains("zone");
        assertThat(parse("a.test\nb.test\n").getLeft().expected()).contains("'{'");
    }

    @Example
    @Label("imports that name each other and deep blocks end in a problem")
    void bounded() {
        Corefile.Imports itself = pattern -> Vector.of("import again");
        assertThat(Corefile.parse(".:53 {\n import x\n}\n", Evidence.document("c", ""), itself)
                        .isLeft())
                .isTrue();
        assertThat(parse(".:53 {\n" + "a {\n".repeat(10_000)).isLeft()).isTrue();
        String snippets = "(a) {\n x\n x\n}\n";
        for (char c = 'b'; c < 'z'; c++) {
            snippets += "(" + c + ") {\n" + ("import " + (char) (c - 1) + "\n").repeat(8) + "}\n";
        }
        assertThat(parse(snippets + ".:53 {\n import y\n}\n").isLeft()).isTrue();
    }

    @Property(tries = 500)
    @Label("any text gives server blocks or a located problem, and a server made of it answers")
    void total(@ForAll("texts") String text) {
        Either<Corefile.Problem, Corefile> read = parse(text);
        read.swap().forEach(problem -> assertThat(problem.line()).isPositive());
        read.forEach(corefile -> NameServer.of(
                        Option.some(corefile), Cluster.unknown(), new ObjectList(false, Vector.empty(), Vector.empty()))
                .answer(Question.of("a.b.svc.cluster.local", RecordType.A)));
    }

    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> words = Arbitraries.of(
                ".:53",
                "{",
                "}",
                "\n",
                "#",
                "\"",
                "kubernetes",
                "cluster.local",
                "pods",
                "insecure",
                "rewrite",
                "name",
                "regex",
                "(.*",
                "{1}",
                "hosts",
                "192.0.2.1",
                "a.b",
                "template",
                "IN",
                "ANY",
                "answer",
                "{{",
                "forward",
                ".",
                "import",
                "(s)",
                "s",
                "fallthrough",
                "stop",
                "continue",
                "suffix",
                "10.0.0.0/8",
                "except",
                "\\");
        Arbitrary<String> soup = words.list().ofMaxSize(40).map(list -> String.join(" ", list));
        Arbitrary<String> cut = Arbitraries.integers().between(0, REAL.length()).map(end -> REAL.substring(0, end));
        return Arbitraries.oneOf(Arbitraries.strings(), soup, cut, soup.map(text -> ".:53 {\n" + text + "\n}\n"));
    }
}
