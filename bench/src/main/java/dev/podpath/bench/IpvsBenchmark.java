package dev.podpath.bench;

import dev.podpath.bench.cluster.ClusterShape;
import dev.podpath.bench.cluster.Mode;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.packet.Packet;
import dev.podpath.core.proxy.Ends;
import dev.podpath.core.proxy.Partition;
import dev.podpath.core.proxy.ProxyVerdict;
import dev.podpath.core.proxy.ServiceProxy;
import dev.podpath.ports.snapshot.Document;
import dev.podpath.proxy.ipvs.IpvsMode;
import dev.podpath.proxy.ipvs.parse.IpvsText;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** IPVS mode on a node of a cluster with three endpoints for each service, a usual mix. */
@State(Scope.Benchmark)
@BenchmarkMode(org.openjdk.jmh.annotations.Mode.AverageTime)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xms3g", "-Xmx3g", "-XX:+UseParallelGC"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@SuppressWarnings("NullAway.Init")
public class IpvsBenchmark {
    private static final Arrival POD = Arrival.of(Arrival.Kind.POD);
    private static final int PACKETS = 1 << 14;

    /** How many services there are. */
    @Param({"1000", "5000", "10000", "25000", "50000"})
    public int services;

    private ServiceProxy proxy;
    private Partition partition;
    private IpAddress[] addresses;
    private Packet[] packets;
    private Document table;
    private int next;

    /** Made by the harness. */
    public IpvsBenchmark() {}

    /** Reads the node. */
    @Setup(Level.Trial)
    public void read() {
        Scenes scenes = Scenes.of(ClusterShape.usual(services, 3), Mode.IPVS);
        table = scenes.document("ipvsadm-save.txt");
        packets = scenes.packets(PACKETS);
        proxy = scenes.open(new IpvsMode());
        partition = proxy.partition(POD, false).get();
        addresses = partition.addresses().toJavaArray(IpAddress[]::new);
        System.gc();
    }

    private int next(int length) {
        next = next + 7919 & Integer.MAX_VALUE;
        return next % length;
    }

    /** Reads {@code ipvsadm-save -n}. */
    @Benchmark
    @OutputTimeUnit(TimeUnit.MILLISECONDS)
    public Object parse() {
        return IpvsText.read(table);
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
        int sum = 0;
        for (Partition.Cell cell : partition.cells(addresses[next(addresses.length)])) {
            sum += cell.packets().destinationPorts().first() + cell.ends().count();
        }
        return sum;
    }
}
