package dev.podpath.cli.verify;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
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
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.io.IOException;
import java.io.Writer;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;

/** A report as JSON; described in {@code docs/verify-json.md} and versioned by {@code formatVersion}. */
public final class ReportJson {
    /** Version of the format; it rises when a field changes its meaning or goes away. */
    public static final int FORMAT_VERSION = 1;

    private final JsonGenerator json;

    private ReportJson(JsonGenerator json) {
        this.json = json;
    }

    /** Writes the JSON text, ending in a line end. */
    public static void write(VerifyReport report, Writer out) throws IOException {
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter()
                .withObjectIndenter(new DefaultIndenter("  ", "\n"))
                .withArrayIndenter(new DefaultIndenter("  ", "\n"));
        JsonGenerator generator =
                new JsonFactory().createGenerator(out).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
        try (generator) {
            generator.setPrettyPrinter(printer);
            new ReportJson(generator).write(report);
        }
        out.write('\n');
    }

    private void write(VerifyReport report) throws IOException {
        json.writeStartObject();
        json.writeNumberField("formatVersion", FORMAT_VERSION);
        json.writeStringField("result", report.result().name());
        json.writeStringField("snapshot", report.snapshot());
        if (report.shard().isDefined()) {
            json.writeObjectFieldStart("shard");
            json.writeNumberField("index", report.shard().get().index());
            json.writeNumberField("of", report.shard().get().of());
            json.writeEndObject();
        }
        array("nodes", report.nodes(), this::write);
        array("violations", report.violations(), this::write);
        array("unknowns", report.unknowns(), this::write);
        array("findings", report.findings(), this::write);
        array("assumptions", report.assumptions(), json::writeString);
        array("servicePorts", report.servicePorts().names(), json::writeString);
        array("problems", report.problems(), this::write);
        json.writeEndObject();
    }

    private void write(NodeEntry node) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", node.name());
        optional("mode", node.mode());
        json.writeStringField("result", node.result().name());
        json.writeNumberField("rules", node.rules());
        json.writeNumberField("classes", node.classes());
        json.writeNumberField("vips", node.vips());
        json.writeNumberField("services", node.services());
        json.writeFieldName("seconds");
        json.writeNumber(BigDecimal.valueOf(node.seconds())
                .setScale(3, RoundingMode.HALF_UP)
                .toString());
        array("tables", node.tables(), this::write);
        array("arrivals", node.arrivals(), json::writeString);
        json.writeEndObject();
    }

    private void write(TableEntry table) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", table.name());
        array("hooks", table.hooks(), json::writeString);
        json.writeNumberField("exact", table.exact());
        json.writeNumberField("neutral", table.neutral());
        json.writeNumberField("unknown", table.unknown());
        json.writeEndObject();
    }

    private void write(ViolationEntry violation) throws IOException {
        json.writeStartObject();
        head(violation.code(), violation.severity(), violation.node());
        optional("service", violation.service());
        if (violation.port().isDefined()) {
            json.writeNumberField("port", violation.port().get());
        }
        json.writeStringField("protocol", violation.protocol());
        json.writeStringField("vip", violation.vip());
        json.writeStringField("message", violation.message());
        json.writeFieldName("witness");
        write(violation.witness());
        array("expected", violation.expected(), this::write);
        array("actual", violation.actual(), this::write);
        array("trail", violation.trail(), this::write);
        array("evidence", violation.evidence(), this::write);
        json.writeBooleanField("comparable", violation.comparable());
        json.writeEndObject();
    }

    private void write(UnknownEntry unknown) throws IOException {
        json.writeStartObject();
        json.writeStringField("node", unknown.node());
        optional("service", unknown.service());
        optional("vip", unknown.vip());
        optional("protocol", unknown.protocol());
        json.writeStringField("message", unknown.message());
        array("missing", unknown.missing(), this::write);
        if (unknown.witness().isDefined()) {
            json.writeFieldName("witness");
            write(unknown.witness().get());
        }
        json.writeEndObject();
    }

    private void write(FindingEntry finding) throws IOException {
        json.writeStartObject();
        head(finding.code(), finding.severity(), finding.node());
        json.writeStringField("message", finding.message());
        array("evidence", finding.evidence(), this::write);
        json.writeEndObject();
    }

    private void head(String code, Severity severity, String node) throws IOException {
        json.writeStringField("code", code);
        json.writeStringField("severity", severity.name().toLowerCase(Locale.ROOT));
        json.writeStringField("node", node);
    }

    private void write(WitnessEntry witness) throws IOException {
        json.writeStartObject();
        json.writeStringField("src", witness.src());
        json.writeNumberField("sport", witness.sport());
        json.writeStringField("dst", witness.dst());
        json.writeNumberField("dport", witness.dport());
        json.writeStringField("protocol", witness.protocol());
        json.writeStringField("arrival", witness.arrival());
        json.writeEndObject();
    }

    private void write(EndEntry end) throws IOException {
        json.writeStartObject();
        json.writeStringField("kind", end.kind());
        optional("endpoint", end.endpoint());
        json.writeStringField("share", end.share());
        json.writeStringField("source", end.source());
        json.writeEndObject();
    }

    private void write(StepEntry step) throws IOException {
        json.writeStartObject();
        json.writeStringField("table", step.table());
        json.writeStringField("chain", step.chain());
        fields(step.place());
        json.writeEndObject();
    }

    private void write(PlaceEntry place) throws IOException {
        json.writeStartObject();
        fields(place);
        json.writeEndObject();
    }

    private void fields(PlaceEntry place) throws IOException {
        json.writeStringField("document", place.document());
        if (place.line().isDefined()) {
            json.writeNumberField("line", place.line().get());
        }
        optional("pointer", place.pointer());
        json.writeStringField("excerpt", place.excerpt());
    }

    private void write(MissingEntry missing) throws IOException {
        json.writeStartObject();
        json.writeStringField("what", missing.what());
        json.writeStringField("capture", missing.capture());
        json.writeEndObject();
    }

    private void write(ProblemEntry problem) throws IOException {
        json.writeStartObject();
        json.writeStringField("document", problem.document());
        if (problem.line().isDefined()) {
            json.writeNumberField("line", problem.line().get());
        }
        json.writeStringField("message", problem.message());
        json.writeEndObject();
    }

    private void optional(String field, Option<String> text) throws IOException {
        if (text.isDefined()) {
            json.writeStringField(field, text.get());
        }
    }

    private <T> void array(String field, Vector<T> values, Each<T> each) throws IOException {
        json.writeArrayFieldStart(field);
        for (T value : values) {
            each.write(value);
        }
        json.writeEndArray();
    }

    private interface Each<T> {
        void write(T value) throws IOException;
    }
}
