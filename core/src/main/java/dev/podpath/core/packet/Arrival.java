package dev.podpath.core.packet;

import io.vavr.control.Option;

/**
 * How a packet enters the node's network stack. It decides which hooks the packet meets: a packet of the node itself
 * starts in {@code OUTPUT}, every other one in {@code PREROUTING} (Linux {@code net/ipv4/ip_output.c},
 * {@code net/ipv4/ip_input.c}).
 *
 * @param kind where the packet comes from
 * @param inputInterface name of the interface it arrives on, where it is known; never present for {@link Kind#NODE}
 */
public record Arrival(Kind kind, Option<String> inputInterface) {
    /** The four ways in. */
    public enum Kind {
        /** From a pod of this node that has a network namespace of its own. */
        POD,
        /** From a process in the node's own network namespace, host-network pods included. */
        NODE,
        /** From outside the cluster. */
        EXTERNAL,
        /** From another node of the cluster, or from a pod there. */
        OTHER_NODE
    }

    /** A packet of the node itself has no input interface. */
    public Arrival {
        if (kind == Kind.NODE && inputInterface.isDefined()) {
            throw new IllegalArgumentException("a packet of the node itself has no input interface");
        }
    }

    /** An arrival whose interface is not known. */
    public static Arrival of(Kind kind) {
        return new Arrival(kind, Option.none());
    }

    /** An arrival on a named interface. */
    public static Arrival on(Kind kind, String inputInterface) {
        return new Arrival(kind, Option.some(inputInterface));
    }

    /** Whether the packet starts in {@code OUTPUT}. */
    public boolean isLocalOutput() {
        return kind == Kind.NODE;
    }
}
