package dev.podpath.testkit.fault;

import io.vavr.collection.Vector;

/**
 * The known faults of rules in iptables mode. In rules written with kube-proxy's defaults and a local detector each
 * changes what happens to some packet, wherever it is put.
 */
public final class Faults {
    private Faults() {}

    /** All of them. */
    public static Vector<Fault> all() {
        return EndpointFaults.all()
                .appendAll(ChoiceFaults.all())
                .appendAll(ServiceFaults.all())
                .appendAll(PolicyFaults.all());
    }

    /**
     * The fault of this name.
     *
     * @throws IllegalArgumentException where there is none
     */
    public static Fault named(String name) {
        return all().find(fault -> fault.name().equals(name))
                .getOrElseThrow(() -> new IllegalArgumentException("no fault " + name));
    }
}
