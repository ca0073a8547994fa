package dev.podpath.cli.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.cli.render.Style;
import dev.podpath.core.finding.FindingCode;
import dev.podpath.core.finding.Severity;
import dev.podpath.ports.snapshot.Document;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import javax.xml.parsers.DocumentBuilderFactory;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class ReportProperties {
    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void aReportIsReadAsItWasWritten(@ForAll long seed) throws IOException {
        VerifyReport report = Reports.random(seed);
        assertThat(read(json(report)).get()).isEqualTo(report);
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void theShardsOfAReportMergeIntoIt(@ForAll long seed, @ForAll @IntRange(min = 1, max = 5) int of) {
        VerifyReport whole = Reports.random(seed);
        Vector<ReportMerge.Part> parts = Vector.range(0, of)
                .map(index -> new Shard(index, of))
                .map(shard -> new ReportMerge.Part("part-" + shard.index() + ".json", part(whole, shard)));
        assertThat(ReportMerge.merge(parts.reverse()).get()).isEqualTo(whole);
        if (of > 1) {
            assertThat(ReportMerge.merge(parts.tail()).getLeft()).contains("one is missing: 0/" + of);
            assertThat(ReportMerge.merge(parts.append(parts.head())).getLeft()).contains("are both shard 0/" + of);
            assertThat(ReportMerge.merge(parts.tail().append(new ReportMerge.Part("whole.json", whole)))
                            .getLeft())
                    .contains("whole.json is no shard");
        }
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void junitIsXmlWithASuiteForEachNode(@ForAll long seed) throws Exception {
        VerifyReport report = Reports.random(seed);
        StringWriter text = new StringWriter();
        ReportJunit.write(report, text);
        Element root = xml(text.toString());
        NodeList suites = root.getElementsByTagName("testsuite");
        assertThat(suites.getLength())
                .isEqualTo(report.nodes().size() + (report.problems().isEmpty() ? 0 : 1));
        for (int i = 0; i < suites.getLength(); i++) {
            Element suite = (Element) suites.item(i);
            assertThat(suite.getAttribute("tests")).isEqualTo(count(suite, "testcase"));
            assertThat(suite.getAttribute("failures")).isEqualTo(count(suite, "failure"));
            assertThat(suite.getAttribute("errors")).isEqualTo(count(suite, "error"));
        }
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void sarifHasWhatTheStandardRequires(@ForAll long seed) throws IOException {
        VerifyReport report = Reports.random(seed);
        StringWriter text = new StringWriter();
        ReportSarif.write(report, "1.0", ReportProperties::meaning, text);
        Json log = new Document("x.sarif.json", text.toString().getBytes(StandardCharsets.UTF_8))
                .json()
                .get();
        assertThat(log.text("version")).contains("2.1.0");
        Json run = log.items("runs").single();
        assertThat(run.text("tool", "driver", "name")).contains("podpath");
        Vector<String> rules = run.items("tool", "driver", "rules").flatMap(rule -> rule.text("id"));
        assertThat(rules).doesNotHaveDuplicates();
        Vector<Json> results = run.items("results");
        assertThat(results)
                .hasSize(report.violations().size()
                        + report.findings().size()
                        + report.unknowns().size());
        for (Json result : results) {
            assertThat(rules.get(result.integer("ruleIndex").get())).isEqualTo(result.textOr("", "ruleId"));
            assertThat(result.text("message", "text").get()).isNotEmpty();
            // Section 3.27.10: a level other than none goes with kind fail alone.
            assertThat(result.textOr("", "kind").equals("fail"))
                    .isEqualTo(!result.textOr("", "level").equals("none"));
            assertThat(result.textOr("", "level")).isIn("none", "note", "warning", "error");
            assertThat(result.items("locations")).hasSize(1);
            result.items("locations")
                    .appendAll(result.items("relatedLocations"))
                    .forEach(ReportProperties::location);
        }
    }

    /** A relative reference without spaces or what would be taken for a scheme; lines count from 1. */
    private static void location(Json location) {
        Json physical = location.at("physicalLocation");
        if (physical.isPresent()) {
            assertThat(physical.text("artifactLocation", "uri").get()).doesNotContain(" ", ":", "<", "\"", "\\");
            assertThat(physical.text("artifactLocation", "uriBaseId")).contains("SNAPSHOT");
            physical.integer("region", "startLine")
                    .forEach(line -> assertThat(line).isPositive());
        } else {
            assertThat(location.items("logicalLocations")).isNotEmpty();
        }
    }

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void theTextNamesEveryViolation(@ForAll long seed) {
        VerifyReport report = Reports.random(seed);
        String text = ReportText.of(report, new Style(false, true));
        assertThat(text).contains("Result: " + report.result());
        report.violations()
                .forEach(violation -> assertThat(text)
                        .contains(violation.code())
                        .contains(Reproduction.command(report.snapshot(), violation.node(), violation.witness())));
    }

    @Property(tries = 500)
    void anyBytesAreAReportOrAMessage(@ForAll @Size(max = 60) byte[] bytes) {
        read(new String(bytes, StandardCharsets.ISO_8859_1))
                .swap()
                .forEach(problem -> assertThat(problem).startsWith("part.json"));
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void aDamagedReportIsAReportOrAMessage(@ForAll long seed, @ForAll @IntRange(max = 100_000) int at)
            throws IOException {
        String text = json(Reports.random(seed));
        int from = at % text.length();
        String damaged = text.substring(0, from) + text.substring(Math.min(text.length(), from + 12));
        read(damaged).swap().forEach(problem -> assertThat(problem).startsWith("part.json"));
    }

    @Example
    void aCommandLineIsOneForAShell() {
        assertThat(Reproduction.command(
                        "my snapshots/a",
                        "n1",
                        new VerifyReport.WitnessEntry("fd00::9", 4000, "fd00::7", 53, "udp", "pod@it's")))
                .isEqualTo("podpath packet --snapshot 'my snapshots/a' --node n1 --in 'pod@it'\\''s'"
                        + " --src '[fd00::9]:4000' --dst '[fd00::7]:53/udp'");
    }

    @Example
    void shardsDivideTheNodes() {
        assertThat(Shard.parse("0/4").get()).hasToString("0/4");
        for (String wrong : Vector.of("4/4", "-1/4", "1", "1/0", "a/b", "1/4/4", "", "0/99999999")) {
            assertThat(Shard.parse(wrong).getLeft()).contains("'" + wrong + "' is no shard");
        }
        Vector<String> names = Vector.range(0, 1000).map(i -> "node-" + i);
        assertThat(Vector.range(0, 7).flatMap(i -> names.filter(new Shard(i, 7)::has)))
                .containsExactlyInAnyOrderElementsOf(names);
    }

    private static VerifyReport part(VerifyReport whole, Shard shard) {
        return new VerifyReport(
                whole.snapshot(),
                Option.some(shard),
                whole.nodes().filter(node -> shard.has(node.name())),
                whole.servicePorts(),
                whole.violations()
                        .filter(violation ->
                                shard.has(violation.node()) && !violation.code().equals("PP-NODE-112")),
                whole.unknowns().filter(unknown -> shard.has(unknown.node())),
                whole.findings().filter(finding -> shard.has(finding.node())),
                whole.assumptions(),
                whole.problems());
    }

    private static Option<FindingCode> meaning(String code) {
        return code.endsWith("3")
                ? Option.none()
                : Option.some(new FindingCode("PP-NODE-100", Severity.ERROR, "a title", "an explanation", "a remedy"));
    }

    private static Either<String, VerifyReport> read(String text) {
        return ReportReader.read(new Document("part.json", text.getBytes(StandardCharsets.UTF_8)));
    }

    private static String json(VerifyReport report) throws IOException {
        StringWriter text = new StringWriter();
        ReportJson.write(report, text);
        return text.toString();
    }

    private static Element xml(String text) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        return factory.newDocumentBuilder()
                .parse(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)))
                .getDocumentElement();
    }

    private static String count(Element element, String name) {
        return String.valueOf(element.getElementsByTagName(name).getLength());
    }
}
