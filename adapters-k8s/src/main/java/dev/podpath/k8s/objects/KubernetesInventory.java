package dev.podpath.k8s.objects;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.ports.plugin.InventoryProvider;
import dev.podpath.ports.plugin.Reading;
import dev.podpath.ports.snapshot.Manifest;
import dev.podpath.ports.snapshot.Snapshot;

/** Reads the documents below {@code kubernetes/}: lists or single objects, JSON or YAML. */
public final class KubernetesInventory implements InventoryProvider {
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
        ObjectCollector collector = new ObjectCollector();
        snapshot.under("kubernetes/")
                .filter(document -> document.name().matches(".*\\.(json|yaml|yml)"))
                .forEach(collector::take);
        return new Reading<>(collector.cluster(Manifest.of(snapshot)), collector.problems(), collector.reports());
    }
}
