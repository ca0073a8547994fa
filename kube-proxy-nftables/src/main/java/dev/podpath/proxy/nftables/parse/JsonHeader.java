package dev.podpath.proxy.nftables.parse;

import dev.podpath.proxy.nftables.rule.Table;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The fields by which an item of a rule set says what it is and where it belongs: family, table, and name or chain. */
final class JsonHeader {
    private final JsonScan scan;
    private final List<Table> tables;
    private @Nullable Table last;
    private int familyFrom;
    private int familyTo;
    private int tableFrom;
    private int tableTo;
    private int nameFrom;
    private int nameTo;

    /** Finds its tables among those that were listed so far. */
    JsonHeader(JsonScan scan, List<Table> tables) {
        this.scan = scan;
        this.tables = tables;
    }

    /** Whether all three are there. */
    boolean isWhole() {
        return familyFrom >= 0 && tableFrom >= 0 && nameFrom >= 0;
    }

    /** Whether there is a name, or a chain. */
    boolean isNamed() {
        return nameFrom >= 0;
    }

    int nameFrom() {
        return nameFrom;
    }

    int nameTo() {
        return nameTo;
    }

    int nameHash() {
        return Word.hash(scan.text(), nameFrom, nameTo);
    }

    String name() {
        return text(nameFrom, nameTo);
    }

    String family() {
        return text(familyFrom, familyTo);
    }

    /** Reads family, table and name or chain of an item, and skips the rest. */
    void read() throws Broken {
        clear();
        for (boolean more = scan.firstField(); more; more = scan.nextField()) {
            if (!field(scan.word())) {
                scan.skip();
            }
        }
    }

    /** Forgets the item before. */
    void clear() {
        familyFrom = -1;
        tableFrom = -1;
        nameFrom = -1;
    }

    /** Reads the value of a field where it is one of these; else it is left to be read. */
    boolean field(Word field) throws Broken {
        switch (field) {
            case FAMILY -> {
                scan.scalar();
                familyFrom = scan.from();
                familyTo = scan.to();
                return true;
            }
            case TABLE -> {
                scan.scalar();
                tableFrom = scan.from();
                tableTo = scan.to();
                return true;
            }
            case NAME, CHAIN -> {
                scan.scalar();
                nameFrom = scan.from();
                nameTo = scan.to();
                return true;
            }
            default -> {
                return false;
            }
        }
    }

    private String text(int from, int to) {
        return from < 0 ? "" : new String(scan.text(), from, to - from, StandardCharsets.UTF_8);
    }

    private boolean same(String text, int from, int to) {
        if (from < 0 || text.length() != to - from) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) != scan.text()[from + i]) {
                return false;
            }
        }
        return true;
    }

    /** The table the item names; empty where none such was listed before. */
    Option<Table> find() {
        Table before = last;
        if (before != null && isHere(before)) {
            return Option.some(before);
        }
        for (Table table : tables) {
            if (isHere(table)) {
                last = table;
                return Option.some(table);
            }
        }
        Option<Table> other = Vector.ofAll(tables)
                .find(table -> table.name().equals(text(tableFrom, tableTo))
                        && table.family().text().equals(text(familyFrom, familyTo)));
        return other;
    }

    private boolean isHere(Table table) {
        return same(table.family().text(), familyFrom, familyTo) && same(table.name(), tableFrom, tableTo);
    }

    /** The same where there must be one, of an item that begins at a place. */
    Table table(int place) throws Broken {
        Option<Table> table = find();
        if (table.isEmpty()) {
            throw new Broken(place, "family and table of a table that is listed before");
        }
        return table.get();
    }
}
