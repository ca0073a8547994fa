package dev.podpath.ports.capture;

import dev.podpath.core.DomainStyle;
import io.vavr.collection.Map;
import io.vavr.collection.TreeMap;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.nio.file.Path;
import java.time.Duration;
import org.immutables.value.Value;

/** What is to be captured, and from where. */
@Value.Immutable
@DomainStyle
public interface CaptureScope {
    /** Namespaces whose objects are listed; empty for all. */
    @Value.Default
    default Vector<String> namespaces() {
        return Vector.empty();
    }

    /** Nodes whose state is captured. */
    @Value.Default
    default NodeScope nodes() {
        return NodeScope.onPath();
    }

    /** The kubeconfig; empty for the one that {@code kubectl} would take. */
    @Value.Default
    default Option<Path> kubeconfig() {
        return Option.none();
    }

    /** The context of the kubeconfig; empty for its current one. */
    @Value.Default
    default Option<String> context() {
        return Option.none();
    }

    /** The image of the short-lived privileged pods that may be made on nodes; empty where none may be made. */
    @Value.Default
    default Option<String> nodePodImage() {
        return Option.none();
    }

    /** Clouds to capture, by the ids of their collectors; empty for none. */
    @Value.Default
    default Vector<String> clouds() {
        return Vector.empty();
    }

    /** Regions of the clouds. */
    @Value.Default
    default Vector<String> regions() {
        return Vector.empty();
    }

    /** Named profile of the clouds' own configuration files; empty for their default chain. */
    @Value.Default
    default Option<String> profile() {
        return Option.none();
    }

    /**
     * Where services answer instead of at their public endpoints, such as in a private cloud: from the vendor's name of the
     * service to a URL. The key {@code *} stands for every service that has none of its own.
     */
    @Value.Default
    default Map<String, String> endpoints() {
        return TreeMap.empty();
    }

    /** Whether the cluster itself is captured; not where only a cloud is wanted. */
    @Value.Default
    default boolean cluster() {
        return true;
    }

    /** Requests, or nodes, that are under way at a time, 1 to 64. */
    @Value.Default
    default int parallelism() {
        return 8;
    }

    /** How long an answer may stay away, or stand still, before it is asked for again. */
    @Value.Default
    default Duration patience() {
        return Duration.ofSeconds(30);
    }

    /** The same for other nodes. */
    default CaptureScope at(NodeScope nodes) {
        return builder()
                .namespaces(namespaces())
                .nodes(nodes)
                .kubeconfig(kubeconfig())
                .context(context())
                .nodePodImage(nodePodImage())
                .clouds(clouds())
                .regions(regions())
                .profile(profile())
                .endpoints(endpoints())
                .cluster(cluster())
                .parallelism(parallelism())
                .patience(patience())
                .build();
    }

    /** Where a service answers, by the vendor's name of it; empty for its public endpoint. */
    default Option<String> endpoint(String service) {
        return endpoints().get(service).orElse(() -> endpoints().get("*"));
    }

    /** What two runs must have in common for one to go on where the other stopped. */
    default String identity() {
        return "namespaces=" + namespaces().sorted().mkString(",") + " kubeconfig="
                + kubeconfig().map(Path::toString).getOrElse("") + " context="
                + context().getOrElse("") + " clouds="
                + clouds().sorted().mkString(",") + " regions="
                + regions().sorted().mkString(",") + " profile="
                + profile().getOrElse("") + " endpoints="
                + Vector.ofAll(endpoints())
                        .map(entry -> entry._1 + "=" + entry._2)
                        .sorted()
                        .mkString(",") + (cluster() ? "" : " without the cluster");
    }

    /** Starts a scope. */
    static Builder builder() {
        return new Builder();
    }

    /** Builds a scope. */
    final class Builder extends ImmutableCaptureScope.Builder {
        Builder() {}
    }
}
