package dev.podpath.core.intent;

import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.IpPrefix;
import io.vavr.collection.Vector;

/**
 * At which of a node's addresses node ports are served ({@code --nodeport-addresses}).
 *
 * @param primaryOnly the value {@code primary}: at the node's main address only
 * @param prefixes at the addresses in these; a family without one is served as by default
 */
public record NodePortAddresses(boolean primaryOnly, Vector<IpPrefix> prefixes) {
    /** As the mode does by default. */
    public static final NodePortAddresses DEFAULT = new NodePortAddresses(false, Vector.empty());

    /** Reads the values of the option; what is neither a prefix nor {@code primary} counts for nothing. */
    public static NodePortAddresses of(Vector<String> values) {
        return new NodePortAddresses(values.contains("primary"), values.flatMap(IpPrefix::parse));
    }

    /** Whether node ports are served at this address of the node. */
    boolean serve(IpAddress address, NodeView node, ProxyMode mode, boolean localhost) {
        Vector<IpPrefix> wanted = prefixes.filter(prefix -> prefix.address().isV6() == address.isV6());
        if (address.isLoopback()) {
            boolean open = !address.isV6() && localhost && mode.servesLoopback() && !primaryOnly;
            return open && (wanted.isEmpty() || wanted.exists(prefix -> prefix.contains(address)));
        }
        if (!wanted.isEmpty()) {
            return wanted.exists(prefix -> prefix.contains(address));
        }
        if (primaryOnly || mode.servesPrimaryAddressOnly()) {
            return node.primary(address.isV6()).contains(address);
        }
        return !(mode == ProxyMode.IPVS && address.isV6() && address.isLinkLocal());
    }
}
