package dev.podpath.proxy.iptables.rule;

import dev.podpath.ports.plugin.DocumentReport;
import dev.podpath.ports.snapshot.Document;
import io.vavr.collection.Vector;

/** The rules of one address family of a node, as one document gives them. Immutable. */
@SuppressWarnings("EnumOrdinal")
public final class Ruleset {
    private final Document document;
    private final boolean v6;
    private final Table[] tables;
    private final boolean[] present;
    private final Names labels;
    private final Vector<String> notes;
    private final DocumentReport report;

    /**
     * The rules of a document.
     *
     * @param tables one for each {@link TableName}, where the document has it
     * @param labels names of interfaces, sets and lists that instructions refer to by number
     * @param notes what must be said beside every result from these rules
     */
    public Ruleset(
            Document document,
            boolean v6,
            Vector<Table> tables,
            Names labels,
            Vector<String> notes,
            DocumentReport report) {
        this.document = document;
        this.v6 = v6;
        this.tables = new Table[TableName.values().length];
        this.present = new boolean[this.tables.length];
        for (TableName name : TableName.values()) {
            this.tables[name.ordinal()] = Table.empty(name, v6);
        }
        for (Table table : tables) {
            this.tables[table.name().ordinal()] = table;
            this.present[table.name().ordinal()] = true;
        }
        this.labels = labels;
        this.notes = notes;
        this.report = report;
    }

    /** The document the rules come from. */
    public Document document() {
        return document;
    }

    /** Whether the rules are those of IPv6. */
    public boolean isV6() {
        return v6;
    }

    /** A table; where the document has none, one without chains. */
    public Table table(TableName name) {
        return tables[name.ordinal()];
    }

    /** Whether the document has this table. */
    public boolean has(TableName name) {
        return present[name.ordinal()];
    }

    /** The name of an interface, set or list. */
    public String label(int number) {
        return labels.name(number);
    }

    /** The names of interfaces, sets and lists. */
    public Names labels() {
        return labels;
    }

    /** What must be said beside every result from these rules. */
    public Vector<String> notes() {
        return notes;
    }

    /** How much of the document was understood. */
    public DocumentReport report() {
        return report;
    }

    /** Number of rules in all tables. */
    public int ruleCount() {
        int count = 0;
        for (Table table : tables) {
            count += table.ruleCount();
        }
        return count;
    }
}
