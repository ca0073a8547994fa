package dev.podpath.testkit.reference;

/** Which hints of EndpointSlices kube-proxy follows. */
public enum TopologyHints {
    /** Hints for nodes before hints for zones, with no look at the service (1.34 and later, with the gate on). */
    NODES_THEN_ZONES,
    /** Hints for zones, where an annotation of the service asks for it (to 1.32). */
    ANNOTATED_ZONES,
    /** None. */
    IGNORED
}
