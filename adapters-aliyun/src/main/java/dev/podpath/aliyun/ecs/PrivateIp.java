package dev.podpath.aliyun.ecs;

import dev.podpath.core.net.IpAddress;
import io.vavr.control.Option;

/**
 * A private address of a network interface.
 *
 * @param address the address
 * @param primary whether it is the interface's primary one
 * @param publicAddress the elastic address associated with it
 */
public record PrivateIp(IpAddress address, boolean primary, Option<IpAddress> publicAddress) {}
