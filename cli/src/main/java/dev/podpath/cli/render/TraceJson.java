package dev.podpath.cli.render;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import dev.podpath.core.finding.Finding;
import dev.podpath.core.net.Tuple;
import dev.podpath.core.trace.Branch;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Evidence;
import dev.podpath.core.trace.Hop;
import dev.podpath.core.trace.Missing;
import dev.podpath.core.trace.Outcome;
import dev.podpath.core.trace.Target;
import dev.podpath.core.trace.Trace;
import dev.podpath.core.trace.TracedHop;
import dev.podpath.core.trace.Translation;
import dev.podpath.ports.snapshot.DocumentProblem;
import io.vavr.collection.Vector;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Locale;

/** A trace as JSON; the format is described in {@code docs/trace-json.md} and versioned by {@code formatVersion}. */
public final class TraceJson {
    /** Version of the format; it rises when a field changes its meaning or goes away. */
    public static final int FORMAT_VERSION = 1;

    private final JsonGenerator json;

    private TraceJson(JsonGenerator json) {
        this.json = json;
    }

    /** The JSON text, ending in a line end. */
    public static String of(Trace trace, Vector<DocumentProblem> problems) {
        StringWriter text = new StringWriter();
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter()
                .withObjectIndenter(new DefaultIndenter("  ", "\n"))
                .withArrayIndenter(new DefaultIndenter("  ", "\n"));
        try (JsonGenerator generator = new JsonFactory().createGenerator(text)) {
            generator.setPrettyPrinter(printer);
            new TraceJson(generator).write(trace, problems);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.append('\n').toString();
    }

    private void write(Trace trace, Vector<DocumentProblem> problems) throws IOException {
        json.writeStartObject();
        json.writeNumberField("formatVersion", FORMAT_VERSION);
        json.writeStringField("request", trace.request());
        json.writeStringField("verdict", trace.verdict().name());
        json.writeArrayFieldStart("hops");
        for (TracedHop hop : trace.hops()) {
            write(hop);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("outcomes");
        for (Outcome outcome : trace.outcomes()) {
            json.writeStartObject();
            json.writeStringField("disposition", outcome.disposition().name());
            write(outcome.target());
            json.writeStringField("share", outcome.share().toString());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("findings");
        for (Trace.PlacedFinding placed : trace.findings()) {
            write(placed.hop(), placed.finding());
        }
        json.writeEndArray();
        write("assumptions", trace.assumptions());
        write("limits", trace.limits());
        write("problems", problems.map(DocumentProblem::toString));
        json.writeEndObject();
    }

    private void write(TracedHop traced) throws IOException {
        Hop hop = traced.hop();
        json.writeStartObject();
        json.writeStringField("id", traced.id());
        json.writeStringField("kind", hop.kind().name());
        json.writeStringField("title", hop.title());
        if (traced.aside()) {
            json.writeBooleanField("aside", true);
        }
        json.writeArrayFieldStart("decisions");
        for (Decision decision : hop.decisions()) {
            write(decision);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("branches");
        for (int i = 0; i < hop.branches().size(); i++) {
            Branch branch = hop.branches().get(i);
            json.writeStartObject();
            json.writeStringField("to", traced.next().get(i));
            json.writeStringField("share", branch.share().toString());
            if (branch.condition().isDefined()) {
                json.writeStringField("condition", branch.condition().get());
            }
            if (branch.isAside()) {
                json.writeBooleanField("aside", true);
            }
            json.writeEndObject();
        }
        json.writeEndArray();
        if (hop.disposition().isDefined()) {
            json.writeStringField("disposition", hop.disposition().get().name());
        }
        json.writeEndObject();
    }

    private void write(Decision decision) throws IOException {
        json.writeStartObject();
        json.writeStringField("action", decision.action().name());
        json.writeStringField("text", decision.text());
        write(decision.evidence());
        if (decision.translation().isDefined()) {
            Translation translation = decision.translation().get();
            json.writeObjectFieldStart("translation");
            json.writeStringField("kind", translation.kind().name());
            write("before", translation.before());
            write("after", translation.after());
            json.writeEndObject();
        }
        if (decision.missing().nonEmpty()) {
            json.writeArrayFieldStart("missing");
            for (Missing missing : decision.missing()) {
                json.writeStartObject();
                json.writeStringField("what", missing.what());
                json.writeStringField("capture", missing.capture());
                json.writeEndObject();
            }
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    private void write(String field, Tuple tuple) throws IOException {
        json.writeObjectFieldStart(field);
        json.writeStringField("protocol", tuple.protocol().lower());
        if (tuple.source().isDefined()) {
            json.writeStringField("source", tuple.source().get().address().toString());
            if (tuple.source().get().port() != 0) {
                json.writeNumberField("sourcePort", tuple.source().get().port());
            }
        }
        json.writeStringField("destination", tuple.destination().address().toString());
        json.writeNumberField("destinationPort", tuple.destination().port());
        json.writeEndObject();
    }

    private void write(Vector<Evidence> evidence) throws IOException {
        json.writeArrayFieldStart("evidence");
        for (Evidence place : evidence) {
            json.writeStartObject();
            json.writeStringField("document", place.document());
            if (place.line().isDefined()) {
                json.writeNumberField("line", place.line().get());
            }
            if (place.pointer().isDefined()) {
                json.writeStringField("pointer", place.pointer().get());
            }
            json.writeStringField("excerpt", place.excerpt());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void write(Target target) throws IOException {
        if (target.address().isDefined()) {
            json.writeStringField("address", target.address().get().address().toString());
            json.writeNumberField("port", target.address().get().port());
        }
        if (target.pod().isDefined()) {
            json.writeStringField("pod", target.pod().get());
        }
        if (target.node().isDefined()) {
            json.writeStringField("node", target.node().get());
        }
        if (target.seenAs().isDefined()) {
            json.writeStringField("seenAs", target.seenAs().get().toString());
        }
        if (target.answer().isDefined()) {
            json.writeStringField("answer", target.answer().get());
        }
    }

    private void write(String hop, Finding finding) throws IOException {
        json.writeStartObject();
        json.writeStringField("code", finding.code().code());
        json.writeStringField("severity", finding.severity().name().toLowerCase(Locale.ROOT));
        json.writeStringField("hop", hop);
        json.writeStringField("message", finding.message());
        json.writeStringField("remedy", finding.code().remedy());
        write(finding.evidence());
        json.writeEndObject();
    }

    private void write(String field, Vector<String> texts) throws IOException {
        json.writeArrayFieldStart(field);
        for (String text : texts) {
            json.writeString(text);
        }
        json.writeEndArray();
    }
}
