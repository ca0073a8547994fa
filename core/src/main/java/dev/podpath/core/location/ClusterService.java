package dev.podpath.core.location;

import dev.podpath.core.cluster.ServicePortRef;
import dev.podpath.core.trace.Location;

/**
 * A port of a Kubernetes service, named as a service.
 *
 * @param service which service port
 * @param flow what travels along
 * @param vantage who calls it
 */
public record ClusterService(ServicePortRef service, Flow flow, Vantage vantage) implements Location {
    @Override
    public String label() {
        return "service " + service;
    }
}
