package dev.podpath.core.trace;

import dev.podpath.core.DomainStyle;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import io.vavr.control.Option;
import org.immutables.value.Value;

/** What a path ends at, as far as it is known. */
@Value.Immutable
@DomainStyle
public interface Target {
    /** The transport address at the end. */
    @Value.Default
    default Option<AddressPort> address() {
        return Option.none();
    }

    /** {@code namespace/name} of the pod. */
    @Value.Default
    default Option<String> pod() {
        return Option.none();
    }

    /** Name of the node the end is on. */
    @Value.Default
    default Option<String> node() {
        return Option.none();
    }

    /** For an outward path: the source address the other side sees. */
    @Value.Default
    default Option<IpAddress> seenAs() {
        return Option.none();
    }

    /** An HTTP answer given on the way: its status, and where it redirects to. */
    @Value.Default
    default Option<String> answer() {
        return Option.none();
    }

    /** A target of which only the address is known. */
    static Target at(AddressPort address) {
        return builder().address(Option.some(address)).build();
    }

    /** Starts with nothing known. */
    static Builder builder() {
        return new Builder();
    }

    /** Builds a target. */
    final class Builder extends ImmutableTarget.Builder {
        Builder() {}
    }
}
