package dev.podpath.bench;

/** iptables mode. */
public class IptablesBenchmark extends ModeBenchmark {
    /** Made by the harness. */
    public IptablesBenchmark() {
        super(Subject.IPTABLES);
    }
}
