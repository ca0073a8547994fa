package dev.podpath.cli.verify;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.podpath.cli.verify.VerifyReport.FindingEntry;
import dev.podpath.cli.verify.VerifyReport.PlaceEntry;
import dev.podpath.cli.verify.VerifyReport.ProblemEntry;
import dev.podpath.cli.verify.VerifyReport.StepEntry;
import dev.podpath.cli.verify.VerifyReport.UnknownEntry;
import dev.podpath.cli.verify.VerifyReport.ViolationEntry;
import dev.podpath.core.finding.FindingCode;
import dev.podpath.core.finding.Severity;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.io.IOException;
import java.io.Writer;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.function.Function;

/**
 * A report as SARIF 2.1.0 (OASIS, 2020-03-27): a rule for every code, a result for every violation and finding, a result of
 * kind {@code open} for what is not known. Locations are relative to the snapshot.
 */
public final class ReportSarif {
    /** The rule of results that are not known. */
    static final String UNKNOWN = "podpath-unknown";

    private static final String BASE = "SNAPSHOT";

    private final JsonGenerator json;
    private final VerifyReport report;
    private final Vector<String> codes;

    private ReportSarif(JsonGenerator json, VerifyReport report) {
        this.json = json;
        this.report = report;
        Vector<String> used = report.violations()
                .map(ViolationEntry::code)
                .appendAll(report.findings().map(FindingEntry::code))
                .distinct()
                .sorted();
        this.codes = report.unknowns().isEmpty() ? used : used.append(UNKNOWN);
    }

    /**
     * Writes the SARIF log.
     *
     * @param version the program's version
     * @param meaning what a code means
     */
    public static void write(
            VerifyReport report, String version, Function<String, Option<FindingCode>> meaning, Writer out)
            throws IOException {
        JsonGenerator generator = new JsonFactory()
                .createGenerator(out)
                .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
                .useDefaultPrettyPrinter();
        try (generator) {
            new ReportSarif(generator, report).write(version, meaning);
        }
        out.write('\n');
    }

    private void write(String version, Function<String, Option<FindingCode>> meaning) throws IOException {
        json.writeStartObject();
        json.writeStringField("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
        json.writeStringField("version", "2.1.0");
        json.writeArrayFieldStart("runs");
        json.writeStartObject();
        json.writeObjectFieldStart("tool");
        json.writeObjectFieldStart("driver");
        json.writeStringField("name", "podpath");
        json.writeStringField("version", version);
        json.writeArrayFieldStart("rules");
        for (String code : codes) {
            rule(code, meaning.apply(code));
        }
        json.writeEndArray();
        json.writeEndObject();
        json.writeEndObject();
        invocation();
        json.writeObjectFieldStart("originalUriBaseIds");
        json.writeObjectFieldStart(BASE);
        text("description", "the snapshot " + report.snapshot());
        json.writeEndObject();
        json.writeEndObject();
        json.writeStringField("columnKind", "utf16CodeUnits");
        json.writeArrayFieldStart("results");
        for (ViolationEntry violation : report.violations()) {
            violation(violation);
        }
        for (FindingEntry finding : report.findings()) {
            finding(finding);
        }
        for (UnknownEntry unknown : report.unknowns()) {
            unknown(unknown);
        }
        json.writeEndArray();
        json.writeEndObject();
        json.writeEndArray();
        json.writeEndObject();
    }

    private void rule(String code, Option<FindingCode> meaning) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", code);
        text(
                "shortDescription",
                meaning.map(FindingCode::title)
                        .getOrElse(code.equals(UNKNOWN) ? "it could not be verified" : "a finding of a plugin"));
        if (meaning.isDefined()) {
            text("fullDescription", meaning.get().explanation());
            text(
                    "help",
                    meaning.get().explanation() + "\n\nRemedy: " + meaning.get().remedy());
        }
        json.writeObjectFieldStart("defaultConfiguration");
        json.writeStringField(
                "level", meaning.map(known -> level(known.severity())).getOrElse("none"));
        json.writeEndObject();
        json.writeEndObject();
    }

    private void invocation() throws IOException {
        json.writeArrayFieldStart("invocations");
        json.writeStartObject();
        json.writeBooleanField("executionSuccessful", report.problems().isEmpty());
        json.writeArrayFieldStart("toolExecutionNotifications");
        for (ProblemEntry problem : report.problems()) {
            json.writeStartObject();
            json.writeStringField("level", "error");
            text("message", problem.document() + ": " + problem.message());
            json.writeArrayFieldStart("locations");
            location(new PlaceEntry(problem.document(), problem.line(), Option.none(), ""), "");
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
        json.writeEndArray();
    }

    private void violation(ViolationEntry violation) throws IOException {
        String subject = violation
                        .service()
                        .map(service -> service
                                + violation.port().map(port -> ":" + port).getOrElse("") + " at ")
                        .getOrElse("")
                + violation.vip() + "/" + violation.protocol();
        head(violation.code(), "fail", level(violation.severity()));
        text(
                "message",
                subject + " on node " + violation.node() + ": " + violation.message() + "\n"
                        + Reproduction.command(report.snapshot(), violation.node(), violation.witness()));
        Vector<PlaceEntry> rules = violation.trail().map(StepEntry::place);
        // The rule that went wrong is the last one met; without any, the object that was not followed.
        Vector<PlaceEntry> places = rules.nonEmpty() ? rules.reverse() : violation.evidence();
        places(
                places.take(1),
                "node " + violation.node() + "/" + subject,
                rules.dropRight(1).appendAll(rules.nonEmpty() ? violation.evidence() : places.drop(1)));
        fingerprint(
                violation.code(), violation.node(), subject, violation.witness().arrival());
        json.writeEndObject();
    }

    private void finding(FindingEntry finding) throws IOException {
        boolean fails = finding.severity() != Severity.INFO;
        head(finding.code(), fails ? "fail" : "informational", fails ? level(finding.severity()) : "none");
        text("message", "node " + finding.node() + ": " + finding.message());
        places(
                finding.evidence().take(1),
                "node " + finding.node(),
                finding.evidence().drop(1));
        fingerprint(finding.code(), finding.node(), finding.message(), "");
        json.writeEndObject();
    }

    private void unknown(UnknownEntry unknown) throws IOException {
        String subject = unknown.service().getOrElse("") + " " + unknown.vip().getOrElse("");
        head(UNKNOWN, "open", "none");
        text(
                "message",
                ("node " + unknown.node() + " " + subject).strip() + ": " + unknown.message()
                        + unknown.missing()
                                .map(missing -> "\ncapture " + missing.what() + ": " + missing.capture())
                                .mkString(""));
        places(Vector.empty(), ("node " + unknown.node() + "/" + subject).strip(), Vector.empty());
        fingerprint(UNKNOWN, unknown.node(), subject, unknown.message());
        json.writeEndObject();
    }

    private void head(String code, String kind, String level) throws IOException {
        json.writeStartObject();
        json.writeStringField("ruleId", code);
        json.writeNumberField("ruleIndex", codes.indexOf(code));
        json.writeStringField("kind", kind);
        json.writeStringField("level", level);
    }

    private void places(Vector<PlaceEntry> main, String logical, Vector<PlaceEntry> related) throws IOException {
        json.writeArrayFieldStart("locations");
        if (main.isEmpty()) {
            json.writeStartObject();
            logical(logical);
            json.writeEndObject();
        }
        for (PlaceEntry place : main) {
            location(place, logical);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("relatedLocations");
        for (PlaceEntry place : related) {
            location(place, "");
        }
        json.writeEndArray();
    }

    private void location(PlaceEntry place, String logical) throws IOException {
        json.writeStartObject();
        json.writeObjectFieldStart("physicalLocation");
        json.writeObjectFieldStart("artifactLocation");
        json.writeStringField("uri", uri(place.document()));
        json.writeStringField("uriBaseId", BASE);
        json.writeEndObject();
        if (place.line().isDefined()) {
            json.writeObjectFieldStart("region");
            json.writeNumberField("startLine", place.line().get());
            if (!place.excerpt().isEmpty()) {
                text("snippet", place.excerpt());
            }
            json.writeEndObject();
        }
        json.writeEndObject();
        logical(logical);
        json.writeEndObject();
    }

    private void logical(String name) throws IOException {
        if (!name.isEmpty()) {
            json.writeArrayFieldStart("logicalLocations");
            json.writeStartObject();
            json.writeStringField("fullyQualifiedName", name);
            json.writeEndObject();
            json.writeEndArray();
        }
    }

    /** The same violation in the next run has the same fingerprint. */
    private void fingerprint(String... parts) throws IOException {
        UUID id = UUID.nameUUIDFromBytes(String.join("\0", parts).getBytes(StandardCharsets.UTF_8));
        json.writeObjectFieldStart("partialFingerprints");
        json.writeStringField("podpath/v1", id.toString());
        json.writeEndObject();
    }

    private void text(String field, String text) throws IOException {
        json.writeObjectFieldStart(field);
        json.writeStringField("text", text);
        json.writeEndObject();
    }

    private static String level(Severity severity) {
        return switch (severity) {
            case ERROR -> "error";
            case WARNING -> "warning";
            case INFO -> "note";
        };
    }

    /** A relative reference (RFC 3986); a first segment with a colon would be taken for a scheme. */
    private static String uri(String path) {
        try {
            return new URI(null, null, "/" + path, null)
                    .getRawPath()
                    .substring(1)
                    .replace(":", "%3A");
        } catch (URISyntaxException e) {
            return "unnamed";
        }
    }
}
