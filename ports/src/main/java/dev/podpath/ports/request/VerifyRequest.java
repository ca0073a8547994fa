package dev.podpath.ports.request;

import dev.podpath.core.cluster.ServiceKey;
import io.vavr.collection.Vector;

/**
 * What is verified.
 *
 * @param nodes names of nodes; empty for all of which state was captured or that the cluster has
 * @param services services; empty for all, and for rules that belong to none
 * @param progress told of every node that is done, from any thread
 */
public record VerifyRequest(Vector<String> nodes, Vector<ServiceKey> services, Progress progress) {
    /** Everything, without telling of the progress. */
    public static VerifyRequest everything() {
        return new VerifyRequest(Vector.empty(), Vector.empty(), (node, done, total) -> {});
    }

    /** The same for these nodes only. */
    public VerifyRequest ofNodes(Iterable<String> names) {
        return new VerifyRequest(Vector.ofAll(names), services, progress);
    }

    /** The same for these services only. */
    public VerifyRequest ofServices(Iterable<ServiceKey> keys) {
        return new VerifyRequest(nodes, Vector.ofAll(keys), progress);
    }

    /** The same, telling of the progress. */
    public VerifyRequest telling(Progress listener) {
        return new VerifyRequest(nodes, services, listener);
    }

    /** Is told how far a verification has come. */
    @FunctionalInterface
    public interface Progress {
        /**
         * A node is done.
         *
         * @param node its name
         * @param done how many are done
         * @param total how many there are
         */
        void done(String node, int done, int total);
    }
}
