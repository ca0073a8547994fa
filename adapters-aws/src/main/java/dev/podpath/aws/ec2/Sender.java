package dev.podpath.aws.ec2;

import dev.podpath.core.net.IpAddress;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * The load balancer that sends a connection to a target.
 *
 * @param name for people
 * @param securityGroups its security groups; empty where they are not known, as against none
 * @param addresses its own addresses, from one of which it connects; empty where the client's address is kept
 */
public record Sender(String name, Option<Vector<String>> securityGroups, Vector<IpAddress> addresses) {}
