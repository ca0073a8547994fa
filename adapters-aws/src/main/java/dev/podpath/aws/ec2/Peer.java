package dev.podpath.aws.ec2;

import dev.podpath.core.net.IpAddress;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * The other side of a connection, as security group rules see it.
 *
 * @param addresses the address, or the several it may be one of; empty where it is not known
 * @param securityGroups groups that references to groups match; empty where they are not known, as against none
 */
public record Peer(Vector<IpAddress> addresses, Option<Vector<String>> securityGroups) {
    /** Nothing is known of the other side. */
    public static final Peer UNKNOWN = new Peer(Vector.empty(), Option.none());

    /** For people. */
    @Override
    public String toString() {
        return addresses.isEmpty() ? "a source that is not known" : addresses.mkString(" or ");
    }
}
