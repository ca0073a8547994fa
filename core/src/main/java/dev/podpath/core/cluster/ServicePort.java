package dev.podpath.core.cluster;

import dev.podpath.core.net.Protocol;
import io.vavr.control.Option;

/**
 * A port of a service.
 *
 * @param name its name; empty text where it has none
 * @param protocol transport protocol
 * @param port the service's port, 1 to 65535
 * @param targetPort number or name of the pods' port, as text; informative, since the slices carry the real one
 * @param nodePort the port on every node, where allocated
 */
public record ServicePort(String name, Protocol protocol, int port, String targetPort, Option<Integer> nodePort) {}
