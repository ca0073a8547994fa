package dev.podpath.proxy.nftables.rule;

import io.vavr.control.Option;
import java.util.Arrays;
import java.util.stream.IntStream;

/** A table: chains and sets of one family. */
public final class Table {
    private final Family family;
    private final String name;
    private final int place;
    private final Names chainNames;
    private final Names setNames;
    private Chain[] chains = new Chain[16];
    private NamedSet[] sets = new NamedSet[16];
    private Option<String> damage = Option.none();
    private boolean dormant;

    /** A table at a place of a document. */
    public Table(Family family, String name, byte[] text, int place) {
        this.family = family;
        this.name = name;
        this.place = place;
        this.chainNames = new Names(text);
        this.setNames = new Names(text);
    }

    /** Its family. */
    public Family family() {
        return family;
    }

    /** Its name. */
    public String name() {
        return name;
    }

    /** Family and name. */
    public String title() {
        return family.text() + " " + name;
    }

    /** Where in the document it begins. */
    public int place() {
        return place;
    }

    /** The chain whose name stands at a place of the document; for readers. */
    public Chain chain(int from, int to, int hash) {
        int number = chainNames.number(from, to, hash);
        if (number == chains.length) {
            chains = Arrays.copyOf(chains, number * 2);
        }
        Chain known = chains[number];
        if (known == null) {
            known = new Chain(this, number);
            chains[number] = known;
        }
        return known;
    }

    /** The set whose name stands at a place of the document; for readers. */
    public NamedSet set(int from, int to, int hash) {
        int number = setNames.number(from, to, hash);
        if (number == sets.length) {
            sets = Arrays.copyOf(sets, number * 2);
        }
        NamedSet known = sets[number];
        if (known == null) {
            known = new NamedSet(setNames.name(number));
            sets[number] = known;
        }
        return known;
    }

    /** How many chains are listed or named. */
    public int chainCount() {
        return chainNames.count();
    }

    /** A chain by its number. */
    public Chain chain(int number) {
        return chains[number];
    }

    /** The chain of this name. */
    public Option<Chain> chain(String called) {
        for (int i = 0; i < chainCount(); i++) {
            if (chains[i].name().equals(called)) {
                return Option.some(chains[i]);
            }
        }
        return Option.none();
    }

    String chainName(int number) {
        return chainNames.name(number);
    }

    /** How many sets are listed or named. */
    public int setCount() {
        return setNames.count();
    }

    /** A set by its number. */
    public NamedSet set(int number) {
        return sets[number];
    }

    /** The set of this name. */
    public Option<NamedSet> set(String called) {
        for (int i = 0; i < setCount(); i++) {
            if (sets[i].name().equals(called)) {
                return Option.some(sets[i]);
            }
        }
        return Option.none();
    }

    /** Where the chains are first named that are not listed. */
    public IntStream unlistedChains() {
        return IntStream.range(0, chainCount())
                .filter(number -> !chains[number].isDefined())
                .map(chainNames::place);
    }

    /** Where the sets and maps are first named that are not listed. */
    public IntStream unlistedSets() {
        return IntStream.range(0, setCount())
                .filter(number -> !sets[number].isKnown())
                .map(setNames::place);
    }

    /** Says what is not whole; for readers. Only the first is kept. */
    public void damage(String what) {
        damage = damage.orElse(Option.some(what));
    }

    /** What is not whole; empty where all of it could be read. */
    public Option<String> damage() {
        return damage;
    }

    /** Says that its base chains are not called; for readers. */
    public void sleep() {
        dormant = true;
    }

    /** Whether its base chains are not called (flag {@code dormant}). */
    public boolean isDormant() {
        return dormant;
    }

    @Override
    public String toString() {
        return title();
    }
}
