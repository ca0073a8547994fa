package dev.podpath.proxy.iptables.rule;

import dev.podpath.ports.snapshot.Document;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/** The sets of a node. */
public final class IpSets {
    private final Option<Document> document;
    private final java.util.Map<String, IpSet> sets;
    private final java.util.Map<String, Vector<String>> lists;

    IpSets(Option<Document> document, java.util.Map<String, IpSet> sets, java.util.Map<String, Vector<String>> lists) {
        this.document = document;
        this.sets = java.util.Map.copyOf(sets);
        this.lists = java.util.Map.copyOf(lists);
    }

    /** No set was captured. */
    public static IpSets none() {
        return new IpSets(Option.none(), java.util.Map.of(), java.util.Map.of());
    }

    /** The document the sets come from; empty where it was not captured. */
    public Option<Document> document() {
        return document;
    }

    /** The set of this name. */
    public Option<IpSet> set(String name) {
        return Option.of(sets.get(name));
    }

    /** The members of a {@code list:set}, in order; empty where there is no such list. */
    public Option<Vector<String>> list(String name) {
        return Option.of(lists.get(name));
    }

    /** Names of all sets and lists, sorted. */
    public Vector<String> names() {
        return Vector.ofAll(sets.keySet()).appendAll(lists.keySet()).sorted();
    }
}
