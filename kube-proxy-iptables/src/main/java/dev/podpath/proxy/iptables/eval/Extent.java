package dev.podpath.proxy.iptables.eval;

import dev.podpath.core.proxy.walk.Box;

/**
 * The packets for which a walk goes just as it does for one of them, kept by whoever partitions: what a walk asked about a
 * field narrows it. The fields are those of {@link Box}.
 */
interface Extent {
    /**
     * Whether a field is in a range was asked, or something that is the same for all values in a range; where the value
     * is not in the range, it is the same for all values outside.
     */
    void narrow(int field, long high, long low, long fromHigh, long fromLow, long toHigh, long toLow);

    /**
     * Something was asked of a port that is the same for some ports.
     *
     * @param same these ports
     * @param from first of those of them that are around this one without a gap
     * @param to last of those
     */
    void among(int field, int port, Ranges same, int from, int to);

    /** Something was asked that is the same for all values that this division of the addresses takes for alike. */
    void alike(int field, long high, long low, Cuts cuts);

    /** Something else was asked than what the fields tell as they stand. */
    void other();

    /** Whether a field has one value only, so that nothing more can narrow it. */
    boolean isSettled(int field);

    /** The result depends on the very value. */
    void pin(int field, long high, long low);
}
