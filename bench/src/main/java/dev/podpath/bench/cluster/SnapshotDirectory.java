package dev.podpath.bench.cluster;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.testkit.reference.WriterConfig;
import io.vavr.Tuple2;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes what would be captured of a cluster into a directory: the Kubernetes objects, and for some of its nodes the
 * documents of the reference writer of the mode.
 */
public final class SnapshotDirectory {
    private final Path root;

    /** Writes below this directory, which is made where it is missing. */
    public SnapshotDirectory(Path root) {
        this.root = root;
    }

    /** How the generated clusters' kube-proxy is started: pods are told by their addresses. */
    public static WriterConfig kubeProxy() {
        return WriterConfig.byClusterPrefixes(LargeCluster.PODS);
    }

    /**
     * Writes the objects and the manifest.
     *
     * @param withPods whether the pods are written too
     * @throws IOException where a file cannot be written
     */
    public void objects(Cluster cluster, boolean withPods) throws IOException {
        write("podpath.yaml", to -> to.write("""
                formatVersion: 1
                capturedAt: "2026-11-22T00:00:00Z"
                cluster:
                  name: generated
                """.getBytes(StandardCharsets.UTF_8)));
        write("kubernetes/services.json", to -> KubernetesWriter.services(cluster, to));
        write("kubernetes/endpointslices.json", to -> KubernetesWriter.slices(cluster, to));
        write("kubernetes/nodes.json", to -> KubernetesWriter.nodes(cluster, to));
        write("kubernetes/configmaps.json", to -> KubernetesWriter.configMaps(cluster, to));
        if (withPods) {
            write("kubernetes/pods.json", to -> KubernetesWriter.pods(cluster, to));
        }
    }

    /**
     * Writes the documents of a node.
     *
     * @throws IOException where a file cannot be written
     */
    public void node(Cluster cluster, String node, Mode mode) throws IOException {
        for (Tuple2<String, String> document : mode.writer().documents(cluster, node, kubeProxy())) {
            write(
                    "nodes/" + node + "/" + document._1,
                    to -> to.write(document._2.getBytes(StandardCharsets.ISO_8859_1)));
        }
    }

    /** What fills a file. */
    @FunctionalInterface
    private interface Content {
        void to(OutputStream file) throws IOException;
    }

    private void write(String name, Content content) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.toAbsolutePath().getParent());
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
            content.to(out);
        }
    }
}
