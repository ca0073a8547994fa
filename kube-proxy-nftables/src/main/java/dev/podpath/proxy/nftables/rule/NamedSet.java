package dev.podpath.proxy.nftables.rule;

import io.vavr.collection.Vector;

/**
 * A set or map with a name. Rules may name one that is listed later or not at all, so it is made when it is first named
 * and filled when its block is read; after reading it does not change.
 */
public final class NamedSet implements Content {
    private final String name;
    private boolean defined;
    private boolean damaged;
    private boolean updated;
    private Definition definition = new Definition(false, Vector.empty(), Vector.empty(), Vector.empty(), 0, 0, -1);
    private Elements elements = Elements.NONE;

    /**
     * How a set is declared.
     *
     * @param map whether its elements have values
     * @param types types of the fields of its keys
     * @param values types of the fields of its values
     * @param flags {@code interval}, {@code timeout}, {@code dynamic}, {@code constant}
     * @param timeout seconds after which an element goes, 0 for never
     * @param size how many elements fit, 0 where it does not say
     * @param place where in the document the block begins
     */
    public record Definition(
            boolean map,
            Vector<DataType> types,
            Vector<DataType> values,
            Vector<String> flags,
            int timeout,
            int size,
            int place) {}

    /** A set of this name. */
    NamedSet(String name) {
        this.name = name;
    }

    /** Its name. */
    public String name() {
        return name;
    }

    /** Fills it in; for readers. */
    public void define(Definition how, Elements with) {
        definition = how;
        elements = with;
        defined = true;
    }

    /** Says that its block could not be read; for readers. */
    public void damage() {
        damaged = true;
    }

    /** Says that a rule adds to it or takes from it; for readers. */
    public void update() {
        updated = true;
    }

    /** Whether its block was listed and could be read. */
    public boolean isKnown() {
        return defined && !damaged;
    }

    /** Whether rules add elements to it, so that what it holds depends on earlier packets. */
    public boolean isUpdated() {
        return updated;
    }

    /** How it is declared. */
    public Definition definition() {
        return definition;
    }

    @Override
    public Elements elements() {
        return elements;
    }
}
