package dev.podpath.core.cluster;

import dev.podpath.core.net.Protocol;
import io.vavr.control.Option;

/**
 * A port a container declares.
 *
 * @param name its name; empty text where it has none
 * @param protocol transport protocol
 * @param port the container's port
 * @param hostPort the node's port it is published at, where it is
 */
public record ContainerPort(String name, Protocol protocol, int port, Option<Integer> hostPort) {}
