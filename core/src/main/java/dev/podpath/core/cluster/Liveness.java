package dev.podpath.core.cluster;

import dev.podpath.core.trace.Evidence;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/** Whether an address is a live endpoint of a service port. */
public sealed interface Liveness {
    /**
     * It is.
     *
     * @param endpoint the endpoint that says so
     * @param pod the pod behind it, where pods were captured
     * @param draining whether it only serves what is left before it goes away
     */
    record Live(Endpoint endpoint, Option<Pod> pod, boolean draining) implements Liveness {}

    /**
     * It is not.
     *
     * @param reason one sentence
     * @param evidence what shows it
     */
    record Stale(String reason, Vector<Evidence> evidence) implements Liveness {}

    /**
     * The objects that would tell were not captured.
     *
     * @param reason one sentence
     */
    record Untold(String reason) implements Liveness {}
}
