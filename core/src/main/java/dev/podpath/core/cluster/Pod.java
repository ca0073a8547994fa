package dev.podpath.core.cluster;

import dev.podpath.core.DomainStyle;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.trace.Evidence;
import io.vavr.collection.HashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import org.immutables.value.Value;

/** A pod (core/v1 Pod). */
@Value.Immutable
@DomainStyle
public interface Pod {
    /** Its namespace. */
    String namespace();

    /** Its name. */
    String name();

    /** {@code status.podIPs}. */
    @Value.Default
    default Vector<IpAddress> addresses() {
        return Vector.empty();
    }

    /** {@code spec.nodeName}. */
    @Value.Default
    default Option<String> node() {
        return Option.none();
    }

    /** {@code spec.hostNetwork}. */
    @Value.Default
    default boolean hostNetwork() {
        return false;
    }

    /** {@code status.phase}. */
    @Value.Default
    default String phase() {
        return "Running";
    }

    /** Whether the Ready condition is True. */
    @Value.Default
    default boolean ready() {
        return true;
    }

    /** Whether {@code metadata.deletionTimestamp} is set. */
    @Value.Default
    default boolean terminating() {
        return false;
    }

    /** Ports declared by its containers. */
    @Value.Default
    default Vector<ContainerPort> ports() {
        return Vector.empty();
    }

    /** Images of its containers. */
    @Value.Default
    default Vector<String> images() {
        return Vector.empty();
    }

    /** Command and arguments of its containers, one after the other, as the object has them: {@code $(NAME)} stays. */
    @Value.Default
    default Vector<String> arguments() {
        return Vector.empty();
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

    /** {@code spec.dnsPolicy}. */
    @Value.Default
    default String dnsPolicy() {
        return "ClusterFirst";
    }

    /** {@code spec.dnsConfig.nameservers}, in order. */
    @Value.Default
    default Vector<IpAddress> dnsServers() {
        return Vector.empty();
    }

    /** {@code spec.dnsConfig.searches}, in order. */
    @Value.Default
    default Vector<String> dnsSearches() {
        return Vector.empty();
    }

    /** The option {@code ndots} of {@code spec.dnsConfig.options}, where it is set. */
    @Value.Default
    default Option<Integer> dnsNdots() {
        return Option.none();
    }

    /** {@code spec.dnsConfig.options} as {@code resolv.conf} has them: {@code name} or {@code name:value}. */
    @Value.Default
    default Vector<String> dnsOptions() {
        return Vector.empty();
    }

    /** {@code spec.hostAliases}: names its {@code /etc/hosts} knows, in lower case, with the first address of each. */
    @Value.Default
    default Map<String, IpAddress> hostAliases() {
        return HashMap.empty();
    }

    /** Where the object is in the snapshot. */
    Evidence evidence();

    /** {@code namespace/name}. */
    default String id() {
        return namespace() + "/" + name();
    }

    /** Whether it can serve: running, ready and not going away. */
    default boolean isLive() {
        return phase().equals("Running") && ready() && !terminating();
    }

    /** Starts a pod. */
    static Builder builder() {
        return new Builder();
    }

    /** Builds a pod. */
    final class Builder extends ImmutablePod.Builder {
        Builder() {}
    }
}
