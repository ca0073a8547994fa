package dev.podpath.core.proxy;

import dev.podpath.core.net.AddressPort;
import dev.podpath.core.trace.Missing;
import io.vavr.collection.Vector;

/** How a branch of a verdict ends on the node. */
public sealed interface ProxyOutcome {
    /**
     * The destination becomes this address.
     *
     * @param address the endpoint; never translated again on this node
     */
    record ToEndpoint(AddressPort address) implements ProxyOutcome {}

    /**
     * The sender gets an answer that nobody is there.
     *
     * @param with what is sent, such as {@code icmp-port-unreachable} or {@code tcp-reset}
     */
    record Rejected(String with) implements ProxyOutcome {}

    /** The packet is discarded. */
    record Dropped() implements ProxyOutcome {}

    /** The destination stays as it is: no service rule touched it. */
    record Untouched() implements ProxyOutcome {}

    /**
     * It cannot be told.
     *
     * @param why one sentence
     * @param missing what would have to be captured
     */
    record Unknown(String why, Vector<Missing> missing) implements ProxyOutcome {}
}
