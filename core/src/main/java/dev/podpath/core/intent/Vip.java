package dev.podpath.core.intent;

import dev.podpath.core.cluster.ServicePortRef;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.Protocol;

/**
 * One place a service port is reached at.
 *
 * @param address address and port packets are sent to
 * @param protocol their protocol
 * @param kind what kind of address it is
 * @param service the service port
 */
public record Vip(AddressPort address, Protocol protocol, VipKind kind, ServicePortRef service) {}
