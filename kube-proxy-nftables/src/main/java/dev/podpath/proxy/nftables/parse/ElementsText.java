package dev.podpath.proxy.nftables.parse;

import dev.podpath.proxy.nftables.rule.DataType;
import dev.podpath.proxy.nftables.rule.Elements;
import dev.podpath.proxy.nftables.rule.ElementsBuilder;
import dev.podpath.proxy.nftables.rule.Table;
import dev.podpath.proxy.nftables.rule.Verdict;

/** Reads the elements of sets and maps between braces, and verdicts. */
final class ElementsText {
    private final Scan scan;
    private final Values values;
    private final ElementsBuilder builder = new ElementsBuilder();

    ElementsText(Scan scan, Values values) {
        this.scan = scan;
        this.values = values;
    }

    /**
     * Reads up to the closing brace.
     *
     * @param types types of the fields of a key
     * @param data types of the fields of a value; empty where what stands there tells
     */
    Elements read(Table table, DataType[] types, DataType[] data, boolean withPlaces) throws Broken {
        builder.build(false);
        int token = scan.nextAcrossLines();
        while (token != Scan.CLOSE) {
            builder.begin(scan.from());
            token = key(types);
            token = attributes(token);
            if (token == Scan.WORD && scan.is(":")) {
                token = value(table, data);
                token = attributes(token);
            }
            builder.end();
            if (token == Scan.COMMA) {
                token = scan.nextAcrossLines();
            } else if (token != Scan.CLOSE) {
                throw new Broken(scan.from(), "a comma or a closing brace after an element");
            }
        }
        if (builder.isUneven()) {
            throw new Broken(scan.from(), "elements with equally many fields");
        }
        return builder.build(withPlaces);
    }

    private int key(DataType[] types) throws Broken {
        int field = 0;
        while (true) {
            if (scan.is("*") && field == 0) {
                builder.otherwise();
                return scan.nextAcrossLines();
            }
            if (scan.type() != Scan.WORD && scan.type() != Scan.STRING) {
                throw new Broken(scan.from(), "an element of a set");
            }
            DataType type = types[Math.min(field, types.length - 1)];
            if (field >= types.length || !values.range(type, scan.from(), scan.to())) {
                throw new Broken(scan.from(), "a value of type " + type.text());
            }
            builder.field(values.firstHigh, values.firstLow, values.lastHigh, values.lastLow);
            field++;
            int token = scan.nextAcrossLines();
            if (token != Scan.WORD || !scan.is(".")) {
                if (field < types.length) {
                    throw new Broken(scan.from(), "an element of " + types.length + " fields");
                }
                return token;
            }
            scan.nextAcrossLines();
        }
    }

    /** Counters, comments and times of an element. */
    private int attributes(int first) throws Broken {
        int token = first;
        while (token == Scan.WORD && !scan.is(":") || token == Scan.STRING) {
            token = scan.nextAcrossLines();
        }
        if (token == Scan.END) {
            throw new Broken(scan.from(), "a closing brace");
        }
        return token;
    }

    private int value(Table table, DataType[] data) throws Broken {
        int token = scan.nextAcrossLines();
        if (data.length == 1 && data[0] == DataType.VERDICT) {
            builder.verdict(verdict(table));
            return scan.nextAcrossLines();
        }
        int field = 0;
        while (true) {
            if (token != Scan.WORD) {
                throw new Broken(scan.from(), "the value of an element");
            }
            DataType type = data.length == 0 ? guess() : data[Math.min(field, data.length - 1)];
            if (!values.value(type, scan.from(), scan.to())) {
                throw new Broken(scan.from(), "a single value of type " + type.text());
            }
            builder.value(values.firstHigh, values.firstLow);
            field++;
            token = scan.nextAcrossLines();
            if (token != Scan.WORD || !scan.is(".")) {
                return token;
            }
            token = scan.nextAcrossLines();
        }
    }

    /** The type of a value that only its form tells. */
    private DataType guess() {
        return values.value(DataType.IPV4, scan.from(), scan.to())
                ? DataType.IPV4
                : values.value(DataType.IPV6, scan.from(), scan.to()) ? DataType.IPV6 : DataType.INTEGER;
    }

    /** The verdict the token begins; the last token of it is the current one afterwards. */
    int verdict(Table table) throws Broken {
        switch (scan.word()) {
            case ACCEPT -> {
                return Verdict.ACCEPT;
            }
            case DROP -> {
                return Verdict.DROP;
            }
            case RETURN -> {
                return Verdict.RETURN;
            }
            case CONTINUE -> {
                return Verdict.CONTINUE;
            }
            case QUEUE -> {
                return Verdict.QUEUE;
            }
            case JUMP -> {
                return Verdict.of(Verdict.JUMP, chain(table));
            }
            case GOTO -> {
                return Verdict.of(Verdict.GOTO, chain(table));
            }
            default -> throw new Broken(scan.from(), "a verdict");
        }
    }

    private int chain(Table table) throws Broken {
        int token = scan.next();
        if (token != Scan.WORD && token != Scan.STRING) {
            throw new Broken(scan.from(), "the name of a chain");
        }
        int hash = token == Scan.WORD ? scan.hash() : Word.hash(scan.text(), scan.from(), scan.to());
        return table.chain(scan.from(), scan.to(), hash).number();
    }
}
