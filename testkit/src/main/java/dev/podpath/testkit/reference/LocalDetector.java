package dev.podpath.testkit.reference;

import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.IpPrefix;
import dev.podpath.core.packet.Arrival;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/** How kube-proxy tells the pods of its node from everybody else ({@code --detect-local-mode}). */
public sealed interface LocalDetector {
    /**
     * By the pods' addresses: {@code ClusterCIDR} or {@code NodeCIDR}. A family without a prefix has no detector.
     *
     * @param prefixes at most one of each family
     */
    record ByAddress(Vector<IpPrefix> prefixes) implements LocalDetector {}

    /**
     * By the bridge the pods are attached to: {@code BridgeInterface}.
     *
     * @param name name of the bridge
     */
    record ByBridge(String name) implements LocalDetector {}

    /**
     * By the beginning of the names of the pods' interfaces: {@code InterfaceNamePrefix}.
     *
     * @param prefix what the names begin with
     */
    record ByInterfacePrefix(String prefix) implements LocalDetector {}

    /** Not at all. */
    record None() implements LocalDetector {}

    /** Whether rules of this family can tell pods from others. */
    default boolean isImplemented(boolean v6) {
        return this instanceof ByAddress byAddress ? byAddress.prefix(v6).isDefined() : !(this instanceof None);
    }

    /** Whether the rules take this packet for one of a pod of the node. */
    default boolean isLocal(IpAddress source, Arrival arrival) {
        if (this instanceof ByAddress byAddress) {
            return byAddress.prefix(source.isV6()).exists(prefix -> prefix.contains(source));
        }
        Option<String> device = arrival.inputInterface();
        if (this instanceof ByBridge bridge) {
            return device.contains(bridge.name());
        }
        return this instanceof ByInterfacePrefix names && device.exists(name -> name.startsWith(names.prefix()));
    }

    /** The prefix of a family, where the detector goes by addresses. */
    default Option<IpPrefix> prefix(boolean v6) {
        return this instanceof ByAddress byAddress
                ? byAddress.prefixes().find(prefix -> prefix.address().isV6() == v6)
                : Option.none();
    }
}
