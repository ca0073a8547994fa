package dev.podpath.bench;

/** nftables mode. */
public class NftablesBenchmark extends ModeBenchmark {
    /** Made by the harness. */
    public NftablesBenchmark() {
        super(Subject.NFTABLES);
    }
}
