package dev.podpath.cli.verify;

import dev.podpath.cli.verify.VerifyReport.NodeEntry;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** Puts reports on parts of a fleet together: all shards of one division, or reports on nodes that were chosen apart. */
public final class ReportMerge {
    private static final int NAMED = 8;

    /**
     * A report and the file it was read from.
     *
     * @param file for messages
     * @param report the report
     */
    public record Part(String file, VerifyReport report) {}

    private ReportMerge() {}

    /** One report on everything; or which part is missing, doubled or foreign. */
    public static Either<String, VerifyReport> merge(Vector<Part> parts) {
        Option<String> wrong = divided(parts).orElse(() -> doubled(parts));
        return wrong.isDefined() ? Either.left(wrong.get()) : Either.right(merged(parts));
    }

    /** What is wrong with the division into shards. */
    private static Option<String> divided(Vector<Part> parts) {
        Vector<Part> whole = parts.filter(part -> part.report().shard().isEmpty());
        if (whole.size() == parts.size()) {
            return Option.none();
        }
        if (whole.nonEmpty()) {
            return Option.some(
                    whole.head().file() + " is no shard, and other reports are; merge the shards of one verification");
        }
        int of = shard(parts.head()).of();
        Map<Integer, Part> seen = new TreeMap<>();
        for (Part part : parts) {
            Shard shard = shard(part);
            if (shard.of() != of) {
                return Option.some(part.file() + " is shard " + shard + ", and "
                        + parts.head().file() + " is " + shard(parts.head())
                        + "; merge the shards of one verification");
            }
            Part twin = seen.put(shard.index(), part);
            if (twin != null) {
                return Option.some(twin.file() + " and " + part.file() + " are both shard " + shard
                        + "; each shard belongs in once");
            }
            Option<NodeEntry> stranger = part.report().nodes().find(node -> !shard.has(node.name()));
            if (stranger.isDefined()) {
                return Option.some(part.file() + " says to be shard " + shard + " and holds node "
                        + stranger.get().name() + ", which belongs to another one; write it again");
            }
        }
        Vector<Integer> missing = Vector.range(0, of).reject(seen::containsKey);
        return missing.isEmpty()
                ? Option.none()
                : Option.some("of " + of + " shards "
                        + (missing.size() == 1 ? "one is missing: " : missing.size() + " are missing: ")
                        + missing.take(NAMED).map(index -> index + "/" + of).mkString(", ")
                        + (missing.size() > NAMED ? ", …" : "")
                        + "; run podpath verify --shard for each of them and merge all");
    }

    private static Shard shard(Part part) {
        return part.report().shard().get();
    }

    private static Option<String> doubled(Vector<Part> parts) {
        Map<String, String> fileByNode = new HashMap<>();
        for (Part part : parts) {
            for (NodeEntry node : part.report().nodes()) {
                String other = fileByNode.put(node.name(), part.file());
                if (other != null) {
                    return Option.some("node " + node.name() + " is in " + other + " and in " + part.file()
                            + "; each node belongs in once");
                }
            }
        }
        return Option.none();
    }

    private static VerifyReport merged(Vector<Part> parts) {
        Vector<VerifyReport> reports = parts.map(Part::report);
        Vector<NodeEntry> nodes = reports.flatMap(VerifyReport::nodes).sortBy(NodeEntry::name);
        return new VerifyReport(
                reports.map(VerifyReport::snapshot).distinct().mkString(", "),
                Option.none(),
                nodes,
                ServicePorts.of(reports.flatMap(report -> report.servicePorts().names())
                        .distinct()
                        .sorted()),
                ReportAgreement.check(nodes, reports.flatMap(VerifyReport::violations)),
                reports.flatMap(VerifyReport::unknowns).sorted(Comparator.comparing(VerifyReport.UnknownEntry::node)),
                reports.flatMap(VerifyReport::findings).sorted(Comparator.comparing(VerifyReport.FindingEntry::node)),
                reports.flatMap(VerifyReport::assumptions).distinct().sorted(),
                ReportMaker.sorted(reports.flatMap(VerifyReport::problems)));
    }
}
