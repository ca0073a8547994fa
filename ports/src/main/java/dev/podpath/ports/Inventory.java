package dev.podpath.ports;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.resolve.HopResolver;
import dev.podpath.ports.plugin.DocumentReport;
import dev.podpath.ports.plugin.Plugins;
import dev.podpath.ports.plugin.Reading;
import dev.podpath.ports.snapshot.DocumentProblem;
import dev.podpath.ports.snapshot.Snapshot;
import io.vavr.collection.Vector;

/**
 * What the plugins made of the documents that do not belong to a node.
 *
 * @param cluster what the orchestrator says
 * @param resolvers what clouds, ingress controllers and name servers answer with
 * @param problems documents that could not be read
 * @param reports how well they were understood
 */
record Inventory(
        Cluster cluster,
        Vector<HopResolver> resolvers,
        Vector<DocumentProblem> problems,
        Vector<DocumentReport> reports) {

    static Inventory read(Objects objects, Snapshot snapshot, Plugins plugins) {
        Vector<DocumentProblem> problems = objects.problems();
        Vector<DocumentReport> reports = objects.reports();
        Vector<HopResolver> resolvers = Vector.empty();
        for (var provider : plugins.resolvers()) {
            Reading<Vector<HopResolver>> reading = provider.open(snapshot, objects.cluster());
            resolvers = resolvers.appendAll(reading.value());
            problems = problems.appendAll(reading.problems());
            reports = reports.appendAll(reading.reports());
        }
        return new Inventory(objects.cluster(), resolvers, problems, reports);
    }
}
