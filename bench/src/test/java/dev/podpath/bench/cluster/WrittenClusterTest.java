package dev.podpath.bench.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Service;
import dev.podpath.core.net.IpAddress;
import dev.podpath.k8s.objects.KubernetesInventory;
import dev.podpath.ports.plugin.Reading;
import dev.podpath.ports.snapshot.Snapshots;
import dev.podpath.testkit.reference.IptablesWriter;
import io.vavr.collection.Vector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WrittenClusterTest {
    private static final ClusterShape SMALL = new ClusterShape(200, 3, 0.2, 0.1, 0.1, 0.1, 7);

    @TempDir
    private Path directory;

    @Test
    void theObjectsReadBackAreTheCluster() throws IOException {
        Cluster cluster = LargeCluster.of(SMALL, "iptables");
        new SnapshotDirectory(directory).objects(cluster, true);
        Reading<Cluster> reading = new KubernetesInventory()
                .read(Snapshots.open(directory.toString()).get());
        assertThat(reading.problems()).isEmpty();
        Cluster read = reading.value();
        assertThat(read.services().map(WrittenClusterTest::text))
                .isEqualTo(cluster.services().map(WrittenClusterTest::text));
        assertThat(read.endpoints().map(e -> e.service() + " " + e.address() + e.portName() + e.node() + e.pod()))
                .isEqualTo(cluster.endpoints()
                        .map(e -> e.service() + " " + e.address() + e.portName() + e.node() + e.pod()));
        assertThat(read.pods().map(p -> p.id() + p.addresses() + p.node() + p.ports() + p.isLive()))
                .isEqualTo(cluster.pods().map(p -> p.id() + p.addresses() + p.node() + p.ports() + p.isLive()));
        assertThat(read.nodes().map(n -> n.name() + n.internalAddresses() + n.podPrefixes()))
                .isEqualTo(cluster.nodes().map(n -> n.name() + n.internalAddresses() + n.podPrefixes()));
        assertThat(read.kubeProxy().map(c -> c.mode() + c.clusterPrefixes()))
                .isEqualTo(cluster.kubeProxy().map(c -> c.mode() + c.clusterPrefixes()));
    }

    private static String text(Service service) {
        return service.key() + " " + service.type() + service.clusterIps() + service.loadBalancerIps() + service.ports()
                + service.affinitySeconds();
    }

    @Test
    void aNodesDocumentsAreThoseOfTheReferenceWriter() throws IOException {
        Cluster cluster = LargeCluster.of(SMALL, "iptables");
        String node = LargeCluster.nodeName(1);
        new SnapshotDirectory(directory).node(cluster, node, Mode.IPTABLES);
        assertThat(Files.readString(directory.resolve("nodes/" + node + "/iptables-save.txt")))
                .isEqualTo(new IptablesWriter().save(cluster, node, SnapshotDirectory.kubeProxy(), false));
        assertThat(directory.resolve("nodes/" + node + "/ip-addr.json")).isNotEmptyFile();
    }

    @Test
    void everyAddressIsUsedOnce() {
        Cluster cluster = LargeCluster.of(new ClusterShape(3000, 4, 0.5, 0.3, 0.1, 0, 3), "iptables");
        Vector<IpAddress> addresses = cluster.services()
                .flatMap(service -> service.clusterIps().appendAll(service.loadBalancerIps()))
                .appendAll(cluster.pods().flatMap(pod -> pod.addresses()))
                .appendAll(cluster.nodes().flatMap(node -> node.internalAddresses()));
        assertThat(addresses.distinct()).hasSameSizeAs(addresses);
        assertThat(cluster.services().flatMap(Service::ports).flatMap(port -> port.nodePort()))
                .doesNotHaveDuplicates()
                .hasSizeBetween(2000, 2768);
        assertThat(cluster.pods())
                .allMatch(pod -> cluster.node(pod.node().get())
                        .get()
                        .podPrefixes()
                        .head()
                        .contains(pod.addresses().head()));
    }

    @Test
    void equalShapesGiveEqualClusters() {
        assertThat(LargeCluster.of(SMALL, "iptables").services().map(WrittenClusterTest::text))
                .isEqualTo(LargeCluster.of(SMALL, "iptables").services().map(WrittenClusterTest::text));
    }
}
