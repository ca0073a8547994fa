package dev.podpath.core.verify;

import dev.podpath.core.intent.VipKind;
import dev.podpath.core.net.Protocol;

/**
 * A claim of a service port on an address, or for a node port on an address of every node.
 *
 * @param service number of the service
 * @param port index of the port in the service's intent, whose ports are of one family each
 * @param kind what kind of address it is; a node port's where {@code health}
 * @param protocol protocol
 * @param number the port packets are sent to
 * @param health whether it is the port of the load balancer's health check, which belongs to no port of the service
 */
record Claim(int service, int port, VipKind kind, Protocol protocol, int number, boolean health) {}
