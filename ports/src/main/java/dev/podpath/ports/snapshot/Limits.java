package dev.podpath.ports.snapshot;

/**
 * Bounds on what is taken into memory from a snapshot, against archives made to exhaust it.
 *
 * @param files how many files at most
 * @param bytesPerFile size of one file at most, uncompressed
 * @param bytes size of all files at most, uncompressed
 */
record Limits(int files, long bytesPerFile, long bytes) {
    /** Room for a cluster of thousands of nodes. */
    static final Limits DEFAULT = new Limits(200_000, 1L << 30, 8L << 30);
}
