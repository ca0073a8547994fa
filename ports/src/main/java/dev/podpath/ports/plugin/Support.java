package dev.podpath.ports.plugin;

/** How well a line, rule or record of a document is understood. */
public enum Support {
    /** Understood and modelled exactly. */
    FULL,
    /** Modelled with limits that the result states. */
    LIMITED,
    /** Known, and it matters, but it is not modelled: where it decides, the result is UNKNOWN. */
    UNIMPLEMENTED,
    /** Known not to matter to a request's path. */
    IRRELEVANT,
    /** Not known at all. */
    UNRECOGNIZED
}
