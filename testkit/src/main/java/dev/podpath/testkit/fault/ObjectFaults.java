package dev.podpath.testkit.fault;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.ContainerPort;
import dev.podpath.core.cluster.Endpoint;
import dev.podpath.core.cluster.Pod;
import dev.podpath.core.cluster.ServicePort;
import dev.podpath.core.cluster.ServicePortRef;
import dev.podpath.core.finding.FindingCode;
import dev.podpath.core.trace.Evidence;
import dev.podpath.core.verify.VerifyFindings;
import dev.podpath.ports.node.NodeFindings;
import dev.podpath.testkit.arbitrary.Scene;
import io.vavr.Tuple;
import io.vavr.Tuple2;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.Random;

/** Faults of the cluster's objects themselves: the rules of a node are right, and what they were made from is not. */
public final class ObjectFaults {
    private ObjectFaults() {}

    /**
     * A cluster with a fault in it.
     *
     * @param fault name of the kind of fault
     * @param what what was done, in one sentence
     * @param service the service port that suffers
     * @param code the kind of finding that must be made
     * @param cluster the cluster
     */
    public record Broken(String fault, String what, ServicePortRef service, FindingCode code, Cluster cluster) {}

    /** A pod of the scene's node has a service's node port as its host port. */
    public static Option<Broken> hostPortOnNodePort(Scene scene, long seed) {
        Vector<Tuple2<ServicePortRef, Integer>> ports = scene.cluster()
                .services()
                .flatMap(service -> service.ports()
                        .flatMap(port -> port.nodePort().map(number -> Tuple.of(service.ref(port), number))));
        return oneOf(ports, seed).map(chosen -> {
            ContainerPort taken = new ContainerPort("", chosen._1().protocol(), 9100, Option.some(chosen._2()));
            Pod pod = Pod.builder()
                    .namespace("default")
                    .name("exporter")
                    .node(Option.some(scene.node()))
                    .ports(Vector.of(taken))
                    .evidence(Evidence.pointer("kubernetes/pods.json", "/items/0", ""))
                    .build();
            return new Broken(
                    "host-port-on-node-port",
                    "pod default/exporter has host port " + chosen._2(),
                    chosen._1(),
                    NodeFindings.PORT_TWICE,
                    with(scene.cluster(), scene.cluster().pods().append(pod)));
        });
    }

    /** Pods were captured, and the one that a ready endpoint stands for has ended. */
    public static Option<Broken> endpointOfDeadPod(Scene scene, long seed) {
        Cluster cluster = scene.cluster();
        Vector<Tuple2<ServicePortRef, Endpoint>> ready = cluster.services()
                .flatMap(service -> service.ports()
                        .flatMap((ServicePort port) -> cluster.endpointsOf(service.ref(port))
                                .filter(endpoint -> endpoint.ready()
                                        && endpoint.pod().isDefined()
                                        && !service.publishNotReadyAddresses())
                                .map(endpoint -> Tuple.of(service.ref(port), endpoint))));
        return oneOf(ready, seed).map(chosen -> {
            Vector<Pod> pods = cluster.endpoints()
                    .filter(endpoint -> endpoint.pod().isDefined())
                    .groupBy(endpoint -> endpoint.pod().get())
                    .toVector()
                    .map(of -> pod(of._1(), of._2(), chosen._2().pod().contains(of._1())));
            return new Broken(
                    "endpoint-of-dead-pod",
                    "the pod at " + chosen._2().address().address() + " has ended, and is still a ready endpoint",
                    chosen._1(),
                    VerifyFindings.DEAD_ENDPOINT,
                    with(cluster, pods));
        });
    }

    private static Pod pod(String id, Vector<Endpoint> endpoints, boolean ended) {
        int slash = id.indexOf('/');
        return Pod.builder()
                .namespace(id.substring(0, slash))
                .name(id.substring(slash + 1))
                .addresses(
                        endpoints.map(endpoint -> endpoint.address().address()).distinct())
                .phase(ended ? "Failed" : "Running")
                .ready(endpoints.exists(Endpoint::ready))
                .terminating(endpoints.exists(Endpoint::terminating))
                .node(endpoints.head().node())
                .evidence(Evidence.pointer("kubernetes/pods.json", "/items/0", id))
                .build();
    }

    private static <T> Option<T> oneOf(Vector<T> places, long seed) {
        return places.isEmpty() ? Option.none() : Option.some(places.get(new Random(seed).nextInt(places.size())));
    }

    private static Cluster with(Cluster cluster, Vector<Pod> pods) {
        return new Cluster(
                Cluster.Captured.ALL,
                cluster.domain(),
                cluster.kubeProxy(),
                cluster.services(),
                cluster.endpoints(),
                pods,
                cluster.nodes());
    }
}
