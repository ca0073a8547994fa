package dev.podpath.core.verify;

/** The answer of a verification. */
public enum Result {
    /** For every packet that was looked at, the node does what is intended. */
    HOLDS,
    /** Something could not be told for want of evidence, and nothing is violated. */
    UNKNOWN,
    /** There is at least one packet with which the node does something else. */
    VIOLATED;

    /** The answer for both together: the worse one. */
    public Result and(Result other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
