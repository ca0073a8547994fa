package dev.podpath.testkit.arbitrary;

import dev.podpath.core.net.Protocol;
import java.util.List;

/**
 * What distinguishes one generated service from another; names and addresses follow from its place in the cluster.
 *
 * @param kind what it is
 * @param families which address families it has
 * @param ports its ports, at least one
 * @param backends its pods
 * @param policy its traffic policies and the like
 * @param reach its addresses beside the cluster address
 */
record ServiceSpec(
        Kind kind, Families families, List<PortSpec> ports, List<BackendSpec> backends, Policy policy, Reach reach) {
    enum Kind {
        CLUSTER_IP,
        NODE_PORT,
        LOAD_BALANCER,
        HEADLESS,
        EXTERNAL_NAME
    }

    enum Families {
        FIRST,
        SECOND,
        BOTH;

        boolean hasV4() {
            return this != SECOND;
        }

        boolean hasV6() {
            return this != FIRST;
        }
    }

    /** The states an endpoint can be in. */
    enum State {
        READY(true, true, false),
        NOT_READY(false, false, false),
        DRAINING(false, true, true),
        GOING(false, false, true),
        /** As with {@code publishNotReadyAddresses}. */
        READY_WHILE_GOING(true, false, true);

        final boolean ready;
        final boolean serving;
        final boolean terminating;

        State(boolean ready, boolean serving, boolean terminating) {
            this.ready = ready;
            this.serving = serving;
            this.terminating = terminating;
        }
    }

    enum Hints {
        NONE,
        OWN_ZONE,
        SPREAD,
        NODES,
        ONE_MISSING
    }

    /** Who serves it, and how openly. */
    enum Owner {
        KUBE_PROXY,
        /** By the label {@code service.kubernetes.io/service-proxy-name}. */
        OTHERS
    }

    record PortSpec(Protocol protocol, int port, int target, boolean named) {}

    record BackendSpec(int node, State state, boolean twice) {}

    record Policy(
            boolean internalLocal,
            boolean externalLocal,
            boolean affinity,
            Hints hints,
            boolean publishNotReady,
            Owner owner) {}

    record Reach(int externalIps, boolean atNode, int loadBalancerIps, List<Integer> ranges, boolean nodePorts) {}
}
