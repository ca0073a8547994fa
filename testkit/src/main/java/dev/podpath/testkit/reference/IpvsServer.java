package dev.podpath.testkit.reference;

import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.Protocol;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * A virtual server as kube-proxy makes it: real servers of weight 1, reached by masquerading.
 *
 * @param protocol transport protocol
 * @param address address and port
 * @param persistence seconds for which a client stays at its real server; empty where it does not
 * @param servers real servers, sorted
 */
record IpvsServer(Protocol protocol, AddressPort address, Option<Integer> persistence, Vector<AddressPort> servers) {
    /** As {@code ipvsadm} sorts them: by family, protocol, address and port. */
    static int compare(IpvsServer a, IpvsServer b) {
        int family =
                Boolean.compare(a.address.address().isV6(), b.address.address().isV6());
        if (family != 0) {
            return family;
        }
        int protocol = Integer.compare(a.protocol.number(), b.protocol.number());
        return protocol != 0 ? protocol : a.address.compareTo(b.address);
    }
}
