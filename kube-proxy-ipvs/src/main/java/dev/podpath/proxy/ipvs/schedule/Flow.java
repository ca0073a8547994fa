package dev.podpath.proxy.ipvs.schedule;

import dev.podpath.core.net.IpAddress;

/**
 * The parts of a packet that schedulers look at.
 *
 * @param source source address
 * @param sourcePort 1 to 65535, or 0 where it is open
 * @param destination destination address
 */
public record Flow(IpAddress source, int sourcePort, IpAddress destination) {}
