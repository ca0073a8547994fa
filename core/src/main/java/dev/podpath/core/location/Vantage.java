package dev.podpath.core.location;

import dev.podpath.core.packet.Arrival;
import io.vavr.control.Option;

/** From where an address or a name is asked for. */
public sealed interface Vantage {
    /** From the public Internet. */
    record Internet() implements Vantage {
        @Override
        public String toString() {
            return "the Internet";
        }
    }

    /**
     * From inside a private network: a VPC, or a network routed to it.
     *
     * @param id identifier of the network, such as a VPC id; empty where it is not known
     */
    record PrivateNetwork(Option<String> id) implements Vantage {
        @Override
        public String toString() {
            return id.getOrElse("the private network");
        }
    }

    /**
     * From a node of the cluster, so that the node's own rules come first.
     *
     * @param node name of the node
     * @param arrival how the packet enters the node's network stack
     * @param pod {@code namespace/name} of the pod that asks, where it is one
     */
    record OnNode(String node, Arrival arrival, Option<String> pod) implements Vantage {
        @Override
        public String toString() {
            return pod.map(p -> "pod " + p + " on ").getOrElse("") + "node " + node;
        }
    }
}
