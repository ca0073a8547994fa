package dev.podpath.bench;

import dev.podpath.bench.cluster.ClusterShape;
import dev.podpath.bench.cluster.LargeCluster;
import dev.podpath.bench.cluster.Mode;
import dev.podpath.bench.cluster.SnapshotDirectory;
import dev.podpath.core.cluster.Cluster;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures {@code podpath verify} as users run it: a new process, from files to the answer. */
@Command(
        name = "verify-scale",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Writes clusters of several sizes and verifies each in a new process, several times.")
public final class VerifyScale implements Callable<Integer> {
    private static final long PERIOD_MILLIS = 5;
    private static final long PATIENCE_MINUTES = 10;

    @Option(
            names = "--sizes",
            split = ",",
            defaultValue = "1000,5000,10000,25000,50000",
            description = "Services (${DEFAULT-VALUE}).")
    private List<Integer> sizes = List.of();

    @Option(names = "--endpoints", defaultValue = "3", description = "Endpoints of a service (${DEFAULT-VALUE}).")
    private int endpoints;

    @Option(names = "--nodes", defaultValue = "1", description = "Nodes with captured rules (${DEFAULT-VALUE}).")
    private int nodes;

    @Option(names = "--mode", defaultValue = "iptables", description = "kube-proxy's mode: ${COMPLETION-CANDIDATES}.")
    private Mode mode = Mode.IPTABLES;

    @Option(names = "--runs", defaultValue = "5", description = "Runs of each; the fastest counts (${DEFAULT-VALUE}).")
    private int runs;

    @Option(names = "--program", required = true, description = "The start script of the distribution.")
    private Path program = Path.of("");

    @Option(names = "--work", required = true, paramLabel = "DIR", description = "Where the clusters are written.")
    private Path work = Path.of("");

    private VerifyScale() {}

    /** Runs the command. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new VerifyScale())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        System.out.println(
                "| services | endpoints | nodes | MB of files | wall, s | processor, s | resident, MB | exit |");
        System.out.println("|---|---|---|---|---|---|---|---|");
        for (int size : sizes) {
            Path snapshot = written(size);
            Measured best = measure(snapshot);
            for (int run = 1; run < runs; run++) {
                best = best.better(measure(snapshot));
            }
            System.out.printf(
                    Locale.ROOT,
                    "| %,d | %,d | %d | %.0f | %.2f | %.2f | %.0f | %d |%n",
                    size,
                    (long) size * endpoints,
                    nodes,
                    bytes(snapshot) / 1e6,
                    best.wallSeconds(),
                    best.processorSeconds(),
                    best.residentKilobytes() / 1e3,
                    best.status());
        }
        return 0;
    }

    private Path written(int size) throws IOException {
        Path snapshot = work.resolve(mode + "-" + size + "x" + endpoints + "x" + nodes);
        if (Files.exists(snapshot.resolve("podpath.yaml"))) {
            return snapshot;
        }
        ClusterShape shape = new ClusterShape(size, endpoints, 0.02, 0.01, 0.02, 0.01, 1);
        Cluster cluster = LargeCluster.of(shape, mode.toString());
        SnapshotDirectory directory = new SnapshotDirectory(snapshot);
        for (int i = 0; i < Math.min(nodes, cluster.nodes().size()); i++) {
            directory.node(cluster, LargeCluster.nodeName(i), mode);
        }
        directory.objects(cluster, false);
        return snapshot;
    }

    private static long bytes(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.map(Path::toFile)
                    .filter(File::isFile)
                    .mapToLong(File::length)
                    .sum();
        }
    }

    /**
     * What a run took.
     *
     * @param wallSeconds from the start of the process to its end
     * @param processorSeconds of all its threads
     * @param residentKilobytes the most it ever had
     * @param status its exit status
     */
    private record Measured(double wallSeconds, double processorSeconds, long residentKilobytes, int status) {
        Measured better(Measured other) {
            return new Measured(
                    Math.min(wallSeconds, other.wallSeconds),
                    Math.min(processorSeconds, other.processorSeconds),
                    Math.max(residentKilobytes, other.residentKilobytes),
                    Math.max(status, other.status));
        }
    }

    private Measured measure(Path snapshot) throws IOException, InterruptedException {
        long start = System.nanoTime();
        Process process = new ProcessBuilder(
                        List.of(program.toString(), "verify", "--snapshot", snapshot.toString(), "-o", "json"))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        // The start script becomes the program, so the process stays the same. What it used is gone when it ends.
        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        long resident = 0;
        Duration used = Duration.ZERO;
        while (!process.waitFor(PERIOD_MILLIS, TimeUnit.MILLISECONDS)) {
            resident = Math.max(resident, highWater(status));
            Duration now = process.info().totalCpuDuration().orElse(Duration.ZERO);
            used = now.compareTo(used) > 0 ? now : used;
            if (System.nanoTime() - start > TimeUnit.MINUTES.toNanos(PATIENCE_MINUTES)) {
                process.destroyForcibly();
            }
        }
        return new Measured((System.nanoTime() - start) / 1e9, used.toMillis() / 1e3, resident, process.exitValue());
    }

    /** {@code VmHWM} in kilobytes (proc(5)); 0 where it cannot be read any more. */
    private static long highWater(Path status) {
        try (Stream<String> lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .flatMap(line -> Arrays.stream(line.split("\\s+")))
                    .filter(word -> word.matches("[0-9]+"))
                    .mapToLong(Long::parseLong)
                    .findFirst()
                    .orElse(0);
        } catch (IOException | UncheckedIOException e) {
            return 0;
        }
    }
}
