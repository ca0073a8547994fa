package dev.podpath.proxy.nftables.rule;

import dev.podpath.core.trace.Evidence;
import dev.podpath.ports.snapshot.Document;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.nio.charset.StandardCharsets;

/** All tables of a node, as nft listed them. */
public final class Ruleset {
    private static final int EXCERPT = 400;

    private final Document document;
    private final Vector<Table> tables;
    private final int[] items;
    private final boolean terse;
    private final Vector<String> notes;

    /**
     * What was read from a document.
     *
     * @param items for JSON, where each item of the array begins; nothing for text
     * @param notes what a result that relies on the rules must say
     */
    @SuppressWarnings("EI_EXPOSE_REP2")
    public Ruleset(Document document, Vector<Table> tables, int[] items, Vector<String> notes) {
        this.document = document;
        this.tables = tables;
        this.items = items;
        this.notes = notes;
        this.terse = Terse.suspected(tables);
    }

    /** The document. */
    public Document document() {
        return document;
    }

    /** The tables, in the order in which they are listed, which is that of their making. */
    public Vector<Table> tables() {
        return tables;
    }

    /** The table of this family and name. */
    public Option<Table> table(Family family, String name) {
        return tables.find(table -> table.family() == family && table.name().equals(name));
    }

    /** What a result that relies on the rules must say. */
    public Vector<String> notes() {
        return notes;
    }

    /** Whether the elements of the sets were left out ({@code nft -t}): no set has one, and chains hang in the air. */
    public boolean isTerse() {
        return terse;
    }

    /** How many rules there are. */
    public int ruleCount() {
        int count = 0;
        for (Table table : tables) {
            for (int chain = 0; chain < table.chainCount(); chain++) {
                count += table.chain(chain).size();
            }
        }
        return count;
    }

    /** The place of something in the document as evidence. */
    public Evidence evidence(int place) {
        if (place < 0) {
            return document.whole();
        }
        if (items.length == 0) {
            return document.line(document.lines().lineAt(place));
        }
        return Evidence.pointer(document.path(), "/nftables/" + item(place), excerpt(place));
    }

    /** A word for a place in a sentence: {@code line 7 of nft-ruleset.txt}. */
    public String where(int place) {
        if (place < 0) {
            return document.path();
        }
        return items.length == 0
                ? "line " + document.lines().lineAt(place) + " of " + document.path()
                : "/nftables/" + item(place) + " of " + document.path();
    }

    private int item(int place) {
        int from = 0;
        int to = items.length - 1;
        while (from < to) {
            int middle = (from + to + 1) >>> 1;
            if (items[middle] <= place) {
                from = middle;
            } else {
                to = middle - 1;
            }
        }
        return from;
    }

    /** The JSON value at a place. */
    private String excerpt(int place) {
        byte[] bytes = document.bytes();
        int depth = 0;
        int end = place;
        boolean quoted = false;
        while (end < bytes.length && end - place < EXCERPT) {
            byte b = bytes[end++];
            if (b == '"' && bytes[end - 2 < 0 ? 0 : end - 2] != '\\') {
                quoted = !quoted;
            }
            if (!quoted && (b == '{' || b == '[')) {
                depth++;
            }
            if (!quoted && (b == '}' || b == ']') && --depth <= 0) {
                break;
            }
        }
        String text = new String(bytes, place, end - place, StandardCharsets.UTF_8);
        return depth > 0 ? text + "…" : text;
    }
}
