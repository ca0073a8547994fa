package dev.podpath.bench;

/** IPVS mode. */
public class IpvsBenchmark extends ModeBenchmark {
    /** Made by the harness. */
    public IpvsBenchmark() {
        super(Subject.IPVS);
    }
}
