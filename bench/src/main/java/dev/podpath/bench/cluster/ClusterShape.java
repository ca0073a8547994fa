package dev.podpath.bench.cluster;

/**
 * How large a cluster is and what its services are like. Equal shapes give equal clusters. The parts are of all services,
 * 0 to 1, and are met on average.
 *
 * @param services how many services, 1 to 1,000,000, each with one port
 * @param endpoints how many endpoints a service has, 0 to 250
 * @param nodePorts part of the services that are of type NodePort
 * @param loadBalancers part that is of type LoadBalancer, each with an address
 * @param affinity part with client affinity
 * @param empty part without endpoints
 * @param seed of the choices
 */
public record ClusterShape(
        int services, int endpoints, double nodePorts, double loadBalancers, double affinity, double empty, long seed) {
    /** Checks the ranges. */
    public ClusterShape {
        if (services < 1 || services > 1_000_000) {
            throw new IllegalArgumentException("services: " + services + ", expected 1 to 1000000");
        }
        if (endpoints < 0 || endpoints > 250) {
            throw new IllegalArgumentException("endpoints: " + endpoints + ", expected 0 to 250");
        }
        checkPart("node ports", nodePorts);
        checkPart("load balancers", loadBalancers);
        checkPart("node ports and load balancers together", nodePorts + loadBalancers);
        checkPart("affinity", affinity);
        checkPart("empty", empty);
    }

    /** A usual mix: 2 % NodePort, 1 % LoadBalancer, 2 % with affinity, 1 % empty. */
    public static ClusterShape usual(int services, int endpoints) {
        return new ClusterShape(services, endpoints, 0.02, 0.01, 0.02, 0.01, 1);
    }

    /** Nothing but cluster addresses with endpoints. */
    public static ClusterShape plain(int services, int endpoints) {
        return new ClusterShape(services, endpoints, 0, 0, 0, 0, 1);
    }

    private static void checkPart(String name, double part) {
        if (!(part >= 0 && part <= 1)) {
            throw new IllegalArgumentException(name + ": " + part + ", expected 0 to 1");
        }
    }
}
