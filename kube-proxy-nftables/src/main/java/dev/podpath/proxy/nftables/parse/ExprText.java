package dev.podpath.proxy.nftables.parse;

import dev.podpath.proxy.nftables.rule.DataType;
import dev.podpath.proxy.nftables.rule.Expr;
import dev.podpath.proxy.nftables.rule.Expr.BitOp;
import dev.podpath.proxy.nftables.rule.Selector;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads expressions: fields of the packet, rows of them, generated numbers, hashes, and operations on bits. */
final class ExprText {
    private static final int DEEPEST = 40;

    private final Scan scan;
    private final Values values;

    ExprText(Scan scan, Values values) {
        this.scan = scan;
        this.values = values;
    }

    /**
     * Reads the expression the token begins; the token after it is the current one afterwards. Null where it is none that is
     * modelled.
     */
    @Nullable
    Expr read() throws Broken {
        Expr first = primary();
        if (first == null || scan.type() != Scan.WORD || !scan.is(".")) {
            return first;
        }
        List<Expr> parts = new ArrayList<>(4);
        parts.add(first);
        while (scan.type() == Scan.WORD && scan.is(".")) {
            scan.next();
            Expr next = primary();
            if (next == null) {
                return null;
            }
            parts.add(next);
        }
        return new Expr.Concat(parts.toArray(new Expr[0]));
    }

    private @Nullable Expr primary() throws Broken {
        if (scan.type() != Scan.WORD) {
            return null;
        }
        switch (scan.word()) {
            case IP -> {
                return header(false);
            }
            case IP6 -> {
                return header(true);
            }
            case TCP -> {
                return transport(Selector.TCP_SPORT, Selector.TCP_DPORT, "tcp");
            }
            case UDP -> {
                return transport(Selector.UDP_SPORT, Selector.UDP_DPORT, "udp");
            }
            case SCTP -> {
                return transport(Selector.SCTP_SPORT, Selector.SCTP_DPORT, "sctp");
            }
            case TH -> {
                return transport(Selector.TH_SPORT, Selector.TH_DPORT, "th");
            }
            case META -> {
                scan.next();
                return switch (scan.word()) {
                    case L4PROTO -> taken(Selector.L4PROTO);
                    case MARK -> taken(Selector.MARK);
                    case NFPROTO -> taken(Selector.NFPROTO);
                    case IIFNAME -> taken(Selector.IIFNAME);
                    case OIFNAME -> taken(Selector.OIFNAME);
                    case IIF -> taken(Selector.IIF);
                    case OIF -> taken(Selector.OIF);
                    default -> null;
                };
            }
            case IIFNAME -> {
                return taken(Selector.IIFNAME);
            }
            case OIFNAME -> {
                return taken(Selector.OIFNAME);
            }
            case IIF -> {
                return taken(Selector.IIF);
            }
            case OIF -> {
                return taken(Selector.OIF);
            }
            case MARK -> {
                return taken(Selector.MARK);
            }
            case CT -> {
                return connection();
            }
            case FIB -> {
                return route();
            }
            case ICMP, ICMPV6 -> {
                boolean v6 = scan.word() == Word.ICMPV6;
                scan.next();
                return scan.is("type") ? taken(v6 ? Selector.ICMPV6_TYPE : Selector.ICMP_TYPE) : null;
            }
            case NUMGEN -> {
                return numgen();
            }
            case JHASH, SYMHASH -> {
                return hash();
            }
            default -> {
                return null;
            }
        }
    }

    private Expr taken(Selector selector) {
        scan.next();
        return Expr.Read.of(selector);
    }

    private @Nullable Expr header(boolean v6) {
        scan.next();
        return switch (scan.word()) {
            case SADDR -> taken(v6 ? Selector.IP6_SADDR : Selector.IP_SADDR);
            case DADDR -> taken(v6 ? Selector.IP6_DADDR : Selector.IP_DADDR);
            case PROTOCOL -> v6 ? null : taken(Selector.IP_PROTOCOL);
            case NEXTHDR -> v6 ? taken(Selector.IP6_NEXTHDR) : null;
            default -> null;
        };
    }

    private @Nullable Expr transport(Selector source, Selector destination, String protocol) {
        scan.next();
        return switch (scan.word()) {
            case SPORT -> taken(source);
            case DPORT -> taken(destination);
            case FLAGS -> protocol.equals("tcp") ? taken(Selector.TCP_FLAGS) : null;
            default -> null;
        };
    }

    private @Nullable Expr connection() {
        scan.next();
        switch (scan.word()) {
            case STATE -> {
                return taken(Selector.CT_STATE);
            }
            case STATUS -> {
                return taken(Selector.CT_STATUS);
            }
            case MARK -> {
                return taken(Selector.CT_MARK);
            }
            case DIRECTION -> {
                return taken(Selector.CT_DIRECTION);
            }
            case PROTOCOL -> {
                return taken(Selector.CT_PROTOCOL);
            }
            case ORIGINAL -> {
                return original();
            }
            default -> {
                return null;
            }
        }
    }

    private @Nullable Expr original() {
        int from = scan.from();
        scan.next();
        if (scan.word() == Word.IP || scan.word() == Word.IP6) {
            scan.next();
        }
        Selector selector = Selector.named("ct " + scan.slice(from, scan.to())).getOrNull();
        return selector == null ? null : taken(selector);
    }

    /** {@code fib daddr type}, {@code fib saddr . iif oif}. */
    private @Nullable Expr route() {
        int from = scan.from();
        int token = scan.next();
        while (token == Scan.WORD) {
            if (scan.word() == Word.TYPE || scan.word() == Word.OIF || scan.word() == Word.OIFNAME) {
                Selector selector = Selector.named(scan.slice(from, scan.to())).getOrNull();
                return selector == null ? null : taken(selector);
            }
            if (scan.from() - from > 60) {
                return null;
            }
            token = scan.next();
        }
        return null;
    }

    private long count(Word word, long otherwise) throws Broken {
        if (scan.word() != word) {
            return otherwise;
        }
        scan.next();
        long number = values.number(scan.from(), scan.to());
        if (scan.type() != Scan.WORD || number < 0 || number > 0xFFFF_FFFFL) {
            throw new Broken(scan.from(), "a number");
        }
        scan.next();
        return number;
    }

    private Expr numgen() throws Broken {
        scan.next();
        boolean random = scan.word() == Word.RANDOM;
        if (!random && scan.word() != Word.INC) {
            throw new Broken(scan.from(), "random or inc");
        }
        scan.next();
        int place = scan.from();
        long modulus = count(Word.MOD, 0);
        if (modulus == 0) {
            throw new Broken(place, "mod and a number above 0");
        }
        return new Expr.Numgen(random, modulus, count(Word.OFFSET, 0));
    }

    private @Nullable Expr hash() throws Broken {
        int from = scan.from();
        int to = scan.to();
        boolean symmetric = scan.word() == Word.SYMHASH;
        scan.next();
        if (!symmetric) {
            if (read() == null) {
                return null;
            }
            to = scan.from();
        }
        int place = scan.from();
        long modulus = count(Word.MOD, 0);
        if (modulus == 0) {
            throw new Broken(place, "mod and a number above 0");
        }
        String what = scan.slice(from, to).replaceAll("\\s+", " ");
        long seed = count(Word.SEED, -1);
        long offset = count(Word.OFFSET, 0);
        return new Expr.Hash(
                what + " mod " + modulus + (seed < 0 ? "" : " seed 0x" + Long.toHexString(seed)), modulus, offset);
    }

    /** Reads operations on bits that follow an expression; the token is the first after it. */
    Expr operations(Expr left) throws Broken {
        Expr result = left;
        int deep = 0;
        for (BitOp op = operation(); op != null; op = operation()) {
            if (++deep > DEEPEST) {
                throw new Broken(scan.from(), "fewer operations in a row");
            }
            scan.next();
            result = new Expr.Bits(op, result, operand(left.type()));
        }
        return result;
    }

    private @Nullable BitOp operation() {
        if (scan.type() != Scan.WORD) {
            return null;
        }
        return switch (scan.word()) {
            case AND -> BitOp.AND;
            case OR -> BitOp.OR;
            case XOR -> BitOp.XOR;
            default ->
                scan.is("&")
                        ? BitOp.AND
                        : scan.is("|")
                                ? BitOp.OR
                                : scan.is("^")
                                        ? BitOp.XOR
                                        : scan.is("<<") ? BitOp.LEFT : scan.is(">>") ? BitOp.RIGHT : null;
        };
    }

    /** A value, flags in parentheses, or a field. */
    private Expr operand(DataType type) throws Broken {
        if (scan.type() == Scan.PAREN && scan.is("(")) {
            long sum = 0;
            int token = Scan.WORD;
            while (token == Scan.WORD) {
                scan.next();
                if (scan.type() != Scan.WORD || !values.value(type, scan.from(), scan.to())) {
                    throw new Broken(scan.from(), "a value of type " + type.text());
                }
                sum |= values.firstLow;
                token = scan.next();
                if (token == Scan.PAREN) {
                    break;
                }
                if (!scan.is("|")) {
                    throw new Broken(scan.from(), "| or )");
                }
            }
            scan.next();
            return new Expr.Constant(type, 0, sum);
        }
        if (scan.type() == Scan.WORD && values.value(type, scan.from(), scan.to())) {
            Expr constant = new Expr.Constant(type, values.firstHigh, values.firstLow);
            scan.next();
            return constant;
        }
        int place = scan.from();
        Expr read = primary();
        if (read == null) {
            throw new Broken(place, "a value of type " + type.text());
        }
        return read;
    }

    /** Reads a value that a mark can become: a number, or an expression with operations. */
    @Nullable
    Expr value(DataType type) throws Broken {
        if (scan.type() == Scan.WORD && values.value(type, scan.from(), scan.to())) {
            Expr constant = new Expr.Constant(type, values.firstHigh, values.firstLow);
            scan.next();
            return operations(constant);
        }
        Expr read = read();
        return read == null ? null : operations(read);
    }
}
