package dev.podpath.proxy.nftables.parse;

import dev.podpath.proxy.nftables.rule.DataType;
import dev.podpath.proxy.nftables.rule.Expr;
import dev.podpath.proxy.nftables.rule.Statement;
import dev.podpath.proxy.nftables.rule.Statement.Nat;
import dev.podpath.proxy.nftables.rule.Statement.NatKind;
import dev.podpath.proxy.nftables.rule.Table;
import io.vavr.collection.Vector;

/** Reads what addresses and ports become: {@code dnat to 10.0.0.1:80}, {@code snat ip to saddr map @m}. */
final class NatText {
    private static final DataType[] UNTOLD = {};

    private final Scan scan;
    private final Values values;
    private final RuleText rules;
    private final ExprText expressions;

    NatText(Scan scan, Values values, RuleText rules, ExprText expressions) {
        this.scan = scan;
        this.values = values;
        this.rules = rules;
        this.expressions = expressions;
    }

    /** Reads the statement the token begins; the token after it is the current one afterwards. */
    Statement read(Table table) throws Broken {
        int from = scan.from();
        NatKind kind = switch (scan.word()) {
            case DNAT -> NatKind.DNAT;
            case SNAT -> NatKind.SNAT;
            case MASQUERADE -> NatKind.MASQUERADE;
            default -> NatKind.REDIRECT;
        };
        scan.next();
        String family = "";
        if (scan.word() == Word.IP || scan.word() == Word.IP6) {
            family = scan.token();
            scan.next();
        }
        if (scan.word() == Word.PREFIX || scan.word() == Word.ADDR) {
            return unsupported(from);
        }
        Vector<Expr> address = Vector.empty();
        Vector<Expr> port = Vector.empty();
        if (scan.word() == Word.TO) {
            scan.next();
            if (scan.type() != Scan.WORD) {
                throw new Broken(scan.from(), "an address or a port");
            }
            int first = scan.first();
            if (first == ':') {
                port = ports(scan.from() + 1, scan.to());
                scan.next();
            } else if (first >= '0' && first <= '9' || first == '[' || isAddress()) {
                int colon = colon();
                address = addresses(scan.from(), colon < 0 ? scan.to() : colon);
                port = colon < 0 ? port : ports(colon + 1, scan.to());
                scan.next();
            } else {
                Expr key = expressions.read();
                if (key == null || scan.word() != Word.MAP) {
                    return unsupported(from);
                }
                scan.next();
                address = Vector.of(new Expr.Mapped(key, rules.content(table, key, UNTOLD)));
                if (scan.type() == Scan.WORD && scan.first() == ':') {
                    port = ports(scan.from() + 1, scan.to());
                    scan.next();
                }
            }
        }
        return new Nat(kind, family, address, port, flags());
    }

    private Statement unsupported(int from) {
        while (scan.type() != Scan.LINE
                && scan.type() != Scan.SEMICOLON
                && scan.type() != Scan.CLOSE
                && scan.type() != Scan.END) {
            if (scan.type() == Scan.OPEN) {
                scan.skipBlock();
            }
            scan.next();
        }
        return new Statement.Unsupported(scan.slice(from, scan.from()));
    }

    private boolean isAddress() {
        return values.range(DataType.IPV6, scan.from(), scan.to());
    }

    /** Where the colon before the port is; -1 where there is no port. */
    private int colon() {
        byte[] text = scan.text();
        int from = scan.from();
        int found = -1;
        for (int i = from; i < scan.to(); i++) {
            if (text[i] == ':') {
                if (text[from] == '[') {
                    found = text[i - 1] == ']' ? i : found;
                } else if (found >= 0) {
                    return -1;
                } else {
                    found = i;
                }
            }
        }
        return found;
    }

    private Vector<Expr> addresses(int from, int to) throws Broken {
        byte[] text = scan.text();
        if (text[from] != '[') {
            return addresses(text[from] == ':' || isV6(from, to) ? DataType.IPV6 : DataType.IPV4, from, to);
        }
        int end = from + 1;
        while (end < to && text[end] != ']') {
            end++;
        }
        Vector<Expr> first = addresses(DataType.IPV6, from + 1, end);
        if (end + 2 < to && text[end + 1] == '-' && text[end + 2] == '[') {
            Vector<Expr> last = addresses(DataType.IPV6, end + 3, to - 1);
            return Vector.of(first.head(), last.last());
        }
        return first;
    }

    private boolean isV6(int from, int to) {
        for (int i = from; i < to; i++) {
            if (scan.text()[i] == ':') {
                return true;
            }
        }
        return false;
    }

    private Vector<Expr> addresses(DataType type, int from, int to) throws Broken {
        if (!values.range(type, from, to)) {
            throw new Broken(scan.from(), "an address or a range of addresses");
        }
        return constants(type);
    }

    private Vector<Expr> ports(int from, int to) throws Broken {
        if (!values.range(DataType.SERVICE, from, to)) {
            throw new Broken(scan.from(), "a port or a range of ports");
        }
        return constants(DataType.SERVICE);
    }

    private Vector<Expr> constants(DataType type) {
        Expr first = new Expr.Constant(type, values.firstHigh, values.firstLow);
        return values.firstLow == values.lastLow && values.firstHigh == values.lastHigh
                ? Vector.of(first)
                : Vector.of(first, new Expr.Constant(type, values.lastHigh, values.lastLow));
    }

    private String flags() {
        StringBuilder flags = new StringBuilder();
        while (scan.word() == Word.RANDOM || scan.word() == Word.FULLY_RANDOM || scan.word() == Word.PERSISTENT) {
            flags.append(flags.length() == 0 ? "" : ",").append(scan.token());
            if (scan.next() == Scan.COMMA) {
                scan.next();
            }
        }
        return flags.toString();
    }
}
