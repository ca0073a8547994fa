package dev.podpath.testkit.reference;

import dev.podpath.core.DomainStyle;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.IpPrefix;
import io.vavr.collection.Vector;
import org.immutables.value.Value;

/** How the kube-proxy whose rules are written was started, and on what kind of node. */
@Value.Immutable
@DomainStyle
public interface WriterConfig {
    /** {@code --detect-local-mode}. */
    @Value.Default
    default LocalDetector detector() {
        return new LocalDetector.None();
    }

    /** {@code --masquerade-all}. */
    @Value.Default
    default boolean masqueradeAll() {
        return false;
    }

    /** {@code --iptables-masquerade-bit}, 0 to 31. */
    @Value.Default
    default int masqueradeBit() {
        return 14;
    }

    /** {@code --nodeport-addresses}; a family without one serves node ports at all its local addresses. */
    @Value.Default
    default Vector<IpPrefix> nodePortAddresses() {
        return Vector.empty();
    }

    /** {@code --iptables-localhost-nodeports}; IPv4 only. */
    @Value.Default
    default boolean localhostNodePorts() {
        return true;
    }

    /** With more endpoints than this in a family the rules of endpoints carry no comments. */
    @Value.Default
    default int largeClusterEndpoints() {
        return 1000;
    }

    /** Whether the kernel has nfacct counters, which kube-proxy uses since 1.32 or so. */
    @Value.Default
    default boolean nfacct() {
        return false;
    }

    /** Whether iptables knows {@code --random-fully}. */
    @Value.Default
    default boolean randomFully() {
        return true;
    }

    /** Whether {@code nf_conntrack_tcp_be_liberal} is set, so that packets in no known state are not dropped. */
    @Value.Default
    default boolean conntrackLiberal() {
        return false;
    }

    /** Which generation of rules. */
    @Value.Default
    default RuleStyle style() {
        return RuleStyle.SINCE_1_26;
    }

    /** {@code --ipvs-scheduler}, in IPVS mode. */
    @Value.Default
    default String scheduler() {
        return "rr";
    }

    /** Which topology hints count. */
    @Value.Default
    default TopologyHints hints() {
        return TopologyHints.NODES_THEN_ZONES;
    }

    /** Addresses on the node's interfaces beside those of its Node object and the loopback ones. */
    @Value.Default
    default Vector<IpAddress> moreLocalAddresses() {
        return Vector.empty();
    }

    /** What the cluster addresses are taken from (ServiceCIDR objects); in nftables mode the rest of them is dropped. */
    @Value.Default
    default Vector<IpPrefix> serviceRanges() {
        return Vector.empty();
    }

    /** The mark that asks for masquerade. */
    default int mark() {
        return 1 << masqueradeBit();
    }

    /** The program's defaults, with pods told by their addresses. */
    static WriterConfig byClusterPrefixes(IpPrefix... prefixes) {
        return builder()
                .detector(new LocalDetector.ByAddress(Vector.of(prefixes)))
                .build();
    }

    /** Starts a configuration. */
    static Builder builder() {
        return new Builder();
    }

    /** Builds a configuration. */
    final class Builder extends ImmutableWriterConfig.Builder {
        Builder() {}
    }
}
