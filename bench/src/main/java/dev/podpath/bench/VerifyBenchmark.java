package dev.podpath.bench;

import dev.podpath.bench.cluster.ClusterShape;
import dev.podpath.bench.cluster.Mode;
import dev.podpath.core.cluster.Endpoint;
import dev.podpath.core.cluster.Service;
import dev.podpath.core.cluster.ServiceKey;
import dev.podpath.core.proxy.NodePlane;
import dev.podpath.core.verify.NodeVerification;
import dev.podpath.core.verify.NodeVerifier;
import dev.podpath.core.verify.Result;
import dev.podpath.core.verify.VipVerifier;
import dev.podpath.ports.node.NodeState;
import dev.podpath.proxy.iptables.IptablesMode;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
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

/** Verification of one node in iptables mode, by the number of services. */
@State(Scope.Benchmark)
@BenchmarkMode(org.openjdk.jmh.annotations.Mode.AverageTime)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xms3g", "-Xmx3g", "-XX:+UseParallelGC"})
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
@SuppressWarnings("NullAway.Init")
public class VerifyBenchmark {
    /** How many services there are. */
    @Param({"1000", "5000", "10000", "25000", "50000"})
    public int services;

    private VipVerifier verifier;
    private NodePlane plane;
    private NodeVerifier prepared;
    private NodeVerifier changing;
    private ServiceKey[] keys;
    private Vector<Endpoint>[] endpoints;
    private int next;

    /** Made by the harness. */
    public VerifyBenchmark() {}

    /** Reads the node and verifies it once. */
    @Setup(Level.Trial)
    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
    public void read() {
        Scenes scenes = Scenes.of(ClusterShape.usual(services, 3), Mode.IPTABLES);
        NodeState state = scenes.state();
        plane = NodePlane.builder()
                .node(state.name())
                .mode(Option.some(Mode.IPTABLES.toString()))
                .proxy(Option.some(scenes.open(new IptablesMode())))
                .localAddresses(state.interfaces().all().distinct())
                .uplink(Option.some("eth0"))
                .build();
        verifier = new VipVerifier(scenes.cluster());
        prepared = verifier.open(plane);
        changing = verifier.open(plane);
        NodeVerification result = prepared.verify();
        if (changing.verify().result() != Result.HOLDS || result.result() != Result.HOLDS) {
            throw new IllegalStateException(result.toString());
        }
        keys = scenes.cluster().services().map(Service::key).toJavaArray(ServiceKey[]::new);
        endpoints = new Vector[keys.length];
        for (int i = 0; i < keys.length; i++) {
            endpoints[i] = scenes.cluster().endpointsOf(keys[i]);
        }
        System.gc();
    }

    /** All classes of all ways in compared with the intent, on all processors; the intents were worked out before. */
    @Benchmark
    @OutputTimeUnit(TimeUnit.MILLISECONDS)
    public NodeVerification verify() {
        return prepared.verify();
    }

    /** The same of another node with the same rules: inferring how kube-proxy was started, the intents, and all classes. */
    @Benchmark
    @OutputTimeUnit(TimeUnit.MILLISECONDS)
    public NodeVerification anotherNode() {
        return verifier.verify(plane);
    }

    /** An EndpointSlice lost an endpoint, which the rules still have: VIOLATED; and the endpoint came back: HOLDS. */
    @Benchmark
    @OutputTimeUnit(TimeUnit.MICROSECONDS)
    public Result changedSlice() {
        next = (next + 7919) % keys.length;
        changing.reverify(keys[next], endpoints[next].drop(1));
        return changing.reverify(keys[next], endpoints[next]).result();
    }
}
