package dev.podpath.cli.verify;

import dev.podpath.cli.verify.VerifyReport.EndEntry;
import dev.podpath.cli.verify.VerifyReport.FindingEntry;
import dev.podpath.cli.verify.VerifyReport.MissingEntry;
import dev.podpath.cli.verify.VerifyReport.NodeEntry;
import dev.podpath.cli.verify.VerifyReport.PlaceEntry;
import dev.podpath.cli.verify.VerifyReport.ProblemEntry;
import dev.podpath.cli.verify.VerifyReport.StepEntry;
import dev.podpath.cli.verify.VerifyReport.TableEntry;
import dev.podpath.cli.verify.VerifyReport.UnknownEntry;
import dev.podpath.cli.verify.VerifyReport.ViolationEntry;
import dev.podpath.cli.verify.VerifyReport.WitnessEntry;
import dev.podpath.core.finding.Severity;
import dev.podpath.core.verify.Result;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random reports whose texts are as hostile as the documents they quote. */
final class Reports {
    private static final String[] SCRAPS = {
        "web",
        "<",
        ">",
        "&",
        "\"",
        "'",
        "]]>",
        "\n",
        "\t",
        "\u0000",
        "\u001b[31m",
        "ü",
        "中",
        "😀",
        " ",
        "%",
        "/",
        ":",
        "\\",
        "&amp;",
        "<!ENTITY x \"y\">",
        "\ufffe",
        "$(id)",
        "a b"
    };

    private final Random random;

    private Reports(long seed) {
        this.random = new Random(seed);
    }

    static VerifyReport random(long seed) {
        return new Reports(seed).report();
    }

    private VerifyReport report() {
        int count = random.nextInt(6);
        List<NodeEntry> nodes = new ArrayList<>();
        List<ViolationEntry> violations = new ArrayList<>();
        List<UnknownEntry> unknowns = new ArrayList<>();
        List<FindingEntry> findings = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String name = "node-" + i + (random.nextBoolean() ? text() : "");
            int wrong = random.nextInt(3);
            int untold = random.nextInt(2);
            for (int k = 0; k < wrong; k++) {
                violations.add(violation(name));
            }
            for (int k = 0; k < untold; k++) {
                unknowns.add(unknown(name));
            }
            if (random.nextInt(4) == 0) {
                findings.add(new FindingEntry("PP-NODE-03" + k(), severity(), name, text(), places()));
            }
            Result result = wrong > 0 ? Result.VIOLATED : untold > 0 ? Result.UNKNOWN : Result.HOLDS;
            nodes.add(new NodeEntry(
                    name,
                    maybe(text()),
                    result,
                    Vector.of(new TableEntry("ip nat", Vector.of("PREROUTING"), k(), k(), k())),
                    random.nextInt(100_000),
                    k(),
                    k(),
                    Vector.of("POD IPv4"),
                    random.nextInt(10_000) / 1000.0));
        }
        return new VerifyReport(
                text(),
                Option.none(),
                Vector.ofAll(nodes).sortBy(NodeEntry::name),
                ServicePorts.of(Vector.of("a/web:80/tcp", "b/web:53/udp")),
                ReportAgreement.check(Vector.ofAll(nodes).sortBy(NodeEntry::name), Vector.ofAll(violations)),
                Vector.ofAll(unknowns).sortBy(UnknownEntry::node),
                Vector.ofAll(findings).sortBy(FindingEntry::node),
                Vector.of("pods were not captured", "the cluster's range is inferred"),
                random.nextInt(3) == 0
                        ? Vector.of(new ProblemEntry("kubernetes/" + text(), maybe(1 + k()), text()))
                        : Vector.empty());
    }

    private ViolationEntry violation(String node) {
        boolean served = random.nextBoolean();
        return new ViolationEntry(
                "PP-NODE-10" + k(),
                severity(),
                node,
                served ? Option.some("a/web") : Option.none(),
                served ? Option.some(80) : Option.none(),
                "tcp",
                "10.96.0." + k() + ":80",
                text(),
                witness(),
                Vector.of(new EndEntry("ENDPOINT", Option.some("10.244.0.1:8080"), "1/2", "KEPT"), end()),
                Vector.of(end()),
                Vector.of(new StepEntry("nat", "KUBE-SERVICES", place())),
                places(),
                random.nextBoolean());
    }

    private UnknownEntry unknown(String node) {
        return new UnknownEntry(
                node,
                maybe("a/web"),
                maybe("10.96.0.7:80"),
                maybe("udp"),
                text(),
                Vector.of(new MissingEntry(text(), text())),
                maybe(witness()));
    }

    private static EndEntry end() {
        return new EndEntry("REJECTED", Option.none(), "1", "KEPT");
    }

    private WitnessEntry witness() {
        return random.nextBoolean()
                ? new WitnessEntry("10.244.0.9", 40_000, "10.96.0.7", 80, "tcp", "pod@cali'1")
                : new WitnessEntry("fd00::9", 40_000, "fd00::7", 80, "tcp", "other-node");
    }

    private Vector<PlaceEntry> places() {
        return Vector.range(0, random.nextInt(3)).map(i -> place());
    }

    private PlaceEntry place() {
        return new PlaceEntry("nodes/n 1:/" + text(), maybe(1 + k()), maybe("/items/0"), text());
    }

    private Severity severity() {
        return Severity.values()[random.nextInt(3)];
    }

    private int k() {
        return random.nextInt(10);
    }

    private <T> Option<T> maybe(T value) {
        return random.nextBoolean() ? Option.some(value) : Option.none();
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(4); i >= 0; i--) {
            text.append(SCRAPS[random.nextInt(SCRAPS.length)]);
        }
        return text.toString();
    }
}
