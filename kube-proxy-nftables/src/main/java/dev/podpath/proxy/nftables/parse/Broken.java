package dev.podpath.proxy.nftables.parse;

/** A place that cannot be read; caught by the reader of the block or rule it is in. */
final class Broken extends Exception {
    private static final long serialVersionUID = 1L;

    private final int place;
    private final String expected;

    Broken(int place, String expected) {
        super(expected, null, false, false);
        this.place = place;
        this.expected = expected;
    }

    /** Offset in the document. */
    int place() {
        return place;
    }

    String expected() {
        return expected;
    }
}
