package dev.podpath.core.proxy;

import dev.podpath.core.DomainStyle;
import dev.podpath.core.finding.Finding;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.trace.Decision;
import io.vavr.Lazy;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.Set;
import org.immutables.value.Value;

/** The data plane of one node as far as it was captured. */
@Value.Immutable
@DomainStyle
public interface NodePlane {
    /** Name of the node. */
    String node();

    /** The proxy mode in force; empty where nothing tells. */
    Option<String> mode();

    /** The proxy read from the node's state; empty where it was not captured or no plugin knows the mode. */
    Option<ServiceProxy> proxy();

    /** How the mode was determined, and where the proxy is empty, what is missing. */
    @Value.Default
    default Vector<Decision> decisions() {
        return Vector.empty();
    }

    /** The node's own addresses on all its interfaces, the service addresses bound to a dummy interface included. */
    @Value.Default
    default Vector<IpAddress> localAddresses() {
        return Vector.empty();
    }

    /** Whether an address is one of the node's own. */
    default boolean isLocal(IpAddress address) {
        return localAddressSet().contains(address);
    }

    /** The node's own addresses, to be looked up: a node in IPVS mode has one for each service. */
    @Value.Lazy
    default Set<IpAddress> localAddressSet() {
        return Set.copyOf(localAddresses().asJava());
    }

    /** What the node's documents show of troubles, whatever the packet; looked for when it is asked for. */
    @Value.Default
    default Lazy<Vector<Finding>> troubles() {
        return Lazy.of(Vector::empty);
    }

    /** The interface that has the address other nodes know the node by; empty where it is not known. */
    @Value.Default
    default Option<String> uplink() {
        return Option.none();
    }

    /** Starts a plane. */
    static Builder builder() {
        return new Builder();
    }

    /** Builds a plane. */
    final class Builder extends ImmutableNodePlane.Builder {
        Builder() {}
    }
}
