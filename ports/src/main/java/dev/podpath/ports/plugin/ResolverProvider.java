package dev.podpath.ports.plugin;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.resolve.HopResolver;
import dev.podpath.ports.snapshot.Snapshot;
import io.vavr.collection.Vector;

/** Makes resolvers from a snapshot: a cloud, an ingress controller, a source of names. */
public interface ResolverProvider extends Plugin {
    /**
     * Reads what it needs and makes its resolvers. Total: documents that cannot be read become problems, and what is
     * missing an empty list or a resolver that declines.
     *
     * @param snapshot the documents
     * @param cluster what the orchestrator says
     */
    Reading<Vector<HopResolver>> open(Snapshot snapshot, Cluster cluster);
}
