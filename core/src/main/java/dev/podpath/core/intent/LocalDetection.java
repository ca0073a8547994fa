package dev.podpath.core.intent;

import dev.podpath.core.net.AddressSet;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.packet.Arrival;
import io.vavr.control.Option;

/** How kube-proxy tells the pods of its node from everybody else ({@code --detect-local-mode}). */
public sealed interface LocalDetection {
    /**
     * By the source address ({@code ClusterCIDR}, {@code NodeCIDR}). A family whose set is empty has no detection.
     *
     * @param v4 the addresses of pods
     * @param v6 the addresses of pods
     */
    record ByAddress(AddressSet v4, AddressSet v6) implements LocalDetection {
        /** The addresses of pods of a family. */
        public AddressSet of(boolean family6) {
            return family6 ? v6 : v4;
        }
    }

    /**
     * By the interface packets come in by ({@code BridgeInterface}, {@code InterfaceNamePrefix}).
     *
     * @param name the interface, or what the names of the interfaces begin with
     * @param prefix whether it is the beginning of a name
     */
    record ByInterface(String name, boolean prefix) implements LocalDetection {
        /** Whether packets that come in by this interface are those of pods. */
        public boolean holds(String device) {
            return prefix ? device.startsWith(name) : device.equals(name);
        }
    }

    /** Not at all. */
    record None() implements LocalDetection {}

    /** Whether pods of this family can be told from others. */
    default boolean isImplemented(boolean v6) {
        return this instanceof ByAddress byAddress ? !byAddress.of(v6).isEmpty() : !(this instanceof None);
    }

    /** Whether a packet is taken for one of a pod; one of unknown interface is not. */
    default boolean isPod(IpAddress source, Arrival arrival) {
        if (this instanceof ByAddress byAddress) {
            return byAddress.of(source.isV6()).contains(source);
        }
        Option<String> device = arrival.inputInterface();
        return this instanceof ByInterface byInterface && device.exists(byInterface::holds);
    }
}
