package dev.podpath.proxy.nftables.parse;

import dev.podpath.proxy.nftables.rule.DataType;
import dev.podpath.proxy.nftables.rule.Elements;
import dev.podpath.proxy.nftables.rule.NamedSet;
import dev.podpath.proxy.nftables.rule.Selector;
import dev.podpath.proxy.nftables.rule.Table;
import io.vavr.collection.Vector;
import java.util.ArrayList;
import java.util.List;

/** Reads the blocks of sets and maps. */
final class SetText {
    private final Scan scan;
    private final Values values;
    private final ElementsText elements;
    private final Problems problems;

    SetText(Scan scan, Values values, ElementsText elements, Problems problems) {
        this.scan = scan;
        this.values = values;
        this.elements = elements;
        this.problems = problems;
    }

    /** Reads a block whose opening brace was the last token. */
    void read(Table table, NamedSet set, boolean map, int place) throws Broken {
        List<DataType> types = new ArrayList<>();
        List<DataType> data = new ArrayList<>();
        Vector<String> flags = Vector.empty();
        int timeout = 0;
        int size = 0;
        Elements content = Elements.NONE;
        boolean whole = true;
        int token = scan.nextAcrossLines();
        while (token != Scan.CLOSE) {
            if (token == Scan.END) {
                throw new Broken(scan.from(), "a closing brace");
            }
            switch (scan.word()) {
                case TYPE, TYPEOF -> types(types, data, scan.word() == Word.TYPEOF);
                case FLAGS -> flags = flags(flags);
                case TIMEOUT -> {
                    scan.next();
                    timeout = (int) Math.max(0, Math.min(values.seconds(scan.from(), scan.to()), Integer.MAX_VALUE));
                    scan.skipLine();
                }
                case SIZE -> {
                    scan.next();
                    size = (int) Math.max(0, Math.min(values.decimal(scan.from(), scan.to()), Integer.MAX_VALUE));
                }
                case ELEMENTS -> {
                    scan.next();
                    if (scan.nextAcrossLines() != Scan.OPEN) {
                        throw new Broken(scan.from(), "elements in braces");
                    }
                    if (types.isEmpty() || types.contains(DataType.OTHER) || data.contains(DataType.OTHER)) {
                        scan.skipBlock();
                        whole = false;
                    } else {
                        content = elements(table, types, data);
                        whole = content != Elements.NONE;
                    }
                }
                default -> scan.skipLine();
            }
            token = scan.nextAcrossLines();
        }
        set.define(
                new NamedSet.Definition(
                        map, Vector.ofAll(types), Vector.ofAll(data), flags.sorted(), timeout, size, place),
                content);
        if (!whole) {
            set.damage();
        }
    }

    private Elements elements(Table table, List<DataType> types, List<DataType> data) {
        int start = scan.position();
        try {
            return elements.read(table, types.toArray(new DataType[0]), data.toArray(new DataType[0]), true);
        } catch (Broken broken) {
            problems.at(broken.place(), broken.expected());
            scan.reset(start);
            scan.skipBlock();
            return Elements.NONE;
        }
    }

    private Vector<String> flags(Vector<String> before) {
        Vector<String> flags = before;
        int token = scan.next();
        while (token == Scan.WORD || token == Scan.COMMA) {
            if (token == Scan.WORD) {
                flags = flags.append(scan.token());
            }
            token = scan.next();
        }
        if (token == Scan.CLOSE) {
            scan.reset(scan.from());
        }
        return flags;
    }

    /** {@code type ipv4_addr . inet_service : verdict}, or the same by expressions. */
    private void types(List<DataType> types, List<DataType> data, boolean byExpression) {
        List<DataType> into = types;
        int from = -1;
        int to = -1;
        int token = scan.next();
        while (true) {
            boolean end = token != Scan.WORD;
            if (end || scan.is(".") || scan.is(":")) {
                String text = from < 0 ? "" : scan.slice(from, to);
                // The row "saddr . iif oif" is one expression, so a piece that is none yet goes on.
                if (from >= 0) {
                    into.add(byExpression ? typeOf(text) : DataType.named(text));
                }
                from = -1;
                if (end) {
                    break;
                }
                into = scan.is(":") ? data : into;
            } else {
                from = from < 0 ? scan.from() : from;
                to = scan.to();
            }
            token = scan.next();
        }
        if (token == Scan.CLOSE) {
            scan.reset(scan.from());
        }
    }

    private static DataType typeOf(String text) {
        if (text.equals("verdict")) {
            return DataType.VERDICT;
        }
        if (text.startsWith("numgen ") || text.startsWith("jhash ") || text.startsWith("symhash ")) {
            return DataType.INTEGER;
        }
        return Selector.named(text).map(Selector::type).getOrElse(DataType.OTHER);
    }
}
