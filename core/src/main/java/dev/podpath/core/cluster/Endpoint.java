package dev.podpath.core.cluster;

import dev.podpath.core.DomainStyle;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.trace.Evidence;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import org.immutables.value.Value;

/** One address of an EndpointSlice (discovery.k8s.io/v1) for one of its ports. */
@Value.Immutable
@DomainStyle
public interface Endpoint {
    /** The service, by the slice's {@code kubernetes.io/service-name} label. */
    ServiceKey service();

    /** Name of the slice port; empty text where it has none. It is what joins the endpoint to a service port. */
    @Value.Default
    default String portName() {
        return "";
    }

    /** Transport protocol. */
    Protocol protocol();

    /** The endpoint's address and port. */
    AddressPort address();

    /** {@code conditions.ready}; true where it is not given. */
    @Value.Default
    default boolean ready() {
        return true;
    }

    /** {@code conditions.serving}; like ready where it is not given. */
    @Value.Default
    default boolean serving() {
        return ready();
    }

    /** {@code conditions.terminating}; false where it is not given. */
    @Value.Default
    default boolean terminating() {
        return false;
    }

    /** {@code nodeName}. */
    @Value.Default
    default Option<String> node() {
        return Option.none();
    }

    /** {@code zone}. */
    @Value.Default
    default Option<String> zone() {
        return Option.none();
    }

    /** {@code hints.forZones}. */
    @Value.Default
    default Vector<String> zoneHints() {
        return Vector.empty();
    }

    /** {@code hints.forNodes}. */
    @Value.Default
    default Vector<String> nodeHints() {
        return Vector.empty();
    }

    /** {@code hostname}. */
    @Value.Default
    default Option<String> hostname() {
        return Option.none();
    }

    /** {@code namespace/name} of the pod in {@code targetRef}. */
    @Value.Default
    default Option<String> pod() {
        return Option.none();
    }

    /** Where the endpoint is in the snapshot. */
    Evidence evidence();

    /** Starts an endpoint. */
    static Builder builder() {
        return new Builder();
    }

    /** Builds an endpoint. */
    final class Builder extends ImmutableEndpoint.Builder {
        Builder() {}
    }
}
