package dev.podpath.proxy.nftables.parse;

import dev.podpath.proxy.nftables.rule.Content;
import dev.podpath.proxy.nftables.rule.DataType;
import dev.podpath.proxy.nftables.rule.Elements;
import dev.podpath.proxy.nftables.rule.Expr;
import dev.podpath.proxy.nftables.rule.NamedSet;
import dev.podpath.proxy.nftables.rule.Selector;
import dev.podpath.proxy.nftables.rule.Statement;
import dev.podpath.proxy.nftables.rule.Statement.Op;
import dev.podpath.proxy.nftables.rule.Table;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the statements of a rule. What is not modelled becomes a statement that says so: a question without an answer where
 * something follows it, else an action of unknown effect.
 */
final class RuleText {
    private static final Statement[] NONE = {};
    private static final DataType[] VERDICTS = {DataType.VERDICT};
    private static final DataType[] UNTOLD = {};

    private final Scan scan;
    private final Values values;
    private final ExprText expressions;
    private final ElementsText elements;
    private final NatText nat;
    private final List<Statement> out = new ArrayList<>();

    RuleText(Scan scan, Values values, ElementsText elements) {
        this.scan = scan;
        this.values = values;
        this.elements = elements;
        this.expressions = new ExprText(scan, values);
        this.nat = new NatText(scan, values, this, expressions);
    }

    ExprText expressions() {
        return expressions;
    }

    /** Reads the rule the token begins; the token that ends it is the current one afterwards. */
    Statement[] read(Table table) throws Broken {
        out.clear();
        while (scan.type() == Scan.WORD) {
            statement(table);
        }
        if (scan.type() != Scan.LINE && scan.type() != Scan.SEMICOLON && scan.type() != Scan.CLOSE) {
            throw new Broken(scan.from(), "a statement");
        }
        return out.isEmpty() ? NONE : out.toArray(NONE);
    }

    private void statement(Table table) throws Broken {
        int from = scan.from();
        switch (scan.word()) {
            case IP, IP6, TCP, UDP, SCTP, TH, META, CT, FIB, IIF, IIFNAME, OIF, OIFNAME, MARK, ICMP, ICMPV6 ->
                question(table, from);
            case NUMGEN, JHASH, SYMHASH -> question(table, from);
            case JUMP, GOTO, ACCEPT, DROP, RETURN, CONTINUE -> {
                out.add(Make.decide(elements.verdict(table)));
                scan.next();
            }
            case COUNTER -> counter();
            case COMMENT -> {
                scan.next();
                scan.next();
            }
            case DNAT, SNAT, MASQUERADE, REDIRECT -> out.add(nat.read(table));
            case REJECT -> reject();
            case ADD, UPDATE, DELETE -> update(table, from);
            case NOTRACK -> {
                out.add(Statement.Notrack.INSTANCE);
                scan.next();
            }
            case LOG, DUP, LAST, FLOW -> neutral(from);
            case LIMIT, QUOTA, METER -> uncertain(from, true);
            case XT -> xt(from);
            case QUEUE, TPROXY, SYNPROXY, FWD -> {
                toStop();
                out.add(new Statement.Unsupported(scan.slice(from, scan.from())));
            }
            default -> unknown(from);
        }
    }

    private void counter() {
        int from = scan.from();
        scan.next();
        if (scan.word() == Word.NAME) {
            scan.next();
            out.add(new Statement.Neutral(scan.slice(from, scan.position())));
            scan.next();
            return;
        }
        while (scan.word() == Word.PACKETS || scan.word() == Word.BYTES) {
            scan.next();
            scan.next();
        }
        out.add(Make.COUNTER);
    }

    private void neutral(int from) {
        toStop();
        out.add(new Statement.Neutral(scan.slice(from, scan.from())));
    }

    private void uncertain(int from, boolean rate) {
        toStop();
        out.add(new Statement.Uncertain(scan.slice(from, scan.from()), rate));
    }

    /** Extensions of iptables that nft cannot put in its own words (iptables-nft). */
    private void xt(int from) {
        scan.next();
        boolean target = scan.word() == Word.TARGET;
        scan.next();
        boolean comment = scan.word() == Word.COMMENT || scan.is("comment");
        if (scan.type() == Scan.WORD || scan.type() == Scan.STRING) {
            scan.next();
        }
        String text = scan.slice(from, scan.from());
        out.add(
                comment
                        ? new Statement.Neutral(text)
                        : target ? new Statement.Unsupported(text) : new Statement.Uncertain(text, false));
    }

    /** Something that begins with a word that is not known. */
    private void unknown(int from) throws Broken {
        boolean sets = toStop();
        if (scan.from() == from) {
            throw new Broken(from, "a statement");
        }
        String text = scan.slice(from, scan.from());
        out.add(Make.unknown(text, sets, scan.type() == Scan.WORD));
    }

    /** Goes to the next statement that is surely one; says whether the word {@code set} was on the way. */
    private boolean toStop() {
        boolean sets = false;
        while (true) {
            int token = scan.next();
            if (token == Scan.OPEN) {
                scan.skipBlock();
                continue;
            }
            if (token == Scan.LINE || token == Scan.SEMICOLON || token == Scan.CLOSE || token == Scan.END) {
                return sets;
            }
            if (token != Scan.WORD) {
                continue;
            }
            switch (scan.word()) {
                case ACCEPT,
                        DROP,
                        RETURN,
                        CONTINUE,
                        JUMP,
                        GOTO,
                        REJECT,
                        DNAT,
                        SNAT,
                        MASQUERADE,
                        REDIRECT,
                        COUNTER,
                        COMMENT -> {
                    return sets;
                }
                case SET -> sets = true;
                default -> {}
            }
        }
    }

    /** A comparison, a lookup, or a mark that is set. */
    private void question(Table table, int from) throws Broken {
        Word first = scan.word();
        Expr left = expressions.read();
        if (left == null) {
            scan.reset(from);
            scan.next();
            if (first == Word.CT) {
                int place = scan.position();
                scan.next();
                Word second = scan.word();
                scan.reset(place);
                if (second == Word.COUNT) {
                    uncertain(from, true);
                    return;
                }
            }
            boolean sets = toStop();
            out.add(Make.unknown(scan.slice(from, scan.from()), sets, scan.type() == Scan.WORD));
            return;
        }
        if (scan.word() == Word.SET) {
            mangle(left, from);
            return;
        }
        Expr key = expressions.operations(left);
        if (scan.word() == Word.VMAP) {
            scan.next();
            out.add(new Statement.VerdictMap(key, content(table, key, VERDICTS)));
            return;
        }
        compare(table, key);
    }

    private void mangle(Expr left, int from) throws Broken {
        scan.next();
        boolean mark = left instanceof Expr.Read read
                && (read.selector() == Selector.MARK || read.selector() == Selector.CT_MARK);
        Expr value = mark ? expressions.value(DataType.MARK) : null;
        if (mark && value != null && !(scan.type() == Scan.WORD && scan.word() == Word.MAP)) {
            out.add(new Statement.Mangle(((Expr.Read) left).selector(), value));
            return;
        }
        toStop();
        String text = scan.slice(from, scan.from());
        out.add(
                mark
                        ? new Statement.Mangle(((Expr.Read) left).selector(), new Expr.Opaque(text))
                        : Make.unknown(text, true, false));
    }

    private void compare(Table table, Expr key) throws Broken {
        Op op = operator(key.type());
        if (scan.type() == Scan.OPEN || scan.type() == Scan.WORD && scan.first() == '@') {
            if (op != Op.EQ && op != Op.NEQ && op != Op.ANY) {
                throw new Broken(scan.from(), "a value after " + op);
            }
            out.add(Make.lookup(key, op == Op.NEQ, content(table, key, UNTOLD)));
            return;
        }
        if (key instanceof Expr.Concat concat) {
            out.add(row(concat, op));
            return;
        }
        DataType type = key.type();
        int place = scan.from();
        if (type == DataType.INTEGER && (scan.is("missing") || scan.is("exists"))) {
            // The result of a route lookup: none is 0.
            out.add(new Statement.Compare(key, scan.is("missing") == (op == Op.EQ) ? Op.EQ : Op.NEQ, 0, 0, 0, 0));
            scan.next();
            return;
        }
        value(type, place);
        if (!type.isFlags()) {
            scan.next();
            out.add(new Statement.Compare(key, op, values.firstHigh, values.firstLow, values.lastHigh, values.lastLow));
            return;
        }
        flags(key, op == Op.EQ && !(key instanceof Expr.Bits) ? Op.ANY : op, type, place);
    }

    private void value(DataType type, int place) throws Broken {
        if (scan.type() != Scan.WORD && scan.type() != Scan.STRING || !values.range(type, scan.from(), scan.to())) {
            throw new Broken(place, "a value of type " + type.text());
        }
    }

    /** {@code new,established}, {@code established | new}, {@code syn / syn,ack}. */
    private void flags(Expr key, Op op, DataType type, int place) throws Broken {
        long sum = values.firstLow;
        long mask = -1;
        int token = scan.next();
        while (token == Scan.COMMA || token == Scan.WORD && (scan.is("|") || scan.is("/"))) {
            boolean slash = token == Scan.WORD && scan.is("/");
            if (slash) {
                mask = 0;
            }
            scan.next();
            value(type, place);
            if (mask == -1) {
                sum |= values.firstLow;
            } else {
                mask |= values.firstLow;
            }
            token = scan.next();
        }
        if (mask == -1) {
            out.add(new Statement.Compare(key, op, 0, sum, 0, sum));
        } else {
            Expr bits = new Expr.Bits(Expr.BitOp.AND, key, new Expr.Constant(type, 0, mask));
            out.add(new Statement.Compare(bits, op == Op.ANY ? Op.EQ : op, 0, sum, 0, sum));
        }
    }

    /** A row of fields against one row of values, which is a set of one. */
    private Statement row(Expr.Concat key, Op op) throws Broken {
        throw new Broken(scan.from(), "a set for " + key.size() + " fields, after " + op);
    }

    private Op operator(DataType type) {
        if (scan.type() != Scan.WORD) {
            return Op.EQ;
        }
        int first = scan.first();
        Op op = Op.EQ;
        boolean is = first == '=' || first == '!' || first == '<' || first == '>';
        if (first == '!') {
            op = scan.is("!=") ? Op.NEQ : Op.NONE;
        } else if (first == '<') {
            op = scan.is("<") ? Op.LT : Op.LE;
        } else if (first == '>') {
            op = scan.is(">") ? Op.GT : Op.GE;
        }
        if (is) {
            scan.next();
        }
        return op == Op.NONE && !type.isFlags() ? Op.NEQ : op;
    }

    /** The set the token begins; the token after it is the current one afterwards. */
    Content content(Table table, Expr key, DataType[] data) throws Broken {
        if (scan.type() == Scan.WORD && scan.first() == '@') {
            int from = scan.from() + 1;
            NamedSet set = table.set(from, scan.to(), Word.hash(scan.text(), from, scan.to()));
            scan.next();
            return set;
        }
        if (scan.type() != Scan.OPEN) {
            throw new Broken(scan.from(), "a set");
        }
        Elements own = elements.read(table, types(key), data, false);
        scan.next();
        return own;
    }

    static DataType[] types(Expr key) {
        if (!(key instanceof Expr.Concat concat)) {
            return new DataType[] {key.type()};
        }
        DataType[] types = new DataType[concat.size()];
        for (int i = 0; i < types.length; i++) {
            types[i] = concat.part(i).type();
        }
        return types;
    }

    private void reject() throws Broken {
        scan.next();
        if (scan.word() != Word.WITH) {
            out.add(Make.REJECT);
            return;
        }
        scan.next();
        String first = scan.token();
        scan.next();
        if (scan.word() == Word.TYPE) {
            scan.next();
        }
        if (scan.type() != Scan.WORD) {
            throw new Broken(scan.from(), "what to reject with");
        }
        out.add(Make.reject(first, scan.token()));
        scan.next();
    }

    /** {@code update @set { ip saddr timeout 5m }}. */
    private void update(Table table, int from) throws Broken {
        String op = scan.token();
        scan.next();
        if (scan.type() != Scan.WORD || scan.first() != '@') {
            throw new Broken(scan.from(), "the name of a set after @");
        }
        int name = scan.from() + 1;
        NamedSet set = table.set(name, scan.to(), Word.hash(scan.text(), name, scan.to()));
        set.update();
        if (scan.next() != Scan.OPEN) {
            throw new Broken(scan.from(), "an element in braces");
        }
        scan.next();
        Expr key = expressions.read();
        long timeout = 0;
        boolean more = key == null;
        while (scan.type() != Scan.CLOSE && scan.type() != Scan.END && scan.type() != Scan.LINE) {
            if (scan.word() == Word.TIMEOUT) {
                scan.next();
                timeout = Math.max(0, Math.min(values.seconds(scan.from(), scan.to()), Integer.MAX_VALUE));
            } else if (scan.type() != Scan.WORD
                    || scan.word() != Word.COUNTER && scan.word() != Word.PACKETS && scan.word() != Word.BYTES) {
                more |= scan.type() != Scan.WORD || values.decimal(scan.from(), scan.to()) < 0;
            }
            scan.next();
        }
        if (scan.type() != Scan.CLOSE) {
            throw new Broken(scan.from(), "a closing brace");
        }
        String text = scan.slice(from, scan.to());
        scan.next();
        if (more || key == null) {
            out.add(new Statement.Uncertain(text, true));
        } else {
            out.add(new Statement.Update(op, set, key, (int) timeout));
        }
    }
}
