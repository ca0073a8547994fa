package dev.podpath.k8s.objects;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.ports.plugin.InventoryProvider;
import dev.podpath.ports.plugin.Reading;
import dev.podpath.ports.snapshot.Document;
import dev.podpath.ports.snapshot.Manifest;
import dev.podpath.ports.snapshot.Snapshot;
import io.vavr.collection.Vector;
import java.util.List;

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
        Vector<Document> documents =
                snapshot.under("kubernetes/").filter(document -> document.name().matches(".*\\.(json|yaml|yml)"));
        ObjectCollector collector =
                documents.size() > 1 && size(documents) > LARGE ? readTogether(documents) : readInTurn(documents);
        return new Reading<>(collector.cluster(Manifest.of(snapshot)), collector.problems(), collector.reports());
    }

    private static long size(Vector<Document> documents) {
        long size = 0;
        for (Document document : documents) {
            size += document.bytes().length;
        }
        return size;
    }

    private static ObjectCollector readInTurn(Vector<Document> documents) {
        ObjectCollector collector = new ObjectCollector();
        documents.forEach(collector::take);
        return collector;
    }

    /** On all processors; the result is the one of reading them in turn. */
    private static ObjectCollector readTogether(Vector<Document> documents) {
        List<ObjectCollector> parts = documents.toJavaList().parallelStream()
                .map(document -> readInTurn(Vector.of(document)))
                .toList();
        ObjectCollector collector = new ObjectCollector();
        parts.forEach(collector::absorb);
        return collector;
    }
}
