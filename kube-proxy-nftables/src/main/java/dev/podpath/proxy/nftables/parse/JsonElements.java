package dev.podpath.proxy.nftables.parse;

import dev.podpath.proxy.nftables.rule.Content;
import dev.podpath.proxy.nftables.rule.DataType;
import dev.podpath.proxy.nftables.rule.Elements;
import dev.podpath.proxy.nftables.rule.ElementsBuilder;
import dev.podpath.proxy.nftables.rule.Expr;
import dev.podpath.proxy.nftables.rule.NamedSet;
import dev.podpath.proxy.nftables.rule.Table;
import dev.podpath.proxy.nftables.rule.Verdict;

/** Reads the elements of sets and maps, and verdicts, in JSON. */
final class JsonElements {
    private final JsonScan scan;
    private final Values values;
    private final JsonExpr expressions;
    private final ElementsBuilder builder = new ElementsBuilder();

    JsonElements(JsonScan scan, Values values, JsonExpr expressions) {
        this.scan = scan;
        this.values = values;
        this.expressions = expressions;
    }

    /** {@code "@name"} or {@code {"set": [...]}}. */
    Content content(Table table, Expr key, DataType[] data) throws Broken {
        if (scan.peek() == '"') {
            return named(table);
        }
        int place = scan.position();
        if (!scan.firstField() || scan.word() != Word.SET) {
            throw new Broken(place, "a set");
        }
        Elements own = read(table, RuleText.types(key), data, false);
        while (scan.nextField()) {
            scan.skip();
        }
        return own;
    }

    /** The set whose name stands after an at sign. */
    NamedSet named(Table table) throws Broken {
        scan.string();
        int from = scan.from() + 1;
        if (scan.from() >= scan.to() || scan.text()[scan.from()] != '@') {
            throw new Broken(scan.from(), "the name of a set after @");
        }
        return table.set(from, scan.to(), Word.hash(scan.text(), from, scan.to()));
    }

    /** Reads an array of elements; see {@link ElementsText#read}. */
    Elements read(Table table, DataType[] types, DataType[] data, boolean withPlaces) throws Broken {
        builder.build(false);
        boolean verdicts = data.length == 1 && data[0] == DataType.VERDICT;
        for (boolean more = scan.firstItem(); more; more = scan.nextItem()) {
            builder.begin(scan.position());
            if (scan.peek() == '[') {
                int place = scan.position();
                if (!scan.firstItem()) {
                    throw new Broken(place, "a key and a value");
                }
                key(types);
                if (!scan.nextItem()) {
                    throw new Broken(place, "a key and a value");
                }
                if (verdicts) {
                    builder.verdict(verdict(table));
                } else {
                    value(data);
                }
                if (scan.nextItem()) {
                    throw new Broken(place, "a key and a value");
                }
            } else {
                key(types);
            }
            builder.end();
        }
        if (builder.isUneven()) {
            throw new Broken(scan.position(), "elements with equally many fields");
        }
        return builder.build(withPlaces);
    }

    private void key(DataType[] types) throws Broken {
        if (scan.peek() == '{') {
            int start = scan.position();
            scan.firstField();
            if (scan.word() == Word.ELEM) {
                boolean found = false;
                for (boolean more = scan.firstField(); more; more = scan.nextField()) {
                    if (scan.word() == Word.VAL) {
                        key(types);
                        found = true;
                    } else {
                        scan.skip();
                    }
                }
                if (!found || scan.nextField()) {
                    throw new Broken(start, "an element");
                }
                return;
            }
            if (scan.word() == Word.CONCAT) {
                int field = 0;
                for (boolean more = scan.firstItem(); more; more = scan.nextItem()) {
                    field(types, field++);
                }
                if (field != types.length || scan.nextField()) {
                    throw new Broken(start, "an element of " + types.length + " fields");
                }
                return;
            }
            scan.reset(start);
        }
        if (scan.peek() == '"') {
            int start = scan.position();
            scan.string();
            if (scan.to() - scan.from() == 1 && scan.text()[scan.from()] == '*') {
                builder.otherwise();
                return;
            }
            scan.reset(start);
        }
        if (types.length != 1) {
            throw new Broken(scan.position(), "an element of " + types.length + " fields");
        }
        field(types, 0);
    }

    private void field(DataType[] types, int field) throws Broken {
        int place = scan.position();
        DataType type = types[Math.min(field, types.length - 1)];
        if (field >= types.length || !expressions.value(type)) {
            throw new Broken(place, "a value of type " + type.text());
        }
        builder.field(values.firstHigh, values.firstLow, values.lastHigh, values.lastLow);
    }

    private void value(DataType[] data) throws Broken {
        if (scan.peek() != '{') {
            datum(data, 0);
            return;
        }
        int start = scan.position();
        if (!scan.firstField() || scan.word() != Word.CONCAT) {
            throw new Broken(start, "a single value");
        }
        int field = 0;
        for (boolean more = scan.firstItem(); more; more = scan.nextItem()) {
            datum(data, field++);
        }
        if (scan.nextField()) {
            throw new Broken(start, "a single value");
        }
    }

    private void datum(DataType[] data, int field) throws Broken {
        int place = scan.position();
        DataType type = data.length == 0 ? guess() : data[Math.min(field, data.length - 1)];
        if (!expressions.value(type) || values.firstLow != values.lastLow || values.firstHigh != values.lastHigh) {
            throw new Broken(place, "a single value of type " + type.text());
        }
        builder.value(values.firstHigh, values.firstLow);
    }

    private DataType guess() throws Broken {
        int start = scan.position();
        DataType type = DataType.INTEGER;
        if (scan.peek() == '"') {
            scan.string();
            type = values.value(DataType.IPV4, scan.from(), scan.to()) ? DataType.IPV4 : DataType.IPV6;
            scan.reset(start);
        }
        return type;
    }

    /** Reads a verdict: {@code {"goto": {"target": "x"}}}. */
    int verdict(Table table) throws Broken {
        int place = scan.position();
        if (!scan.firstField()) {
            throw new Broken(place, "a verdict");
        }
        int verdict = verdict(table, scan.word(), place);
        if (scan.nextField()) {
            throw new Broken(place, "a verdict");
        }
        return verdict;
    }

    /** The verdict of this name, whose value comes next. */
    int verdict(Table table, Word word, int place) throws Broken {
        switch (word) {
            case JUMP -> {
                return Verdict.of(Verdict.JUMP, target(table));
            }
            case GOTO -> {
                return Verdict.of(Verdict.GOTO, target(table));
            }
            default -> {
                scan.skip();
                return switch (word) {
                    case ACCEPT -> Verdict.ACCEPT;
                    case DROP -> Verdict.DROP;
                    case RETURN -> Verdict.RETURN;
                    case CONTINUE -> Verdict.CONTINUE;
                    case QUEUE -> Verdict.QUEUE;
                    default -> throw new Broken(place, "a verdict");
                };
            }
        }
    }

    private int target(Table table) throws Broken {
        int place = scan.position();
        int chain = -1;
        for (boolean more = scan.firstField(); more; more = scan.nextField()) {
            if (scan.word() == Word.TARGET) {
                scan.string();
                chain = table.chain(scan.from(), scan.to(), scan.hash()).number();
            } else {
                scan.skip();
            }
        }
        if (chain < 0) {
            throw new Broken(place, "the target of a jump");
        }
        return chain;
    }
}
