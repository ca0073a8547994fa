package dev.podpath.k8s.objects;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.ports.plugin.InventoryProvider;
import dev.podpath.ports.plugin.Reading;
import dev.podpath.ports.snapshot.Manifest;
import dev.podpath.ports.snapshot.Snapshot;
import io.vavr.collection.Vector;

/** Reads the documents below {@code kubernetes/}: lists or single objects, JSON or YAML. */
public final class KubernetesInventory implements InventoryProvider {
    /** From so many bytes on it pays to start threads. */
    private static final long LARGE = 4L << 20;

    /** Made by the plugin loader. */
    public KubernetesInventory() {}

    @Override
    public String id() {
        return "kubernetes";
    }

    @Override
    public String description() {
        return "Kubernetes objects: services, endpoint slices, pods, nodes, kube-proxy's configuration";
    }

    @Override
    public Reading<Cluster> read(Snapshot snapshot) {
        Vector<String> paths =
                snapshot.paths().filter(path -> path.startsWith("kubernetes/") && path.matches(".*\\.(json|yaml|yml)"));
        if (paths.map(snapshot::size).sum().longValue() > LARGE) {
            // The files first, on all processors; then the objects of one list after another, on all of them again.
            paths.toJavaList().parallelStream().forEach(snapshot::document);
        }
        ObjectCollector collector = new ObjectCollector();
        paths.flatMap(snapshot::document).forEach(collector::take);
        return new Reading<>(collector.cluster(Manifest.of(snapshot)), collector.problems(), collector.reports());
    }
}
