package dev.podpath.bench;

import dev.podpath.bench.cluster.ClusterShape;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.packet.Packet;
import dev.podpath.core.proxy.Ends;
import dev.podpath.core.proxy.Partition;
import dev.podpath.core.proxy.ProxyVerdict;
import dev.podpath.core.proxy.ServiceProxy;
import dev.podpath.ports.snapshot.Document;
import io.vavr.collection.Vector;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A proxy mode on a node of a cluster with three endpoints for each service, a usual mix; a subclass says which mode. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xms3g", "-Xmx3g", "-XX:+UseParallelGC"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@SuppressWarnings("NullAway.Init")
public abstract class ModeBenchmark {
    private static final Arrival POD = Arrival.of(Arrival.Kind.POD);
    private static final int PACKETS = 1 << 14;

    /** How many services there are. */
    @Param({"1000", "5000", "10000", "25000", "50000"})
    public int services;

    private final Subject subject;
    private ServiceProxy proxy;
    private Partition partition;
    private IpAddress[] addresses;
    private Packet[] packets;
    private Document document;
    private int next;

    ModeBenchmark(Subject subject) {
        this.subject = subject;
    }

    /** Reads the node. */
    @Setup(Level.Trial)
    public void read() {
        Scenes scenes = subject.scenes(ClusterShape.usual(services, 3));
        document = scenes.document(subject.document());
        packets = scenes.packets(PACKETS);
        proxy = scenes.open(subject.provider());
        partition = proxy.partition(POD, false).get();
        addresses = partition.addresses().toJavaArray(IpAddress[]::new);
        System.gc();
    }

    private int next(int length) {
        next = next + 7919 & Integer.MAX_VALUE;
        return next % length;
    }

    /** Reads the document with the state of the mode. */
    @Benchmark
    @OutputTimeUnit(TimeUnit.MILLISECONDS)
    public Object parse() {
        return subject.read(document);
    }

    /** How one packet ends; each time another one. */
    @Benchmark
    @OutputTimeUnit(TimeUnit.NANOSECONDS)
    public Ends packetEnds() {
        return proxy.ends(packets[next(PACKETS)], POD);
    }

    /** What becomes of one packet, with the reasoning. */
    @Benchmark
    @OutputTimeUnit(TimeUnit.NANOSECONDS)
    public ProxyVerdict packetVerdict() {
        return proxy.route(packets[next(PACKETS)], POD);
    }

    /** All classes of one service, nothing of it remembered; each time another one. */
    @Benchmark
    @OutputTimeUnit(TimeUnit.NANOSECONDS)
    public int oneService() {
        return expand(partition, addresses[next(addresses.length)]);
    }

    /** All classes of all services, on one core: a partition is opened and every class looked at. */
    @Benchmark
    @OutputTimeUnit(TimeUnit.MILLISECONDS)
    public int partitionOneCore() {
        Partition fresh = proxy.partition(POD, false).get();
        int sum = fresh.otherCells().size();
        for (IpAddress address : addresses) {
            sum += expand(fresh, address);
        }
        return sum;
    }

    /** The same on all cores. */
    @Benchmark
    @OutputTimeUnit(TimeUnit.MILLISECONDS)
    public int partitionAllCores() {
        Partition fresh = proxy.partition(POD, false).get();
        return fresh.otherCells().size()
                + IntStream.range(0, addresses.length)
                        .parallel()
                        .map(i -> expand(fresh, addresses[i]))
                        .sum();
    }

    /** Looks at the packets and the ends of every class of a group; a sum, so that nothing is left out. */
    static int expand(Partition from, IpAddress address) {
        int sum = 0;
        Vector<Partition.Cell> cells = from.cells(address);
        for (int i = 0; i < cells.size(); i++) {
            Partition.Cell cell = cells.get(i);
            sum += cell.packets().destinationPorts().first() + cell.ends().count();
        }
        return sum;
    }
}
