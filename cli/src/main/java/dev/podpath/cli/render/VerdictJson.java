package dev.podpath.cli.render;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.podpath.core.finding.Finding;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.proxy.ProxyBranch;
import dev.podpath.core.proxy.ProxyOutcome;
import dev.podpath.core.proxy.ProxyVerdict;
import dev.podpath.core.proxy.RuleStep;
import dev.podpath.core.proxy.SourceNat;
import dev.podpath.core.trace.Evidence;
import io.vavr.collection.Vector;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Locale;

/** A node's verdict on a packet as JSON; described in {@code docs/packet-json.md}. */
public final class VerdictJson {
    /** Version of the format. */
    public static final int FORMAT_VERSION = 1;

    private final JsonGenerator json;

    private VerdictJson(JsonGenerator json) {
        this.json = json;
    }

    /** The JSON text, ending in a line end. */
    public static String of(ProxyVerdict verdict) {
        StringWriter text = new StringWriter();
        try (JsonGenerator generator = new JsonFactory().createGenerator(text)) {
            generator.useDefaultPrettyPrinter();
            new VerdictJson(generator).write(verdict);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.append('\n').toString();
    }

    private void write(ProxyVerdict verdict) throws IOException {
        json.writeStartObject();
        json.writeNumberField("formatVersion", FORMAT_VERSION);
        json.writeStringField("verdict", verdict.kind().name());
        json.writeArrayFieldStart("endpoints");
        for (ProxyBranch branch : verdict.branches()) {
            if (branch.outcome() instanceof ProxyOutcome.ToEndpoint to) {
                json.writeStartObject();
                json.writeStringField("address", to.address().address().toString());
                json.writeNumberField("port", to.address().port());
                share(branch);
                source(branch.sourceNat());
                json.writeEndObject();
            }
        }
        json.writeEndArray();
        others(verdict);
        json.writeBooleanField("masquerade", VerdictView.masqueraded(verdict));
        json.writeArrayFieldStart("trail");
        for (RuleStep step : VerdictView.trail(verdict)) {
            json.writeStartObject();
            json.writeStringField("table", step.table());
            json.writeStringField("chain", step.chain());
            json.writeStringField("document", step.evidence().document());
            if (step.evidence().line().isDefined()) {
                json.writeNumberField("line", step.evidence().line().get());
            }
            json.writeStringField("rule", step.evidence().excerpt());
            json.writeEndObject();
        }
        json.writeEndArray();
        texts("conditions", VerdictView.conditions(verdict));
        texts("unknowns", VerdictView.unknowns(verdict));
        texts("assumptions", verdict.assumptions());
        texts("decisions", verdict.decisions().map(decision -> decision.text()));
        json.writeArrayFieldStart("findings");
        for (Finding finding : verdict.findings()) {
            json.writeStartObject();
            json.writeStringField("code", finding.code().code());
            json.writeStringField("severity", finding.severity().name());
            json.writeStringField("message", finding.message());
            texts("evidence", finding.evidence().map(Evidence::where));
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    /** What is not sent to an endpoint, where that is only a part. */
    private void others(ProxyVerdict verdict) throws IOException {
        json.writeArrayFieldStart("others");
        for (ProxyBranch branch : verdict.branches()) {
            if (!(branch.outcome() instanceof ProxyOutcome.ToEndpoint)) {
                json.writeStartObject();
                json.writeStringField("verdict", name(branch.outcome()));
                share(branch);
                source(branch.sourceNat());
                json.writeEndObject();
            }
        }
        json.writeEndArray();
    }

    private void share(ProxyBranch branch) throws IOException {
        json.writeStringField("share", branch.share().toString());
    }

    private void source(SourceNat nat) throws IOException {
        json.writeBooleanField("masquerade", nat.isTranslated());
        Vector<IpAddress> addresses = nat instanceof SourceNat.Masquerade masquerade
                ? masquerade.candidates()
                : nat instanceof SourceNat.Snat snat ? snat.addresses() : Vector.empty();
        if (addresses.nonEmpty()) {
            texts("source", addresses.map(IpAddress::toString));
        }
    }

    private static String name(ProxyOutcome outcome) {
        if (outcome instanceof ProxyOutcome.Rejected) {
            return "REJECT";
        }
        if (outcome instanceof ProxyOutcome.Dropped) {
            return "DROP";
        }
        return outcome instanceof ProxyOutcome.Untouched
                ? "ACCEPT"
                : outcome.getClass().getSimpleName().toUpperCase(Locale.ROOT);
    }

    private void texts(String field, Vector<String> texts) throws IOException {
        json.writeArrayFieldStart(field);
        for (String text : texts) {
            json.writeString(text);
        }
        json.writeEndArray();
    }
}
