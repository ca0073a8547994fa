package dev.podpath.core.cluster;

import dev.podpath.core.DomainStyle;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.IpPrefix;
import dev.podpath.core.trace.Evidence;
import io.vavr.collection.HashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import org.immutables.value.Value;

/** A node (core/v1 Node). */
@Value.Immutable
@DomainStyle
public interface Node {
    /** Its name. */
    String name();

    /** {@code status.addresses} of type InternalIP, in order. */
    @Value.Default
    default Vector<IpAddress> internalAddresses() {
        return Vector.empty();
    }

    /** {@code status.addresses} of type ExternalIP, in order. */
    @Value.Default
    default Vector<IpAddress> externalAddresses() {
        return Vector.empty();
    }

    /** {@code spec.providerID}, such as {@code cn-hangzhou.i-bp1} or {@code aws:///us-west-2a/i-0a}. */
    @Value.Default
    default Option<String> providerId() {
        return Option.none();
    }

    /** {@code spec.podCIDRs}. */
    @Value.Default
    default Vector<IpPrefix> podPrefixes() {
        return Vector.empty();
    }

    /** Whether the Ready condition is True. */
    @Value.Default
    default boolean ready() {
        return true;
    }

    /** {@code status.nodeInfo.kubeletVersion}, such as {@code v1.31.2-aliyun.1}. */
    @Value.Default
    default Option<String> kubeletVersion() {
        return Option.none();
    }

    /** {@code metadata.labels}. */
    @Value.Default
    default Map<String, String> labels() {
        return HashMap.empty();
    }

    /** Where the object is in the snapshot. */
    Evidence evidence();

    /** The instance in the cloud: the last segment of the provider id. */
    default Option<String> instanceId() {
        return providerId().map(id -> {
            int slash = id.lastIndexOf('/');
            String tail = id.substring(slash + 1);
            return slash < 0 && tail.indexOf(".i-") >= 0 ? tail.substring(tail.indexOf(".i-") + 1) : tail;
        });
    }

    /** {@code topology.kubernetes.io/zone}. */
    default Option<String> zone() {
        return labels().get("topology.kubernetes.io/zone");
    }

    /** Starts a node. */
    static Builder builder() {
        return new Builder();
    }

    /** Builds a node. */
    final class Builder extends ImmutableNode.Builder {
        Builder() {}
    }
}
