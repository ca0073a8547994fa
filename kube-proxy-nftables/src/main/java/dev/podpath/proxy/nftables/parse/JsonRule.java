package dev.podpath.proxy.nftables.parse;

import dev.podpath.proxy.nftables.rule.DataType;
import dev.podpath.proxy.nftables.rule.Expr;
import dev.podpath.proxy.nftables.rule.NamedSet;
import dev.podpath.proxy.nftables.rule.Selector;
import dev.podpath.proxy.nftables.rule.Statement;
import dev.podpath.proxy.nftables.rule.Statement.Nat;
import dev.podpath.proxy.nftables.rule.Statement.NatKind;
import dev.podpath.proxy.nftables.rule.Statement.Op;
import dev.podpath.proxy.nftables.rule.Table;
import io.vavr.collection.Vector;
import java.util.ArrayList;
import java.util.List;

/** Reads the statements of a rule in JSON; gives what {@link RuleText} gives for the same rule. */
final class JsonRule {
    private static final Statement[] NONE = {};
    private static final DataType[] VERDICTS = {DataType.VERDICT};
    private static final DataType[] UNTOLD = {};

    private final JsonScan scan;
    private final Values values;
    private final JsonExpr expressions;
    private final JsonElements elements;
    private final List<Statement> out = new ArrayList<>();

    JsonRule(JsonScan scan, Values values, JsonExpr expressions, JsonElements elements) {
        this.scan = scan;
        this.values = values;
        this.expressions = expressions;
        this.elements = elements;
    }

    /** Reads an array of statements. */
    Statement[] read(Table table) throws Broken {
        out.clear();
        for (boolean more = scan.firstItem(); more; more = scan.nextItem()) {
            int place = scan.position();
            scan.peek();
            int start = scan.position();
            if (!scan.firstField()) {
                throw new Broken(place, "a statement");
            }
            Statement statement = statement(table, scan.word(), start);
            if (scan.nextField()) {
                throw new Broken(place, "a statement with one name");
            }
            out.add(statement);
        }
        for (int i = 0; i + 1 < out.size(); i++) {
            // What is not known and is followed by something is a question, as far as one can tell.
            if (out.get(i) instanceof Statement.Unsupported unsupported
                    && unsupported.text().startsWith("{\"match\"")) {
                out.set(i, new Statement.Uncertain(unsupported.text(), false));
            }
        }
        return out.isEmpty() ? NONE : out.toArray(NONE);
    }

    private Statement statement(Table table, Word name, int start) throws Broken {
        switch (name) {
            case MATCH -> {
                return match(table, start);
            }
            case VMAP -> {
                Expr.Mapped mapped = expressions.mapped(elements, table, VERDICTS);
                return mapped == null ? unsupported(start) : new Statement.VerdictMap(mapped.key(), mapped.content());
            }
            case JUMP, GOTO, ACCEPT, DROP, RETURN, CONTINUE -> {
                return Make.decide(elements.verdict(table, name, start));
            }
            case COUNTER -> {
                if (scan.peek() == '"') {
                    scan.string();
                    return new Statement.Neutral("counter name \"" + scan.token() + "\"");
                }
                scan.skip();
                return Make.COUNTER;
            }
            case DNAT -> {
                return nat(table, NatKind.DNAT, start);
            }
            case SNAT -> {
                return nat(table, NatKind.SNAT, start);
            }
            case MASQUERADE -> {
                return nat(table, NatKind.MASQUERADE, start);
            }
            case REDIRECT -> {
                return nat(table, NatKind.REDIRECT, start);
            }
            case REJECT -> {
                return reject();
            }
            case MANGLE -> {
                return mangle(start);
            }
            case SET -> {
                return update(table, start);
            }
            case NOTRACK -> {
                scan.skip();
                return Statement.Notrack.INSTANCE;
            }
            case LOG, DUP, LAST, FLOW, SECMARK -> {
                return neutral(start);
            }
            case LIMIT, QUOTA, METER -> {
                scan.skip();
                return new Statement.Uncertain(scan.slice(start), true);
            }
            case XT -> {
                return extension(start);
            }
            default -> {
                String called = scan.token();
                if (called.equals("ct count")) {
                    scan.skip();
                    return new Statement.Uncertain(scan.slice(start), true);
                }
                return called.startsWith("ct ") ? neutral(start) : unsupported(start);
            }
        }
    }

    private Statement neutral(int start) throws Broken {
        scan.skip();
        return new Statement.Neutral(scan.slice(start));
    }

    private Statement unsupported(int start) throws Broken {
        int place = scan.position();
        if (scan.peek() != '}') {
            scan.skip();
        } else {
            scan.reset(place);
        }
        return new Statement.Unsupported(scan.slice(start));
    }

    private Statement extension(int start) throws Broken {
        String type = "";
        String name = "";
        if (scan.peek() == '{') {
            for (boolean more = scan.firstField(); more; more = scan.nextField()) {
                Word key = scan.word();
                if (key == Word.TYPE || key == Word.NAME) {
                    scan.scalar();
                    type = key == Word.TYPE ? scan.token() : type;
                    name = key == Word.NAME ? scan.token() : name;
                } else {
                    scan.skip();
                }
            }
        } else {
            scan.skip();
        }
        String text = scan.slice(start);
        return name.equals("comment")
                ? new Statement.Neutral(text)
                : type.equals("match") ? new Statement.Uncertain(text, false) : new Statement.Unsupported(text);
    }

    private Statement match(Table table, int start) throws Broken {
        Expr left = null;
        Op op = Op.EQ;
        int right = -1;
        for (boolean more = scan.firstField(); more; more = scan.nextField()) {
            switch (scan.word()) {
                case LEFT -> left = expressions.read();
                case OP -> {
                    scan.string();
                    op = operator(scan.token());
                }
                case RIGHT -> {
                    right = scan.position();
                    scan.skip();
                }
                default -> scan.skip();
            }
        }
        int end = scan.position();
        if (left == null || right < 0) {
            throw new Broken(start, "a match with left and right");
        }
        if (left instanceof Expr.Opaque) {
            return new Statement.Unsupported(scan.slice(start));
        }
        scan.reset(right);
        Statement statement = compare(table, left, op);
        scan.reset(end);
        return statement;
    }

    private static Op operator(String text) {
        return switch (text) {
            case "!=" -> Op.NEQ;
            case "<" -> Op.LT;
            case ">" -> Op.GT;
            case "<=" -> Op.LE;
            case ">=" -> Op.GE;
            case "in" -> Op.ANY;
            case "!" -> Op.NONE;
            default -> Op.EQ;
        };
    }

    private Statement compare(Table table, Expr left, Op op) throws Broken {
        int place = scan.position();
        int first = scan.peek();
        DataType type = left.type();
        boolean set = first == '{' && isSet();
        if (set || first == '"' && isName()) {
            return Make.lookup(left, op == Op.NEQ, elements.content(table, left, UNTOLD));
        }
        if (left instanceof Expr.Concat || !expressions.value(type)) {
            throw new Broken(place, "a value of type " + type.text());
        }
        if (left.type() == DataType.INTEGER && left instanceof Expr.Read) {
            boolean missing = values.firstLow == 0;
            return new Statement.Compare(left, missing == (op == Op.EQ) ? Op.EQ : Op.NEQ, 0, 0, 0, 0);
        }
        Op how = op == Op.ANY && !type.isFlags() ? Op.EQ : op == Op.NONE && !type.isFlags() ? Op.NEQ : op;
        return new Statement.Compare(left, how, values.firstHigh, values.firstLow, values.lastHigh, values.lastLow);
    }

    private boolean isSet() throws Broken {
        int start = scan.position();
        boolean set = scan.firstField() && scan.word() == Word.SET;
        scan.reset(start);
        return set;
    }

    private boolean isName() throws Broken {
        int start = scan.position();
        scan.string();
        boolean name = scan.from() < scan.to() && scan.text()[scan.from()] == '@';
        scan.reset(start);
        return name;
    }

    private Statement reject() throws Broken {
        String type = "";
        String code = "";
        if (scan.peek() != '{') {
            scan.skip();
            return Make.REJECT;
        }
        for (boolean more = scan.firstField(); more; more = scan.nextField()) {
            Word key = scan.word();
            if (key == Word.TYPE || key == Word.EXPR) {
                scan.scalar();
                type = key == Word.TYPE ? scan.token() : type;
                code = key == Word.EXPR ? scan.token() : code;
            } else {
                scan.skip();
            }
        }
        return type.equals("tcp reset")
                ? new Statement.Reject("tcp reset")
                : type.isEmpty() ? Make.REJECT : Make.reject(type, code);
    }

    private Statement mangle(int start) throws Broken {
        Expr key = null;
        int value = -1;
        for (boolean more = scan.firstField(); more; more = scan.nextField()) {
            switch (scan.word()) {
                case KEY -> key = expressions.read();
                case VALUE -> {
                    value = scan.position();
                    scan.skip();
                }
                default -> scan.skip();
            }
        }
        int end = scan.position();
        String text = scan.slice(start);
        if (!(key instanceof Expr.Read read) || value < 0) {
            return new Statement.Neutral(text);
        }
        Selector mark = read.selector();
        if (mark != Selector.MARK && mark != Selector.CT_MARK) {
            return new Statement.Unsupported(text);
        }
        scan.reset(value);
        Expr becomes;
        if (scan.peek() == '{') {
            becomes = expressions.read();
        } else {
            if (!expressions.value(DataType.MARK)) {
                throw new Broken(value, "a mark");
            }
            becomes = new Expr.Constant(DataType.MARK, 0, values.firstLow);
        }
        scan.reset(end);
        return new Statement.Mangle(mark, becomes);
    }

    private Statement update(Table table, int start) throws Broken {
        String op = "add";
        Expr key = null;
        NamedSet set = null;
        int[] timeout = new int[1];
        boolean more = false;
        for (boolean field = scan.firstField(); field; field = scan.nextField()) {
            switch (scan.word()) {
                case OP -> {
                    scan.string();
                    op = scan.token();
                }
                case ELEM -> key = element(timeout);
                case SET -> {
                    set = elements.named(table);
                    set.update();
                }
                case STMT -> {
                    int place = scan.position();
                    scan.skip();
                    more |= !scan.slice(place).replace(" ", "").startsWith("[{\"counter\"");
                }
                default -> scan.skip();
            }
        }
        if (key == null || set == null || more || key instanceof Expr.Opaque) {
            return new Statement.Uncertain(scan.slice(start), true);
        }
        return new Statement.Update(op, set, key, timeout[0]);
    }

    private Expr element(int[] timeout) throws Broken {
        scan.peek();
        int start = scan.position();
        scan.firstField();
        if (scan.word() != Word.ELEM) {
            scan.reset(start);
            return expressions.read();
        }
        Expr key = new Expr.Opaque("");
        for (boolean more = scan.firstField(); more; more = scan.nextField()) {
            switch (scan.word()) {
                case VAL -> key = expressions.read();
                case TIMEOUT -> {
                    scan.scalar();
                    timeout[0] = (int) Math.max(0, Math.min(values.decimal(scan.from(), scan.to()), 1 << 30));
                }
                default -> scan.skip();
            }
        }
        if (scan.nextField()) {
            throw new Broken(start, "an element");
        }
        return key;
    }

    private Statement nat(Table table, NatKind kind, int start) throws Broken {
        String family = "";
        Vector<Expr> address = Vector.empty();
        Vector<Expr> port = Vector.empty();
        String flags = "";
        boolean whole = true;
        if (scan.peek() != '{') {
            scan.skip();
            return new Nat(kind, family, address, port, flags);
        }
        for (boolean more = scan.firstField(); more; more = scan.nextField()) {
            switch (scan.word()) {
                case FAMILY -> {
                    scan.scalar();
                    family = scan.token();
                }
                case ADDR -> {
                    address = address(table);
                    whole &= !address.isEmpty();
                }
                case PORT -> {
                    whole &= expressions.value(DataType.SERVICE);
                    port = constants(DataType.SERVICE);
                }
                case FLAGS -> flags = flags();
                default -> {
                    whole = false;
                    scan.skip();
                }
            }
        }
        return whole && !flags.contains("netmap")
                ? new Nat(kind, family, address, port, flags)
                : new Statement.Unsupported(scan.slice(start));
    }

    /** An address, a range or a map; nothing where it is something else. */
    private Vector<Expr> address(Table table) throws Broken {
        int start = scan.position();
        if (scan.peek() == '{') {
            scan.firstField();
            if (scan.word() == Word.MAP) {
                Expr.Mapped mapped = expressions.mapped(elements, table, UNTOLD);
                boolean more = scan.nextField();
                return mapped == null || more ? Vector.empty() : Vector.of(mapped);
            }
            scan.reset(start);
        }
        for (DataType type : new DataType[] {DataType.IPV4, DataType.IPV6}) {
            scan.reset(start);
            if (expressions.value(type)) {
                return constants(type);
            }
        }
        return Vector.empty();
    }

    private Vector<Expr> constants(DataType type) {
        Expr first = new Expr.Constant(type, values.firstHigh, values.firstLow);
        return values.firstLow == values.lastLow && values.firstHigh == values.lastHigh
                ? Vector.of(first)
                : Vector.of(first, new Expr.Constant(type, values.lastHigh, values.lastLow));
    }

    private String flags() throws Broken {
        if (scan.peek() != '[') {
            scan.scalar();
            return scan.token();
        }
        StringBuilder flags = new StringBuilder();
        for (boolean more = scan.firstItem(); more; more = scan.nextItem()) {
            scan.scalar();
            flags.append(flags.length() == 0 ? "" : ",").append(scan.token());
        }
        return flags.toString();
    }
}
