package dev.podpath.core.cluster;

import dev.podpath.core.DomainStyle;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.IpPrefix;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.trace.Evidence;
import io.vavr.collection.HashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import org.immutables.value.Value;

/** A Kubernetes service (core/v1 Service), as the API server has it. */
@Value.Immutable
@DomainStyle
public interface Service {
    /** Namespace and name. */
    ServiceKey key();

    /** {@code spec.type}. */
    @Value.Default
    default Type type() {
        return Type.CLUSTER_IP;
    }

    /** {@code spec.clusterIPs} without {@code None}; empty for headless and ExternalName services. */
    @Value.Default
    default Vector<IpAddress> clusterIps() {
        return Vector.empty();
    }

    /** Whether {@code spec.clusterIP} is {@code None}. */
    @Value.Default
    default boolean headless() {
        return false;
    }

    /** {@code spec.externalIPs}. */
    @Value.Default
    default Vector<IpAddress> externalIps() {
        return Vector.empty();
    }

    /** Addresses of {@code status.loadBalancer.ingress} that kube-proxy serves (those whose ipMode is not Proxy). */
    @Value.Default
    default Vector<IpAddress> loadBalancerIps() {
        return Vector.empty();
    }

    /** Host names of {@code status.loadBalancer.ingress}. */
    @Value.Default
    default Vector<String> loadBalancerHostnames() {
        return Vector.empty();
    }

    /** {@code spec.ports}. */
    @Value.Default
    default Vector<ServicePort> ports() {
        return Vector.empty();
    }

    /** Whether {@code spec.internalTrafficPolicy} is Local. */
    @Value.Default
    default boolean internalLocal() {
        return false;
    }

    /** Whether {@code spec.externalTrafficPolicy} is Local. */
    @Value.Default
    default boolean externalLocal() {
        return false;
    }

    /** Seconds of {@code ClientIP} session affinity; empty for none. */
    @Value.Default
    default Option<Integer> affinitySeconds() {
        return Option.none();
    }

    /** {@code spec.loadBalancerSourceRanges}. */
    @Value.Default
    default Vector<IpPrefix> sourceRanges() {
        return Vector.empty();
    }

    /** {@code spec.healthCheckNodePort}. */
    @Value.Default
    default Option<Integer> healthCheckNodePort() {
        return Option.none();
    }

    /**
     * {@code spec.publishNotReadyAddresses}: the slices then call every endpoint ready, so a pod behind one need not be.
     */
    @Value.Default
    default boolean publishNotReadyAddresses() {
        return false;
    }

    /** {@code spec.trafficDistribution}, such as {@code PreferClose}. */
    @Value.Default
    default Option<String> trafficDistribution() {
        return Option.none();
    }

    /** {@code spec.allocateLoadBalancerNodePorts}. */
    @Value.Default
    default boolean allocateLoadBalancerNodePorts() {
        return true;
    }

    /** {@code spec.externalName}. */
    @Value.Default
    default Option<String> externalName() {
        return Option.none();
    }

    /** {@code metadata.uid}. */
    @Value.Default
    default Option<String> uid() {
        return Option.none();
    }

    /** {@code metadata.labels}. */
    @Value.Default
    default Map<String, String> labels() {
        return HashMap.empty();
    }

    /** {@code metadata.annotations}. */
    @Value.Default
    default Map<String, String> annotations() {
        return HashMap.empty();
    }

    /** Where the object is in the snapshot. */
    Evidence evidence();

    /**
     * Whether another program than kube-proxy serves it: it has the label {@code service.kubernetes.io/service-proxy-name},
     * or the one that marks a service as headless.
     */
    default boolean isLeftToOthers() {
        return labels().containsKey("service.kubernetes.io/service-proxy-name")
                || labels().containsKey("service.kubernetes.io/headless");
    }

    /** The port with this number and protocol. */
    default Option<ServicePort> port(int number, Protocol protocol) {
        return ports().find(port -> port.port() == number && port.protocol() == protocol);
    }

    /** Identity of one of its ports. */
    default ServicePortRef ref(ServicePort port) {
        return new ServicePortRef(key(), port.port(), port.protocol());
    }

    /** Types of services. */
    enum Type {
        /** Reached by a virtual address inside the cluster. */
        CLUSTER_IP,
        /** Also by a port of every node. */
        NODE_PORT,
        /** Also by a load balancer. */
        LOAD_BALANCER,
        /** An alias for a name; nothing on the nodes. */
        EXTERNAL_NAME
    }

    /** Starts a service. */
    static Builder builder() {
        return new Builder();
    }

    /** Builds a service. */
    final class Builder extends ImmutableService.Builder {
        Builder() {}
    }
}
