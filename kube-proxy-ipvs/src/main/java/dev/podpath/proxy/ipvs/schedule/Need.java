package dev.podpath.proxy.ipvs.schedule;

/** What a choice depends on that is not known. */
public enum Need {
    /** The order of the kernel's list of real servers. */
    LIST_ORDER,
    /** The connections of the real servers. */
    CONNECTIONS,
    /** The weights of the real servers. */
    WEIGHTS,
    /** The connection thresholds, or on which side of them a real server was last. */
    THRESHOLDS,
    /** The flags of the scheduler. */
    FLAGS,
    /** The packet's source. */
    SOURCE,
    /** The packet's source port. */
    SOURCE_PORT,
    /** Whose turn it is, or what the scheduler remembers of a destination; in no dump. */
    MEMORY,
    /** Weights of real servers before they were set to 0; in no dump. */
    FORMER_WEIGHTS
}
