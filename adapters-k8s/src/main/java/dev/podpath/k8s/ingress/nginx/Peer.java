package dev.podpath.k8s.ingress.nginx;

import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import io.vavr.control.Option;

/**
 * An address a controller connects to.
 *
 * @param host address, or a name for a service of type ExternalName
 * @param port port
 * @param weight how many turns it gets, 1 or more
 */
record Peer(String host, int port, int weight) {
    /** The transport address; empty for a name. */
    Option<AddressPort> address() {
        String bare = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        return IpAddress.parse(bare).map(ip -> new AddressPort(ip, port));
    }

    @Override
    public String toString() {
        return address().map(AddressPort::toString).getOrElse(host + ":" + port);
    }
}
