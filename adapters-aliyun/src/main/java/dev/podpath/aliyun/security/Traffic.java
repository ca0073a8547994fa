package dev.podpath.aliyun.security;

import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import io.vavr.control.Option;

/**
 * The first packet of a connection, at a network interface.
 *
 * @param ingress whether it comes in; else it goes out
 * @param protocol transport protocol
 * @param own the interface's own address
 * @param peer the other side's address, where it is known
 * @param port the destination port
 */
public record Traffic(boolean ingress, Protocol protocol, IpAddress own, Option<IpAddress> peer, int port) {
    String direction() {
        return ingress ? "ingress" : "egress";
    }

    @Override
    public String toString() {
        String other = peer.map(IpAddress::toString).getOrElse("a client that is not known");
        return protocol + " port " + port + (ingress ? " from " : " to ") + other;
    }
}
