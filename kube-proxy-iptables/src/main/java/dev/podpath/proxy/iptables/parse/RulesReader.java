package dev.podpath.proxy.iptables.parse;

import dev.podpath.ports.plugin.DocumentReport;
import dev.podpath.ports.plugin.Reading;
import dev.podpath.ports.plugin.Support;
import dev.podpath.ports.snapshot.Document;
import dev.podpath.proxy.iptables.rule.Names;
import dev.podpath.proxy.iptables.rule.Op;
import dev.podpath.proxy.iptables.rule.Ruleset;
import dev.podpath.proxy.iptables.rule.Table;
import dev.podpath.proxy.iptables.rule.TableBuilder;
import dev.podpath.proxy.iptables.rule.TableName;
import dev.podpath.proxy.iptables.rule.WordHash;
import io.vavr.collection.Map;
import io.vavr.collection.TreeMap;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@code iptables-save} and {@code ip6tables-save} of both back ends print (iptables/iptables-save.c,
 * iptables/nft.c): {@code *table}, {@code :chain policy [packets:bytes]}, {@code -A chain …}, {@code COMMIT}. Total: any
 * bytes give rules and located problems; what a rule says that is not understood stays in it as unknown.
 */
@SuppressWarnings("EnumOrdinal")
public final class RulesReader {
    private final Document document;
    private final boolean v6;
    private final byte[] text;
    private final Cursor cursor;
    private final Names labels;
    private final Problems problems;
    private final RuleLine rule;
    private final MatchReader matches;
    private final TargetReader targets;
    private final List<Table> tables = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final int[] counts = new int[Support.values().length];
    private @Nullable TableBuilder open;
    private boolean skipping;
    private String damaged = "";
    private String outside = "";
    private int lastChain = -1;

    private RulesReader(Document document, boolean v6) {
        this.document = document;
        this.v6 = v6;
        this.text = document.bytes();
        this.cursor = new Cursor(text);
        this.labels = new Names(text, 16);
        this.problems =
                new Problems(document.path(), (v6 ? "ip6tables-save" : "iptables-save") + " > " + document.name());
        this.rule = new RuleLine(cursor, labels, problems, new TableBuilder(TableName.FILTER, v6, text, 0));
        this.matches = new MatchReader(rule);
        this.targets = new TargetReader(rule);
    }

    /** Reads the rules of one address family. */
    public static Reading<Ruleset> read(Document document, boolean v6) {
        return new RulesReader(document, v6).run();
    }

    private Reading<Ruleset> run() {
        while (!cursor.atEnd()) {
            line();
            cursor.nextLine();
        }
        TableBuilder unfinished = open;
        if (unfinished != null) {
            problems.at(
                    cursor.line(),
                    "the end of the document in table " + unfinished.name().text(),
                    "COMMIT");
            close(unfinished, Option.some("its end, COMMIT, is missing"));
        }
        if (tables.isEmpty()) {
            problems.at(1, text.length == 0 ? "an empty document" : "no table", "*nat, *filter and their rules");
            outside = "it holds no table";
        } else if (skipping) {
            outside = "it ends in the midst of a table";
        }
        Vector<Table> all = Vector.ofAll(tables).map(this::withoutLoops).appendAll(unread());
        DocumentReport report = new DocumentReport(document.path(), "rules", counts());
        Ruleset rules = new Ruleset(document, v6, all, labels, Vector.ofAll(notes), report);
        return new Reading<>(rules, problems.all(), Vector.of(report));
    }

    private Table withoutLoops(Table table) {
        Vector<Integer> loops = JumpLoops.find(table);
        loops.forEach(chain -> problems.at(
                Math.max(1, table.chainLine(chain)),
                "chain " + Cursor.shorten(table.chainName(chain)) + " of table "
                        + table.name().text() + " leads back to itself",
                "chains without a loop, as the kernel demands"));
        return loops.isEmpty()
                ? table
                : table.damaged("chain " + Cursor.shorten(table.chainName(loops.head())) + " leads back to itself");
    }

    /** Where something outside of the tables could not be read, it may be a table that is not there otherwise. */
    private Vector<Table> unread() {
        return outside.isEmpty()
                ? Vector.empty()
                : Vector.of(TableName.values())
                        .filter(name -> tables.stream().noneMatch(table -> table.name() == name))
                        .map(name -> Table.unread(name, v6, outside));
    }

    private Map<Support, Integer> counts() {
        Map<Support, Integer> map = TreeMap.empty();
        for (Support support : Support.values()) {
            if (counts[support.ordinal()] > 0) {
                map = map.put(support, counts[support.ordinal()]);
            }
        }
        return map;
    }

    private void line() {
        switch (cursor.peek()) {
            case '-' -> rule();
            case ':' -> chain();
            case '[' -> {
                if (cursor.next()) {
                    rule();
                }
            }
            case '#' -> comment();
            case '*' -> table();
            case ' ', '\t' -> {
                // The tools indent nothing, but people paste their output into indented text.
                cursor.skipBlanks();
                line();
            }
            default -> other();
        }
    }

    private void other() {
        if (!cursor.next()) {
            return;
        }
        TableBuilder table = open;
        if (cursor.is("COMMIT")) {
            if (table != null) {
                close(table, Option.none());
            } else if (!skipping) {
                problems.at(cursor.line(), "COMMIT", "a table before its COMMIT");
            }
            open = null;
            skipping = false;
            return;
        }
        problems.at(cursor.line(), cursor.show(), "*table, :chain, -A chain …, COMMIT or a comment");
        if (table != null) {
            damaged = "line " + cursor.line() + " cannot be read";
        } else {
            outside = "line " + cursor.line() + " cannot be read";
        }
    }

    private void close(TableBuilder table, Option<String> damage) {
        open = null;
        Option<String> why = damage.orElse(damaged.isEmpty() ? Option.none() : Option.some(damaged));
        damaged = "";
        for (int i = 0; i < tables.size(); i++) {
            Table first = tables.get(i);
            if (first.name() == table.name()) {
                merge(i, first, table, why);
                return;
            }
        }
        tables.add(table.build(why));
    }

    /** Of two tables of one name, an empty one says nothing; otherwise which comes first is not known. */
    private void merge(int index, Table first, TableBuilder second, Option<String> damage) {
        boolean firstEmpty = first.ruleCount() == 0 && !hasDrop(first);
        if (second.isNeutral() && damage.isEmpty()) {
            return;
        }
        if (firstEmpty && first.damage().isEmpty()) {
            tables.set(index, second.build(damage));
            return;
        }
        problems.at(
                cursor.line(),
                "a second table " + second.name().text() + " with rules",
                "one table of each name; rules of the other back end belong into a document of their own");
        tables.set(index, second.build(Option.some("the document has it twice")));
    }

    private static boolean hasDrop(Table table) {
        for (int chain = 0; chain < table.chainCount(); chain++) {
            if (table.policy(chain) == Table.POLICY_DROP) {
                return true;
            }
        }
        return false;
    }

    private void table() {
        cursor.next();
        if (open != null) {
            problems.at(
                    cursor.line(),
                    cursor.show(),
                    "COMMIT of table " + open.name().text());
            close(open, Option.some("its end, COMMIT, is missing"));
        }
        String name = Scan.string(text, cursor.from() + 1, Math.min(cursor.to(), cursor.from() + 60));
        Option<TableName> known = TableName.parse(name);
        skipping = known.isEmpty();
        lastChain = -1;
        if (known.isEmpty()) {
            outside = "the table of line " + cursor.line() + " is not known";
            problems.at(cursor.line(), "table " + name, "one of raw, mangle, nat, filter, security");
            return;
        }
        open = new TableBuilder(known.get(), v6, text, text.length - cursor.to());
    }

    private void comment() {
        int from = cursor.position();
        while (cursor.next()) {
            if (cursor.is("incompatible,")) {
                notes.add(document.path() + " says: " + cursor.show(from + 2, cursor.to())
                        + " use 'nft' tool; its rules are not in the document");
                return;
            }
            if (cursor.is("iptables-legacy") || cursor.is("ip6tables-legacy")) {
                notes.add(document.path() + " says that tables of the legacy back end exist beside these; they were not"
                        + " captured (" + cursor.show() + "-save)");
                return;
            }
        }
    }

    private void chain() {
        cursor.next();
        TableBuilder table = open;
        if (table == null) {
            if (!skipping) {
                problems.at(cursor.line(), cursor.show(), "*table before its chains");
            }
            return;
        }
        int from = cursor.from() + 1;
        int to = cursor.to();
        if (from >= to) {
            problems.at(cursor.line(), ":", ":chain policy [packets:bytes]");
            return;
        }
        int policy = -1;
        if (cursor.next()) {
            policy = cursor.is("-")
                    ? Table.USER
                    : cursor.is("ACCEPT") ? Table.POLICY_ACCEPT : cursor.is("DROP") ? Table.POLICY_DROP : -1;
        }
        if (policy < 0) {
            problems.at(cursor.line(), cursor.show(), "a policy: ACCEPT, DROP or -");
            policy = Table.USER;
            damaged = "line " + cursor.line() + " cannot be read";
        }
        int hash = WordHash.of(text, from, to);
        if (!table.declare(from, to, hash, cursor.line(), policy)) {
            problems.at(cursor.line(), "chain " + cursor.show(from, to) + " a second time", "each chain declared once");
        }
    }

    private void rule() {
        TableBuilder table = open;
        if (!cursor.atWord("-A") && (!cursor.next() || cursor.word() != Word.APPEND)) {
            problems.at(cursor.line(), cursor.show(), "-A chain …");
            damaged = "line " + cursor.line() + " cannot be read";
            return;
        }
        if (table == null) {
            if (!skipping) {
                problems.at(cursor.line(), "a rule", "*table before its rules");
            }
            return;
        }
        // Both back ends print the rules of chains in the order in which they print the chains.
        int chain = lastChain;
        if (!nextIs(table, chain)) {
            chain = nextIs(table, chain + 1) ? chain + 1 : chainByName(table);
            if (chain < 0) {
                return;
            }
            lastChain = chain;
        }
        table.beginRule(chain, cursor.line());
        body(table);
    }

    /** Goes over the name of a chain where it comes next. */
    private boolean nextIs(TableBuilder table, int chain) {
        return table.isDeclared(chain) && cursor.nextIs(table.nameFrom(chain), table.nameLength(chain));
    }

    /** The chain that is named next; negative where none is. */
    private int chainByName(TableBuilder table) {
        if (!cursor.next()) {
            problems.at(cursor.line(), "-A at the end of the line", "the name of a chain");
            damaged = "line " + cursor.line() + " cannot be read";
            return -1;
        }
        int chain = table.chain(cursor.from(), cursor.to(), cursor.hash());
        if (chain >= 0) {
            return chain;
        }
        problems.at(
                cursor.line(),
                "a rule of chain " + cursor.show(),
                "chain " + cursor.show() + " declared before its rules");
        return table.undeclared(cursor.from(), cursor.to(), cursor.hash());
    }

    private void body(TableBuilder table) {
        rule.begin(table);
        matches.begin();
        boolean target = false;
        boolean negated = false;
        int partFrom = cursor.position();
        while (!target && !rule.failed()) {
            if (!negated && cursor.nextIsComment()) {
                rule.part(false, cursor.from());
                matches.comment();
                continue;
            }
            if (!cursor.next()) {
                break;
            }
            Word word = cursor.word();
            if (word == Word.NOT) {
                negated = !negated;
                partFrom = cursor.from();
                continue;
            }
            rule.part(negated, negated ? partFrom : cursor.from());
            switch (word) {
                case MATCH -> matches.module();
                case JUMP, GOTO -> {
                    matches.finish();
                    targets.read(word == Word.GOTO);
                    target = true;
                }
                case COUNTERS -> {
                    cursor.skipWord();
                    cursor.skipWord();
                }
                default -> matches.option(word);
            }
            negated = false;
        }
        if (!target) {
            matches.finish();
        }
        finish(table, target);
    }

    private void finish(TableBuilder table, boolean target) {
        int header = target && !rule.failed() ? lastTarget(table) : 0;
        if (rule.failed()) {
            unreadable(table);
        } else if (!target) {
            rule.part(false, 0);
            rule.test(Op.NONE, 0);
        }
        Support level = Op.of(header) == Op.NEUTRAL ? Support.IRRELEVANT : rule.level();
        counts[level.ordinal()]++;
    }

    /** Keeps the tests that were read; then the effect of the rule is not known. */
    private void unreadable(TableBuilder table) {
        int at = table.lastRuleStart();
        int words = v6 ? 4 : 1;
        int size = table.code().size();
        while (at < size) {
            int header = table.code().get(at);
            int next = at + 1 + Op.operands(header, words);
            if (Op.of(header) == 0 || Op.of(header) >= Op.FIRST_TARGET || next > size) {
                break;
            }
            at = next;
        }
        table.code().truncate(at);
        int from = cursor.lineFrom();
        int to = Scan.find(text, cursor.position(), text.length, '\n');
        rule.part(false, from);
        rule.text(Op.OPAQUE_TARGET, Op.WHOLE_LINE, from, to);
    }

    private int lastTarget(TableBuilder table) {
        int at = table.lastRuleStart();
        int words = v6 ? 4 : 1;
        while (at < table.code().size()) {
            int header = table.code().get(at);
            if (Op.of(header) >= Op.FIRST_TARGET) {
                return header;
            }
            at += 1 + Op.operands(header, words);
        }
        return 0;
    }
}
