package dev.podpath.proxy.nftables.rule;

import io.vavr.control.Option;
import java.util.Locale;

/** Places in the stack where base chains are called (include/uapi/linux/netfilter.h, NF_INET_*). */
public enum Hook {
    /** Before the kernel decides whether a packet is for the node. */
    PREROUTING,
    /** On its way to the node itself. */
    INPUT,
    /** On its way through the node. */
    FORWARD,
    /** From the node itself. */
    OUTPUT,
    /** About to leave. */
    POSTROUTING,
    /** On a device, before the stack. */
    INGRESS,
    /** On a device, after the stack. */
    EGRESS;

    /** As nft writes it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether destinations are translated here, where translation is done at all. */
    public boolean translatesDestinations() {
        return this == PREROUTING || this == OUTPUT;
    }

    /** The hook of this name. */
    public static Option<Hook> parse(String text) {
        for (Hook hook : values()) {
            if (hook.text().equals(text)) {
                return Option.some(hook);
            }
        }
        return Option.none();
    }
}
