package dev.podpath.proxy.nftables.parse;

import dev.podpath.ports.snapshot.Document;
import dev.podpath.proxy.nftables.rule.Chain;
import dev.podpath.proxy.nftables.rule.Family;
import dev.podpath.proxy.nftables.rule.Hook;
import dev.podpath.proxy.nftables.rule.NamedSet;
import dev.podpath.proxy.nftables.rule.Rule;
import dev.podpath.proxy.nftables.rule.Statement;
import dev.podpath.proxy.nftables.rule.Table;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads what {@code nft list ruleset} prints, with handles, counters, numbers or names. Total: what cannot be read is a
 * located problem; a rule in which something cannot be read is kept as one whose effect is not known.
 */
final class TextReader {
    private static final Rule[] NO_RULES = {};
    private static final int MOST_TABLES = 10_000;

    private final Scan scan;
    private final Values values;
    private final Problems problems;
    private final RuleText rules;
    private final SetText sets;
    private final List<Table> tables = new ArrayList<>();
    private final List<Rule> collected = new ArrayList<>();

    TextReader(Document document, Problems problems) {
        this.problems = problems;
        scan = new Scan(document.bytes());
        values = new Values(document.bytes());
        ElementsText elements = new ElementsText(scan, values);
        rules = new RuleText(scan, values, elements);
        sets = new SetText(scan, values, elements, problems);
    }

    Vector<Table> read() {
        for (int token = scan.nextAcrossLines(); token != Scan.END; token = scan.nextAcrossLines()) {
            if (scan.word() == Word.TABLE && tables.size() < MOST_TABLES) {
                table();
            } else {
                problems.at(scan.from(), "a table");
                scan.skipLine();
            }
        }
        return Vector.ofAll(tables);
    }

    private void table() {
        int place = scan.from();
        scan.next();
        Option<Family> family = Option.none();
        if (scan.type() == Scan.WORD && scan.peek() == Scan.WORD) {
            family = Family.parse(scan.token());
            if (family.isEmpty()) {
                problems.at(scan.from(), "the family of a table: ip, ip6, inet, arp, bridge or netdev");
                scan.skipLine();
                return;
            }
            scan.next();
        }
        boolean named = scan.type() == Scan.WORD || scan.type() == Scan.STRING;
        String name = scan.token();
        if (!named || scan.next() != Scan.OPEN) {
            problems.at(scan.from(), "the name of a table and an opening brace");
            scan.skipLine();
            return;
        }
        Table table = open(family.getOrElse(Family.IP), name, place);
        try {
            block(table);
        } catch (Broken broken) {
            problems.at(broken.place(), broken.expected());
            table.damage(broken.expected() + " is missing");
        }
    }

    /** A table that is listed in two blocks is one. */
    private Table open(Family family, String name, int place) {
        for (Table known : tables) {
            if (known.family() == family && known.name().equals(name)) {
                return known;
            }
        }
        Table made = new Table(family, name, scan.text(), place);
        tables.add(made);
        return made;
    }

    private void block(Table table) throws Broken {
        while (true) {
            int token = scan.nextAcrossLines();
            if (token == Scan.CLOSE) {
                return;
            }
            if (token == Scan.END) {
                throw new Broken(scan.from(), "a closing brace");
            }
            if (token == Scan.SEMICOLON) {
                continue;
            }
            int place = scan.from();
            switch (scan.word()) {
                case CHAIN -> chain(table, place);
                case SET -> set(table, false, place);
                case MAP -> set(table, true, place);
                case FLAGS -> flags(table);
                case COMMENT -> {
                    scan.next();
                    scan.next();
                }
                default -> other(place);
            }
        }
    }

    private void flags(Table table) {
        int token = scan.next();
        while (token == Scan.WORD || token == Scan.COMMA) {
            if (scan.is("dormant")) {
                table.sleep();
            }
            token = scan.next();
        }
        if (token == Scan.CLOSE) {
            scan.reset(scan.from());
        }
    }

    /** Counters, quotas, limits, helpers, flow tables: objects that rules name and that decide nothing here. */
    private void other(int place) throws Broken {
        int token = scan.type();
        while (token == Scan.WORD || token == Scan.STRING) {
            token = scan.next();
        }
        if (token != Scan.OPEN) {
            throw new Broken(place, "a chain, a set, a map or a closing brace");
        }
        scan.skipBlock();
    }

    private void set(Table table, boolean map, int place) throws Broken {
        scan.next();
        NamedSet set = table.set(scan.from(), scan.to(), Word.hash(scan.text(), scan.from(), scan.to()));
        boolean named = scan.type() == Scan.WORD || scan.type() == Scan.STRING;
        if (!named || scan.next() != Scan.OPEN) {
            throw new Broken(scan.from(), "the name of a set and an opening brace");
        }
        if (set.isKnown()) {
            problems.at(place, "each set once");
        }
        sets.read(table, set, map, place);
    }

    private void chain(Table table, int place) throws Broken {
        int token = scan.next();
        if (token != Scan.WORD && token != Scan.STRING) {
            throw new Broken(scan.from(), "the name of a chain");
        }
        int hash = token == Scan.WORD ? scan.hash() : Word.hash(scan.text(), scan.from(), scan.to());
        Chain chain = table.chain(scan.from(), scan.to(), hash);
        if (scan.next() != Scan.OPEN) {
            throw new Broken(scan.from(), "an opening brace");
        }
        if (chain.isDefined()) {
            problems.at(place, "each chain once");
            table.damage("chain " + chain.name() + " is listed twice");
        }
        chain.define(place, null);
        collected.clear();
        while (true) {
            token = scan.nextAcrossLines();
            if (token == Scan.CLOSE) {
                break;
            }
            if (token == Scan.END) {
                throw new Broken(scan.from(), "a closing brace");
            }
            if (token == Scan.SEMICOLON) {
                continue;
            }
            if (!line(table, chain, place)) {
                break;
            }
        }
        chain.rules(collected.isEmpty() ? NO_RULES : collected.toArray(NO_RULES));
    }

    /** Reads a line of a chain; false where the chain ended with it. */
    private boolean line(Table table, Chain chain, int place) {
        int start = scan.from();
        try {
            Word word = scan.word();
            if (word == Word.TYPE && collected.isEmpty()) {
                chain.define(place, base(table.family(), start));
                return true;
            }
            if (word == Word.POLICY || word == Word.COMMENT) {
                scan.next();
                boolean drop = scan.word() == Word.DROP;
                Chain.Base base = chain.base();
                if (word == Word.POLICY && base != null) {
                    chain.define(place, new Chain.Base(base.type(), base.hook(), base.priority(), drop, base.device()));
                }
                return true;
            }
            Statement[] statements = rules.read(table);
            if (statements.length > 0) {
                collected.add(new Rule(statements, start));
            }
            return scan.type() != Scan.CLOSE;
        } catch (Broken broken) {
            problems.at(broken.place(), broken.expected());
            scan.reset(start);
            scan.skipLine();
            collected.add(new Rule(
                    new Statement[] {new Statement.Unsupported(scan.slice(start, scan.position()))}, start));
            return true;
        }
    }

    /** {@code type nat hook prerouting device "eth0" priority dstnat - 10}. */
    private Chain.Base base(Family family, int start) throws Broken {
        scan.next();
        Chain.Type type = switch (scan.token()) {
            case "filter" -> Chain.Type.FILTER;
            case "nat" -> Chain.Type.NAT;
            case "route" -> Chain.Type.ROUTE;
            default -> Chain.Type.OTHER;
        };
        scan.next();
        boolean hooked = scan.word() == Word.HOOK;
        scan.next();
        Option<Hook> hook = Hook.parse(scan.token());
        if (!hooked || hook.isEmpty()) {
            throw new Broken(start, "type, hook and priority of a base chain");
        }
        String device = "";
        while (scan.next() == Scan.WORD && scan.word() != Word.PRIORITY) {
            if (scan.word() == Word.DEVICE) {
                scan.next();
                device = scan.token();
            } else if (scan.word() == Word.DEVICES) {
                int from = scan.position();
                int token = scan.next();
                while (token == Scan.WORD && scan.word() != Word.PRIORITY) {
                    token = scan.next();
                }
                if (scan.type() == Scan.OPEN) {
                    scan.skipBlock();
                }
                device = scan.slice(from, scan.position());
            }
        }
        if (scan.word() != Word.PRIORITY) {
            throw new Broken(scan.from(), "the priority of a base chain");
        }
        return new Chain.Base(type, hook.get(), priority(family), false, device);
    }

    private int priority(Family family) throws Broken {
        scan.next();
        String first = scan.token();
        int sum = 0;
        Option<Integer> named = Priorities.named(family, first);
        if (named.isDefined()) {
            sum = named.get();
        } else {
            boolean minus = first.startsWith("-");
            long number = values.decimal(minus ? scan.from() + 1 : scan.from(), scan.to());
            if (number < 0 || number > Integer.MAX_VALUE) {
                throw new Broken(scan.from(), "a priority: a number or a name such as dstnat");
            }
            return minus ? (int) -number : (int) number;
        }
        if (scan.peek() != Scan.WORD) {
            return sum;
        }
        scan.next();
        boolean minus = scan.is("-");
        if (!minus && !scan.is("+")) {
            throw new Broken(scan.from(), "+ or -");
        }
        scan.next();
        long number = values.decimal(scan.from(), scan.to());
        if (number < 0 || number > 1_000_000_000) {
            throw new Broken(scan.from(), "a number");
        }
        return sum + (minus ? (int) -number : (int) number);
    }
}
