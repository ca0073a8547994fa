package dev.podpath.proxy.nftables.rule;

/** What a set or map holds: its own elements, written in the rule, or those of a set with a name. */
public sealed interface Content permits Elements, NamedSet {
    /** The elements; none where the set was not listed. */
    Elements elements();
}
