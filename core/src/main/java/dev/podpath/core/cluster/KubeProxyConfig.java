package dev.podpath.core.cluster;

import dev.podpath.core.DomainStyle;
import dev.podpath.core.net.IpPrefix;
import dev.podpath.core.trace.Evidence;
import io.vavr.collection.HashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import org.immutables.value.Value;

/** What kube-proxy was configured with (KubeProxyConfiguration v1alpha1), as far as it matters to its rules. */
@Value.Immutable
@DomainStyle
public interface KubeProxyConfig {
    /** {@code mode}; empty text is the platform's default, which is iptables on Linux. */
    @Value.Default
    default String mode() {
        return "";
    }

    /** {@code clusterCIDR}: the pods' address ranges. */
    @Value.Default
    default Vector<IpPrefix> clusterPrefixes() {
        return Vector.empty();
    }

    /** {@code iptables.masqueradeAll} or {@code ipvs.masqueradeAll}. */
    @Value.Default
    default boolean masqueradeAll() {
        return false;
    }

    /** {@code nodePortAddresses}. */
    @Value.Default
    default Vector<String> nodePortAddresses() {
        return Vector.empty();
    }

    /** {@code detectLocalMode}; empty where it is not set, which is ClusterCIDR. */
    @Value.Default
    default Option<String> detectLocalMode() {
        return Option.none();
    }

    /** {@code detectLocal.bridgeInterface}. */
    @Value.Default
    default Option<String> bridgeInterface() {
        return Option.none();
    }

    /** {@code detectLocal.interfaceNamePrefix}. */
    @Value.Default
    default Option<String> interfaceNamePrefix() {
        return Option.none();
    }

    /** {@code iptables.localhostNodePorts}; true where it is not set. */
    @Value.Default
    default boolean localhostNodePorts() {
        return true;
    }

    /** {@code featureGates}. */
    @Value.Default
    default Map<String, Boolean> featureGates() {
        return HashMap.empty();
    }

    /** {@code ipvs.scheduler}; empty where it is the default, which is rr. */
    @Value.Default
    default Option<String> scheduler() {
        return Option.none();
    }

    /** Where the configuration is in the snapshot. */
    Evidence evidence();

    /** Starts a configuration. */
    static Builder builder() {
        return new Builder();
    }

    /** Builds a configuration. */
    final class Builder extends ImmutableKubeProxyConfig.Builder {
        Builder() {}
    }
}
