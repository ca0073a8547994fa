package dev.podpath.core.intent;

import dev.podpath.core.DomainStyle;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.IpPrefix;
import io.vavr.collection.Vector;
import org.immutables.value.Value;

/** How the kube-proxy of a node was started and of which kind it is, as far as that changes where packets go. */
@Value.Immutable
@DomainStyle
public interface ProxySettings {
    /** The mode. */
    ProxyMode mode();

    /** What its version does. */
    @Value.Default
    default ProxyFeatures features() {
        return ProxyFeatures.NEWEST;
    }

    /** {@code --detect-local-mode}. */
    @Value.Default
    default LocalDetection detection() {
        return new LocalDetection.None();
    }

    /** {@code --masquerade-all}. */
    @Value.Default
    default boolean masqueradeAll() {
        return false;
    }

    /** {@code --nodeport-addresses}. */
    @Value.Default
    default NodePortAddresses nodePortAddresses() {
        return NodePortAddresses.DEFAULT;
    }

    /** {@code --iptables-localhost-nodeports}. */
    @Value.Default
    default boolean localhostNodePorts() {
        return true;
    }

    /** The ranges cluster addresses are taken from (ServiceCIDR objects), as far as kube-proxy knows them. */
    @Value.Default
    default Vector<IpPrefix> servicePrefixes() {
        return Vector.empty();
    }

    /** How those of these values are known that were not captured, one sentence each. */
    @Value.Default
    default Vector<String> assumptions() {
        return Vector.empty();
    }

    /** Whether node ports are served at this address of the node. */
    default boolean servesNodePortsAt(IpAddress address, NodeView node) {
        return nodePortAddresses().serve(address, node, mode(), localhostNodePorts());
    }

    /** How packets to a port that no service has end, at a cluster address that a service has. */
    default Expectation unusedPort() {
        return switch (mode()) {
            case IPTABLES -> Expectation.LET_PASS;
            case IPVS -> Expectation.REFUSED;
            case NFTABLES -> Expectation.REJECTED;
        };
    }

    /** How packets to an address that no service has end. */
    default Expectation unallocated(IpAddress address) {
        boolean known = mode() == ProxyMode.NFTABLES && servicePrefixes().exists(prefix -> prefix.contains(address));
        return known ? Expectation.DROPPED : Expectation.LET_PASS;
    }

    /** The same with other features. */
    ProxySettings withFeatures(ProxyFeatures features);

    /** The same with another local detection. */
    ProxySettings withDetection(LocalDetection detection);

    /** The same, masquerading everything or not. */
    ProxySettings withMasqueradeAll(boolean masqueradeAll);

    /** The same with node ports at other addresses. */
    ProxySettings withNodePortAddresses(NodePortAddresses addresses);

    /** The same with node ports at the loopback address, or without. */
    ProxySettings withLocalhostNodePorts(boolean localhostNodePorts);

    /** The same with other ranges of cluster addresses. */
    ProxySettings withServicePrefixes(Vector<IpPrefix> prefixes);

    /** The same with other assumptions. */
    ProxySettings withAssumptions(Vector<String> assumptions);

    /** A mode with what it does by default. */
    static ProxySettings of(ProxyMode mode) {
        return builder().mode(mode).build();
    }

    /** Starts with the defaults. */
    static Builder builder() {
        return new Builder();
    }

    /** Builds settings. */
    final class Builder extends ImmutableProxySettings.Builder {
        Builder() {}
    }
}
