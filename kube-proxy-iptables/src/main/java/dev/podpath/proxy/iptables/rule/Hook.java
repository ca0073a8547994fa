package dev.podpath.proxy.iptables.rule;

/** The points of the network stack where tables are consulted, named as their built-in chains. */
public enum Hook {
    /** A packet came in. */
    PREROUTING,
    /** It is for the node itself. */
    INPUT,
    /** It is for somebody else. */
    FORWARD,
    /** The node itself sends it. */
    OUTPUT,
    /** It is about to leave. */
    POSTROUTING
}
