package dev.podpath.testkit.fault;

import io.vavr.collection.Vector;

/**
 * The known faults of rules in nftables mode. In rules written with kube-proxy's defaults and a local detector each changes
 * what happens to some packet, wherever it is put.
 */
public final class NftFaults {
    private NftFaults() {}

    /** All of them. */
    public static Vector<Fault> all() {
        return NftEndpointFaults.all().appendAll(NftChoiceFaults.all()).appendAll(NftServiceFaults.all());
    }

    /** What other modes left on the node: no packet shows it, and a finding tells of it. */
    public static Vector<Fault> leftovers() {
        return ModeLeftovers.all();
    }
}
