package dev.podpath.core.location;

import dev.podpath.core.cluster.ServicePortRef;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.trace.Location;
import io.vavr.control.Option;

/**
 * An address that is taken for a pod's.
 *
 * @param address address and port
 * @param service the service port on whose behalf the request comes: the pod must be a live endpoint of it
 * @param flow what travels along
 */
public record PodPort(AddressPort address, Option<ServicePortRef> service, Flow flow) implements Location {
    @Override
    public String label() {
        return "pod address " + address;
    }
}
