package dev.podpath.it.plugin;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.resolve.HopResolver;
import dev.podpath.ports.plugin.Reading;
import dev.podpath.ports.plugin.ResolverProvider;
import dev.podpath.ports.snapshot.Snapshot;
import io.vavr.collection.Vector;

/** A plugin that must be refused. */
public final class FuturePlugin implements ResolverProvider {
    @Override
    public String id() {
        return "future";
    }

    @Override
    public String description() {
        return "refused";
    }

    @Override
    public int apiVersion() {
        return 99;
    }

    @Override
    public Reading<Vector<HopResolver>> open(Snapshot snapshot, Cluster cluster) {
        return Reading.of(Vector.empty());
    }
}
