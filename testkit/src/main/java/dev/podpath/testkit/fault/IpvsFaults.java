package dev.podpath.testkit.fault;

import io.vavr.collection.Vector;

/**
 * The known faults of a node in IPVS mode. In documents written with kube-proxy's defaults and a local detector each
 * changes what happens to some packet, or shows in what is said of it, wherever it is put.
 */
public final class IpvsFaults {
    private IpvsFaults() {}

    /** All of them. */
    public static Vector<Fault> all() {
        return RealServerFaults.all().appendAll(VirtualServerFaults.all());
    }
}
