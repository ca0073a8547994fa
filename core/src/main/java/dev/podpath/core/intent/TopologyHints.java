package dev.podpath.core.intent;

/** Which hints of EndpointSlices kube-proxy follows ({@code pkg/proxy/topology.go}; KEP-2433, KEP-3015). */
public enum TopologyHints {
    /** Hints for nodes before hints for zones, with no look at the service (1.34 and later). */
    NODES_THEN_ZONES,
    /** Hints for zones, with no look at the service (1.33, where node hints are behind a gate that is off). */
    ZONES,
    /** Hints for zones, where an annotation of the service or its trafficDistribution asks for them (1.24 to 1.32). */
    REQUESTED_ZONES,
    /** None (to 1.23, or with the feature gate off). */
    NONE
}
