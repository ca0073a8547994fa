package dev.podpath.core.intent;

/** Whether a packet's source address is meant to change. */
public enum Masquerade {
    /** Whatever the endpoint. */
    ALWAYS,
    /** Only where the chosen endpoint is the sender itself. */
    HAIRPIN
}
