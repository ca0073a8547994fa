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
import dev.podpath.ports.snapshot.Document;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.util.Locale;
import java.util.function.Function;

/** Reads reports that were written as JSON. */
public final class ReportReader {
    /** A field that must be there and is not; told by the place it belongs to. */
    private static final class Incomplete extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Incomplete(String message) {
            super(message, null, false, false);
        }
    }

    private ReportReader() {}

    /** The report of a document; or what is wrong with it. */
    public static Either<String, VerifyReport> read(Document document) {
        return document.json().mapLeft(Object::toString).flatMap(ReportReader::read);
    }

    private static Either<String, VerifyReport> read(Json json) {
        String path = json.document().path();
        if (!json.at("nodes").isArray() || !json.at("violations").isArray()) {
            return Either.left(path + ": no report; expected what podpath verify -o json writes");
        }
        if (!json.integer("formatVersion").contains(ReportJson.FORMAT_VERSION)) {
            return Either.left(path + ": found formatVersion " + json.textOr("none", "formatVersion") + ", expected "
                    + ReportJson.FORMAT_VERSION + "; merge with the release that wrote it");
        }
        try {
            return Either.right(report(json));
        } catch (Incomplete e) {
            return Either.left(path + ": " + e.getMessage() + "; write the report again with podpath verify -o json");
        }
    }

    private static VerifyReport report(Json json) {
        return new VerifyReport(
                text(json, "snapshot"),
                Option.of(json.at("shard")).filter(Json::isObject).map(ReportReader::shard),
                all(json, "nodes", ReportReader::node),
                ServicePorts.of(json.texts("servicePorts")),
                all(json, "violations", ReportReader::violation),
                all(json, "unknowns", ReportReader::unknown),
                all(json, "findings", ReportReader::finding),
                json.texts("assumptions"),
                all(json, "problems", ReportReader::problem));
    }

    private static Shard shard(Json json) {
        return Shard.parse(json.textOr("", "index") + "/" + json.textOr("", "of"))
                .getOrElseThrow(why -> new Incomplete("found " + why + " at " + json.pointer()));
    }

    private static NodeEntry node(Json json) {
        return new NodeEntry(
                text(json, "name"),
                json.text("mode"),
                constant(json, "result", Result.class),
                all(json, "tables", ReportReader::table),
                json.number("classes").getOrElse(0L),
                number(json, "vips"),
                number(json, "services"),
                json.texts("arrivals"),
                seconds(json));
    }

    private static double seconds(Json json) {
        String text = text(json, "seconds");
        if (!text.matches("[0-9]{1,12}(\\.[0-9]{1,12})?")) {
            throw new Incomplete("found '" + text + "', expected seconds at " + json.pointer() + "/seconds");
        }
        return Double.parseDouble(text);
    }

    private static TableEntry table(Json json) {
        return new TableEntry(
                text(json, "name"),
                json.texts("hooks"),
                number(json, "exact"),
                number(json, "neutral"),
                number(json, "unknown"));
    }

    private static ViolationEntry violation(Json json) {
        return new ViolationEntry(
                text(json, "code"),
                constant(json, "severity", Severity.class),
                text(json, "node"),
                json.text("service"),
                json.integer("port"),
                text(json, "protocol"),
                text(json, "vip"),
                text(json, "message"),
                witness(json.at("witness")),
                all(json, "expected", ReportReader::end),
                all(json, "actual", ReportReader::end),
                all(json, "trail", step -> new StepEntry(text(step, "table"), text(step, "chain"), place(step))),
                all(json, "evidence", ReportReader::place),
                json.isTrue("comparable"));
    }

    private static UnknownEntry unknown(Json json) {
        return new UnknownEntry(
                text(json, "node"),
                json.text("service"),
                json.text("vip"),
                json.text("protocol"),
                text(json, "message"),
                all(json, "missing", missing -> new MissingEntry(text(missing, "what"), text(missing, "capture"))),
                Option.of(json.at("witness")).filter(Json::isObject).map(ReportReader::witness));
    }

    private static FindingEntry finding(Json json) {
        return new FindingEntry(
                text(json, "code"),
                constant(json, "severity", Severity.class),
                text(json, "node"),
                text(json, "message"),
                all(json, "evidence", ReportReader::place));
    }

    private static WitnessEntry witness(Json json) {
        return new WitnessEntry(
                text(json, "src"),
                number(json, "sport"),
                text(json, "dst"),
                number(json, "dport"),
                text(json, "protocol"),
                text(json, "arrival"));
    }

    private static EndEntry end(Json json) {
        return new EndEntry(text(json, "kind"), json.text("endpoint"), text(json, "share"), text(json, "source"));
    }

    private static PlaceEntry place(Json json) {
        return new PlaceEntry(
                text(json, "document"), json.integer("line"), json.text("pointer"), text(json, "excerpt"));
    }

    private static ProblemEntry problem(Json json) {
        return new ProblemEntry(text(json, "document"), json.integer("line"), text(json, "message"));
    }

    private static <T> Vector<T> all(Json json, String field, Function<Json, T> reader) {
        if (!json.at(field).isArray()) {
            throw missing(json, field, "an array");
        }
        return json.items(field).map(reader);
    }

    private static String text(Json json, String field) {
        return json.text(field).getOrElseThrow(() -> missing(json, field, "a text or number"));
    }

    private static int number(Json json, String field) {
        return json.integer(field).getOrElseThrow(() -> missing(json, field, "a number"));
    }

    private static <E extends Enum<E>> E constant(Json json, String field, Class<E> type) {
        String name = text(json, field).toUpperCase(Locale.ROOT);
        for (E value : type.getEnumConstants()) {
            if (value.name().equals(name)) {
                return value;
            }
        }
        throw missing(
                json, field, "one of " + Vector.of(type.getEnumConstants()).mkString(", "));
    }

    private static Incomplete missing(Json json, String field, String expected) {
        return new Incomplete("expected " + expected + " at " + json.pointer() + "/" + field);
    }
}
