package dev.podpath.ports;

import dev.podpath.core.cluster.ServiceKey;
import dev.podpath.core.verify.NodeVerification;
import dev.podpath.ports.plugin.DocumentReport;
import dev.podpath.ports.snapshot.DocumentProblem;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.Map;

/**
 * What is known of a snapshot from its earlier state and still holds.
 *
 * @param objects what the orchestrator says
 * @param nodes what was found at nodes whose documents are the same, by name
 */
record Earlier(Option<Objects> objects, Map<String, Found> nodes) {
    /** Nothing. */
    static final Earlier NOTHING = new Earlier(Option.none(), Map.of());

    /**
     * What was found at a node.
     *
     * @param services the services that were asked for; empty for all
     * @param result what came of the verification
     * @param problems documents of the node that could not be read
     * @param reports how well they were understood
     */
    record Found(
            Vector<ServiceKey> services,
            NodeVerification result,
            Vector<DocumentProblem> problems,
            Vector<DocumentReport> reports) {}
}
