package dev.podpath.proxy.nftables.parse;

import dev.podpath.ports.snapshot.Document;
import dev.podpath.proxy.nftables.rule.Chain;
import dev.podpath.proxy.nftables.rule.DataType;
import dev.podpath.proxy.nftables.rule.Elements;
import dev.podpath.proxy.nftables.rule.Family;
import dev.podpath.proxy.nftables.rule.Hook;
import dev.podpath.proxy.nftables.rule.NamedSet;
import dev.podpath.proxy.nftables.rule.Rule;
import dev.podpath.proxy.nftables.rule.Statement;
import dev.podpath.proxy.nftables.rule.Table;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@code nft -j list ruleset} prints (libnftables-json(5)), value by value and without a tree. Total: what cannot
 * be read is a located problem.
 */
final class JsonRuleset {
    private static final Rule[] NO_RULES = {};

    private final JsonScan scan;
    private final Values values;
    private final JsonExpr expressions;
    private final JsonElements elements;
    private final JsonRule rules;
    private final Problems problems;
    private final List<Table> tables = new ArrayList<>();
    private final JsonHeader header;
    private final List<Rule> collected = new ArrayList<>();
    private int[] items = new int[64];
    private int count;
    private @Nullable Chain filling;

    JsonRuleset(Document document, Problems problems) {
        this.problems = problems;
        this.scan = new JsonScan(document.bytes());
        this.header = new JsonHeader(scan, tables);
        this.values = new Values(document.bytes());
        this.expressions = new JsonExpr(scan, values);
        this.elements = new JsonElements(scan, values, expressions);
        this.rules = new JsonRule(scan, values, expressions, elements);
    }

    /** Where each item begins. */
    int[] items() {
        return Arrays.copyOf(items, count);
    }

    Vector<Table> read() {
        try {
            for (boolean more = scan.firstField(); more; more = scan.nextField()) {
                if (scan.word() == Word.NFTABLES) {
                    for (boolean item = scan.firstItem(); item; item = scan.nextItem()) {
                        item();
                    }
                } else {
                    scan.skip();
                }
            }
            if (scan.peek() != 0) {
                problems.at(scan.position(), "nothing after the rule set");
            }
        } catch (Broken broken) {
            problems.at(broken.place(), broken.expected());
            tables.forEach(table ->
                    table.damage("the document breaks off or is broken, " + broken.expected() + " is missing"));
        }
        flush();
        return Vector.ofAll(tables);
    }

    private void item() throws Broken {
        scan.peek();
        int start = scan.position();
        if (count == items.length) {
            items = Arrays.copyOf(items, count * 2);
        }
        items[count++] = start;
        if (!scan.firstField()) {
            return;
        }
        Word kind = scan.word();
        int place = scan.position();
        try {
            switch (kind) {
                case TABLE -> table(start);
                case CHAIN -> chain(start);
                case RULE -> rule(start);
                case SET -> set(start, false);
                case MAP -> set(start, true);
                default -> scan.skip();
            }
        } catch (Broken broken) {
            problems.at(broken.place(), broken.expected());
            scan.reset(place);
            scan.skip();
            damaged(kind, place, start);
        }
        while (scan.nextField()) {
            scan.skip();
        }
    }

    /** What an item that cannot be read does to the rest: a rule is one of unknown effect, more is a table in doubt. */
    private void damaged(Word kind, int place, int start) throws Broken {
        int end = scan.position();
        scan.reset(place);
        header.read();
        Option<Table> table = header.find();
        if (table.isDefined() && kind == Word.RULE && header.isNamed()) {
            Chain chain = table.get().chain(header.nameFrom(), header.nameTo(), header.nameHash());
            scan.reset(end);
            add(chain, new Rule(new Statement[] {new Statement.Unsupported(scan.slice(start))}, start));
        } else if (table.isDefined() && (kind == Word.SET || kind == Word.MAP) && header.isNamed()) {
            table.get()
                    .set(header.nameFrom(), header.nameTo(), header.nameHash())
                    .damage();
        } else if (table.isDefined()) {
            table.get().damage("an item of it cannot be read");
        } else {
            tables.forEach(other -> other.damage("an item cannot be read"));
        }
        scan.reset(end);
    }

    private void table(int start) throws Broken {
        header.clear();
        boolean dormant = false;
        for (boolean more = scan.firstField(); more; more = scan.nextField()) {
            if (scan.word() == Word.FLAGS) {
                int place = scan.position();
                scan.skip();
                dormant = scan.slice(place).contains("dormant");
            } else if (!header.field(scan.word())) {
                scan.skip();
            }
        }
        Option<Family> family = Family.parse(header.family());
        if (family.isEmpty() || !header.isNamed()) {
            throw new Broken(start, "family and name of a table");
        }
        Table table = new Table(family.get(), header.name(), scan.text(), start);
        if (dormant) {
            table.sleep();
        }
        tables.add(table);
    }

    private void chain(int start) throws Broken {
        header.clear();
        String type = "";
        String hook = "";
        String device = "";
        boolean drop = false;
        int priority = 0;
        for (boolean more = scan.firstField(); more; more = scan.nextField()) {
            switch (scan.word()) {
                case TYPE -> {
                    scan.scalar();
                    type = scan.token();
                }
                case HOOK -> {
                    scan.scalar();
                    hook = scan.token();
                }
                case POLICY -> {
                    scan.scalar();
                    drop = scan.word() == Word.DROP;
                }
                case PRIO -> priority = priority();
                case DEV -> {
                    int place = scan.position();
                    scan.skip();
                    device = scan.slice(place);
                }
                default -> {
                    if (!header.field(scan.word())) {
                        scan.skip();
                    }
                }
            }
        }
        Table table = header.table(start);
        if (!header.isNamed()) {
            throw new Broken(start, "the name of a chain");
        }
        Chain chain = table.chain(header.nameFrom(), header.nameTo(), header.nameHash());
        if (chain.isDefined()) {
            problems.at(start, "each chain once");
            table.damage("chain " + chain.name() + " is listed twice");
        }
        if (type.isEmpty() && hook.isEmpty()) {
            chain.define(start, null);
            return;
        }
        Option<Hook> known = Hook.parse(hook);
        if (known.isEmpty()) {
            throw new Broken(start, "a hook such as prerouting");
        }
        Chain.Type kind = switch (type) {
            case "filter" -> Chain.Type.FILTER;
            case "nat" -> Chain.Type.NAT;
            case "route" -> Chain.Type.ROUTE;
            default -> Chain.Type.OTHER;
        };
        chain.define(start, new Chain.Base(kind, known.get(), priority, drop, device));
    }

    private int priority() throws Broken {
        scan.scalar();
        boolean minus = scan.from() < scan.to() && scan.text()[scan.from()] == '-';
        long number = values.decimal(minus ? scan.from() + 1 : scan.from(), scan.to());
        if (number < 0 || number > Integer.MAX_VALUE) {
            throw new Broken(scan.from(), "a priority");
        }
        return (int) (minus ? -number : number);
    }

    private void rule(int start) throws Broken {
        header.clear();
        int statements = -1;
        Statement[] read = null;
        for (boolean more = scan.firstField(); more; more = scan.nextField()) {
            if (scan.word() == Word.EXPR) {
                boolean told = header.isWhole();
                if (told) {
                    read = rules.read(header.table(start));
                } else {
                    statements = scan.position();
                    scan.skip();
                }
            } else if (!header.field(scan.word())) {
                scan.skip();
            }
        }
        Table table = header.table(start);
        if (!header.isNamed()) {
            throw new Broken(start, "the chain of a rule");
        }
        Chain chain = table.chain(header.nameFrom(), header.nameTo(), header.nameHash());
        if (read == null) {
            if (statements < 0) {
                throw new Broken(start, "the statements of a rule");
            }
            int end = scan.position();
            scan.reset(statements);
            read = rules.read(table);
            scan.reset(end);
        }
        if (read.length > 0) {
            add(chain, new Rule(read, start));
        }
    }

    /** The rules of a chain stand together; should they not, they are put together. */
    private void add(Chain chain, Rule rule) {
        if (chain != filling) {
            flush();
            filling = chain;
        }
        collected.add(rule);
    }

    private void flush() {
        Chain chain = filling;
        if (chain == null) {
            return;
        }
        Rule[] before = new Rule[chain.size()];
        for (int i = 0; i < before.length; i++) {
            before[i] = chain.rule(i);
        }
        Rule[] all = Arrays.copyOf(before, before.length + collected.size());
        for (int i = 0; i < collected.size(); i++) {
            all[before.length + i] = collected.get(i);
        }
        chain.rules(all.length == 0 ? NO_RULES : all);
        collected.clear();
        filling = null;
    }

    private void set(int start, boolean map) throws Broken {
        header.clear();
        List<DataType> types = new ArrayList<>();
        List<DataType> data = new ArrayList<>();
        Vector<String> flags = Vector.empty();
        int timeout = 0;
        int size = 0;
        int content = -1;
        for (boolean more = scan.firstField(); more; more = scan.nextField()) {
            switch (scan.word()) {
                case TYPE -> types(types);
                case MAP -> types(data);
                case FLAGS -> {
                    for (boolean flag = scan.firstItem(); flag; flag = scan.nextItem()) {
                        scan.scalar();
                        flags = flags.append(scan.token());
                    }
                }
                case TIMEOUT -> timeout = small();
                case SIZE -> size = small();
                case ELEM -> {
                    content = scan.position();
                    scan.skip();
                }
                default -> {
                    if (!header.field(scan.word())) {
                        scan.skip();
                    }
                }
            }
        }
        int end = scan.position();
        Table table = header.table(start);
        if (!header.isNamed() || types.isEmpty()) {
            throw new Broken(start, "name and type of a set");
        }
        NamedSet set = table.set(header.nameFrom(), header.nameTo(), header.nameHash());
        boolean known = !types.contains(DataType.OTHER) && !data.contains(DataType.OTHER);
        Elements read = Elements.NONE;
        if (content >= 0 && known) {
            scan.reset(content);
            read = elements.read(table, types.toArray(new DataType[0]), data.toArray(new DataType[0]), true);
        }
        scan.reset(end);
        set.define(
                new NamedSet.Definition(
                        map, Vector.ofAll(types), Vector.ofAll(data), flags.sorted(), timeout, size, start),
                read);
        if (content >= 0 && !known) {
            set.damage();
        }
    }

    private int small() throws Broken {
        scan.scalar();
        return (int) Math.max(0, Math.min(values.decimal(scan.from(), scan.to()), Integer.MAX_VALUE));
    }

    /** {@code "ipv4_addr"}, {@code ["ipv4_addr", "inet_service"]}, {@code "ipv4_addr . inet_service"}, or by {@code typeof}. */
    private void types(List<DataType> into) throws Broken {
        if (scan.peek() == '[') {
            for (boolean more = scan.firstItem(); more; more = scan.nextItem()) {
                scan.scalar();
                into.add(DataType.named(scan.token()));
            }
            return;
        }
        if (scan.peek() == '{') {
            int start = scan.position();
            if (scan.firstField() && scan.word() == Word.TYPEOF) {
                byExpression(into);
            } else {
                into.add(DataType.OTHER);
            }
            scan.reset(start);
            scan.skip();
            return;
        }
        scan.scalar();
        for (String part : scan.token().split(" \\. ", -1)) {
            into.add(DataType.named(part));
        }
    }

    private void byExpression(List<DataType> into) throws Broken {
        for (DataType type : RuleText.types(expressions.read())) {
            into.add(type);
        }
    }
}
