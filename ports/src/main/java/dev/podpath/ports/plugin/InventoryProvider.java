package dev.podpath.ports.plugin;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.ports.snapshot.Snapshot;

/** Reads what the orchestrator says from a snapshot. Exactly one must be installed. */
public interface InventoryProvider extends Plugin {
    /**
     * Reads the cluster; kinds of objects that were not captured are marked so. Total.
     *
     * @param snapshot the documents that belong to no node
     */
    Reading<Cluster> read(Snapshot snapshot);
}
