package dev.podpath.bench;

import dev.podpath.bench.cluster.ClusterShape;
import dev.podpath.bench.cluster.LargeCluster;
import dev.podpath.bench.cluster.Mode;
import dev.podpath.bench.cluster.SnapshotDirectory;
import dev.podpath.core.cluster.Cluster;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Writes the snapshot of a generated cluster. */
@Command(
        name = "write-cluster",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Writes the snapshot of a generated cluster; equal options give equal snapshots.")
public final class WriteCluster implements Callable<Integer> {
    @Option(
            names = "--services",
            defaultValue = "1000",
            description = "Services, each with one port (${DEFAULT-VALUE}).")
    private int services;

    @Option(names = "--endpoints", defaultValue = "3", description = "Endpoints of a service (${DEFAULT-VALUE}).")
    private int endpoints;

    @Option(names = "--mode", defaultValue = "iptables", description = "kube-proxy's mode: ${COMPLETION-CANDIDATES}.")
    private Mode mode = Mode.IPTABLES;

    @Option(names = "--nodes", defaultValue = "1", description = "Nodes with captured rules (${DEFAULT-VALUE}).")
    private int nodes;

    @Option(names = "--node-ports", defaultValue = "0.02", description = "Part that is NodePort (${DEFAULT-VALUE}).")
    private double nodePorts;

    @Option(
            names = "--load-balancers",
            defaultValue = "0.01",
            description = "Part that is LoadBalancer (${DEFAULT-VALUE}).")
    private double loadBalancers;

    @Option(names = "--affinity", defaultValue = "0.02", description = "Part with client affinity (${DEFAULT-VALUE}).")
    private double affinity;

    @Option(names = "--empty", defaultValue = "0.01", description = "Part without endpoints (${DEFAULT-VALUE}).")
    private double empty;

    @Option(names = "--seed", defaultValue = "1", description = "Seed of the choices (${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--pods", description = "Write the pods too.")
    private boolean pods;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "The snapshot directory.")
    private Path out = Path.of("");

    private WriteCluster() {}

    /** Runs the command. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new WriteCluster())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments));
    }

    @Override
    public Integer call() throws IOException {
        ClusterShape shape = new ClusterShape(services, endpoints, nodePorts, loadBalancers, affinity, empty, seed);
        Cluster cluster = LargeCluster.of(shape, mode.toString());
        SnapshotDirectory directory = new SnapshotDirectory(out);
        directory.objects(cluster, pods);
        for (int i = 0; i < Math.min(nodes, cluster.nodes().size()); i++) {
            directory.node(cluster, LargeCluster.nodeName(i), mode);
        }
        return 0;
    }
}
