package dev.podpath.aws.ec2;

import dev.podpath.core.net.IpAddress;
import dev.podpath.core.trace.Evidence;
import io.vavr.control.Option;

/**
 * A public address and what it belongs to: the Internet gateway translates one to the other, one to one.
 *
 * @param address the public address
 * @param privateAddress the address inside the VPC; empty where it is not associated
 * @param evidence the association
 */
public record PublicAddress(IpAddress address, Option<IpAddress> privateAddress, Evidence evidence) {}
