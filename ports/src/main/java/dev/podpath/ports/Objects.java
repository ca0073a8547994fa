package dev.podpath.ports;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.ports.plugin.DocumentReport;
import dev.podpath.ports.plugin.InventoryProvider;
import dev.podpath.ports.plugin.Plugins;
import dev.podpath.ports.plugin.Reading;
import dev.podpath.ports.snapshot.DocumentProblem;
import dev.podpath.ports.snapshot.Manifest;
import dev.podpath.ports.snapshot.Snapshot;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * What the orchestrator says, from documents that do not belong to a node.
 *
 * @param cluster the objects
 * @param problems documents that could not be read
 * @param reports how well they were understood
 */
record Objects(Cluster cluster, Vector<DocumentProblem> problems, Vector<DocumentReport> reports) {

    static Objects read(Snapshot snapshot, Plugins plugins) {
        Vector<DocumentProblem> problems = manifestProblems(snapshot);
        Vector<DocumentReport> reports = Vector.empty();
        Cluster cluster = Cluster.unknown();
        for (InventoryProvider provider : plugins.inventories()) {
            Reading<Cluster> reading = provider.read(new OutsideNodes(snapshot));
            cluster = reading.value();
            problems = problems.appendAll(reading.problems());
            reports = reports.appendAll(reading.reports());
        }
        return new Objects(cluster, problems, reports);
    }

    private static Vector<DocumentProblem> manifestProblems(Snapshot snapshot) {
        Vector<DocumentProblem> broken = snapshot.document(Manifest.PATH)
                .flatMap(document -> document.json().swap().toOption())
                .toVector();
        int version = Manifest.of(snapshot).formatVersion();
        return version == Manifest.FORMAT_VERSION
                ? broken
                : broken.append(new DocumentProblem(
                        Manifest.PATH,
                        Option.none(),
                        "formatVersion " + version,
                        "formatVersion " + Manifest.FORMAT_VERSION,
                        "read it with the release that wrote it"));
    }
}
