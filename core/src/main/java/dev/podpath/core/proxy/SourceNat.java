package dev.podpath.core.proxy;

import dev.podpath.core.net.IpAddress;
import io.vavr.collection.Vector;

/** What becomes of the source address of a packet that leaves a node. */
public sealed interface SourceNat {
    /** The source stays. */
    static SourceNat kept() {
        return new Kept();
    }

    /** The source stays. */
    record Kept() implements SourceNat {}

    /**
     * The source becomes the address of the interface the packet leaves by.
     *
     * @param candidates the addresses that can be, where they are known; empty where not
     */
    record Masquerade(Vector<IpAddress> candidates) implements SourceNat {}

    /**
     * The source becomes one of these addresses.
     *
     * @param addresses at least one
     */
    record Snat(Vector<IpAddress> addresses) implements SourceNat {}

    /**
     * It cannot be told whether the source changes.
     *
     * @param why one sentence
     */
    record Unknown(String why) implements SourceNat {}

    /** Whether the source changes for certain. */
    default boolean isTranslated() {
        return this instanceof Masquerade || this instanceof Snat;
    }
}
