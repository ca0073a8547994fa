package dev.podpath.proxy.nftables.rule;

import org.jspecify.annotations.Nullable;

/** A chain of rules. One that rules name and that is not listed has no rules and is not known. */
public final class Chain {
    private static final Rule[] NO_RULES = {};

    private final Table table;
    private final int number;
    private Rule[] rules = NO_RULES;
    private int place = -1;
    private boolean defined;
    private @Nullable Base base;

    /** Types of base chains. */
    public enum Type {
        /** Lets pass or not. */
        FILTER,
        /** Asked for the first packet of a connection only. */
        NAT,
        /** May make the kernel look for another route. */
        ROUTE,
        /** One that is not known. */
        OTHER
    }

    /**
     * What makes a chain a base chain.
     *
     * @param type its type
     * @param hook where it is called
     * @param priority order among the chains of a hook, lower first
     * @param drop whether its policy is to drop
     * @param device the device, in families where one belongs to it
     */
    public record Base(Type type, Hook hook, int priority, boolean drop, String device) {}

    Chain(Table table, int number) {
        this.table = table;
        this.number = number;
    }

    /** Begins it; for readers. */
    public void define(int where, @Nullable Base how) {
        defined = true;
        place = where;
        base = how;
    }

    /** Gives it its rules; for readers. The array is taken over. */
    @SuppressWarnings("EI_EXPOSE_REP2")
    public void rules(Rule[] all) {
        rules = all;
    }

    /** The table. */
    public Table table() {
        return table;
    }

    /** Its number in the table. */
    public int number() {
        return number;
    }

    /** Its name. */
    public String name() {
        return table.chainName(number);
    }

    /** Whether it was listed. */
    public boolean isDefined() {
        return defined;
    }

    /** Where in the document it begins. */
    public int place() {
        return place;
    }

    /** What makes it a base chain; null for another. */
    public @Nullable Base base() {
        return base;
    }

    /** How many rules there are. */
    public int size() {
        return rules.length;
    }

    /** A rule. */
    public Rule rule(int i) {
        return rules[i];
    }

    @Override
    public String toString() {
        return name();
    }
}
