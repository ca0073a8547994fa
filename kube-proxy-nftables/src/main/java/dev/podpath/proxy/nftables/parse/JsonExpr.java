package dev.podpath.proxy.nftables.parse;

import dev.podpath.proxy.nftables.rule.Content;
import dev.podpath.proxy.nftables.rule.DataType;
import dev.podpath.proxy.nftables.rule.Expr;
import dev.podpath.proxy.nftables.rule.Expr.BitOp;
import dev.podpath.proxy.nftables.rule.Selector;
import dev.podpath.proxy.nftables.rule.Table;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads expressions and values in the JSON form of nftables (libnftables-json(5)). */
final class JsonExpr {
    private static final int DEEPEST = 40;

    private final JsonScan scan;
    private final Values values;
    private int depth;

    JsonExpr(JsonScan scan, Values values) {
        this.scan = scan;
        this.values = values;
    }

    /** Reads an expression over packets. What is not modelled is opaque. */
    Expr read() throws Broken {
        if (scan.peek() != '{') {
            int start = scan.position();
            scan.skip();
            return new Expr.Opaque(scan.slice(start));
        }
        if (++depth > DEEPEST) {
            throw new Broken(scan.position(), "fewer expressions inside each other");
        }
        int start = scan.position();
        if (!scan.firstField()) {
            throw new Broken(start, "an expression");
        }
        Expr read = known();
        boolean more = scan.nextField();
        depth--;
        if (read == null || more) {
            scan.reset(start);
            scan.skip();
            return new Expr.Opaque(scan.slice(start));
        }
        return read;
    }

    private @Nullable Expr known() throws Broken {
        switch (scan.word()) {
            case PAYLOAD -> {
                return payload();
            }
            case META -> {
                return meta();
            }
            case CT -> {
                return connection();
            }
            case FIB -> {
                return route();
            }
            case NUMGEN -> {
                return numgen();
            }
            case JHASH, SYMHASH -> {
                return hash(scan.word() == Word.SYMHASH);
            }
            case CONCAT -> {
                return concat();
            }
            default -> {
                BitOp op = operation();
                if (op == null) {
                    scan.skip();
                    return null;
                }
                return bits(op);
            }
        }
    }

    private @Nullable BitOp operation() {
        int first = scan.from() < scan.to() ? scan.text()[scan.from()] : 0;
        int length = scan.to() - scan.from();
        return first == '&' && length == 1
                ? BitOp.AND
                : first == '|' && length == 1
                        ? BitOp.OR
                        : first == '^' && length == 1
                                ? BitOp.XOR
                                : first == '<' && length == 2
                                        ? BitOp.LEFT
                                        : first == '>' && length == 2 ? BitOp.RIGHT : null;
    }

    private @Nullable Expr bits(BitOp op) throws Broken {
        boolean more = scan.firstItem();
        Expr result = more ? read() : null;
        while (more && (more = scan.nextItem())) {
            DataType type = result == null ? DataType.OTHER : result.type();
            Expr right;
            if (scan.peek() == '{') {
                right = read();
            } else if (value(type)) {
                right = new Expr.Constant(type, values.firstHigh, values.firstLow);
            } else {
                right = null;
            }
            result = result == null || right == null ? null : new Expr.Bits(op, result, right);
        }
        return result;
    }

    private @Nullable Expr payload() throws Broken {
        Word protocol = Word.OTHER;
        Word field = Word.OTHER;
        for (boolean more = scan.firstField(); more; more = scan.nextField()) {
            Word key = scan.word();
            if (key == Word.PROTOCOL || key == Word.FIELD) {
                scan.scalar();
                protocol = key == Word.PROTOCOL ? scan.word() : protocol;
                field = key == Word.FIELD ? scan.word() : field;
            } else {
                scan.skip();
            }
        }
        boolean isType = field == Word.TYPE;
        Selector selector = switch (protocol) {
            case IP -> pick(field, Selector.IP_SADDR, Selector.IP_DADDR, Word.PROTOCOL, Selector.IP_PROTOCOL);
            case IP6 -> pick(field, Selector.IP6_SADDR, Selector.IP6_DADDR, Word.NEXTHDR, Selector.IP6_NEXTHDR);
            case TCP -> pick(field, Selector.TCP_SPORT, Selector.TCP_DPORT, Word.FLAGS, Selector.TCP_FLAGS);
            case UDP -> pick(field, Selector.UDP_SPORT, Selector.UDP_DPORT, null, null);
            case SCTP -> pick(field, Selector.SCTP_SPORT, Selector.SCTP_DPORT, null, null);
            case TH -> pick(field, Selector.TH_SPORT, Selector.TH_DPORT, null, null);
            case ICMP -> isType ? Selector.ICMP_TYPE : null;
            case ICMPV6 -> isType ? Selector.ICMPV6_TYPE : null;
            default -> null;
        };
        return selector == null ? null : Expr.Read.of(selector);
    }

    private static @Nullable Selector pick(
            Word field, Selector source, Selector destination, @Nullable Word third, @Nullable Selector other) {
        return switch (field) {
            case SADDR, SPORT -> source;
            case DADDR, DPORT -> destination;
            default -> field == third ? other : null;
        };
    }

    private @Nullable Expr meta() throws Broken {
        Word key = Word.OTHER;
        for (boolean more = scan.firstField(); more; more = scan.nextField()) {
            boolean isKey = scan.word() == Word.KEY;
            if (isKey) {
                scan.scalar();
                key = scan.word();
            } else {
                scan.skip();
            }
        }
        Selector selector = switch (key) {
            case L4PROTO -> Selector.L4PROTO;
            case MARK -> Selector.MARK;
            case NFPROTO -> Selector.NFPROTO;
            case IIFNAME -> Selector.IIFNAME;
            case OIFNAME -> Selector.OIFNAME;
            case IIF -> Selector.IIF;
            case OIF -> Selector.OIF;
            default -> null;
        };
        return selector == null ? null : Expr.Read.of(selector);
    }

    private @Nullable Expr connection() throws Broken {
        String key = "";
        String direction = "";
        for (boolean more = scan.firstField(); more; more = scan.nextField()) {
            Word name = scan.word();
            if (name == Word.KEY || name == Word.DIR) {
                scan.scalar();
                key = name == Word.KEY ? scan.token() : key;
                direction = name == Word.DIR ? scan.token() + " " : direction;
            } else {
                scan.skip();
            }
        }
        Selector selector = Selector.named("ct " + direction + key).getOrNull();
        return selector == null ? null : Expr.Read.of(selector);
    }

    private @Nullable Expr route() throws Broken {
        String result = "";
        StringBuilder flags = new StringBuilder();
        for (boolean more = scan.firstField(); more; more = scan.nextField()) {
            Word name = scan.word();
            if (name == Word.RESULT) {
                scan.scalar();
                result = scan.token();
            } else if (name == Word.FLAGS && scan.peek() == '[') {
                for (boolean item = scan.firstItem(); item; item = scan.nextItem()) {
                    scan.scalar();
                    flags.append(flags.length() == 0 ? "" : " . ").append(scan.token());
                }
            } else if (name == Word.FLAGS) {
                scan.scalar();
                flags.append(scan.token());
            } else {
                scan.skip();
            }
        }
        Selector selector = Selector.named("fib " + flags + " " + result).getOrNull();
        return selector == null ? null : Expr.Read.of(selector);
    }

    private long number() throws Broken {
        scan.scalar();
        long number = values.number(scan.from(), scan.to());
        if (number < 0 || number > 0xFFFF_FFFFL) {
            throw new Broken(scan.from(), "a number");
        }
        return number;
    }

    private Expr numgen() throws Broken {
        int place = scan.position();
        boolean random = true;
        long modulus = 0;
        long offset = 0;
        for (boolean more = scan.firstField(); more; more = scan.nextField()) {
            switch (scan.word()) {
                case MODE -> {
                    scan.scalar();
                    random = scan.word() == Word.RANDOM;
                }
                case MOD -> modulus = number();
                case OFFSET -> offset = number();
                default -> scan.skip();
            }
        }
        if (modulus == 0) {
            throw new Broken(place, "mod and a number above 0");
        }
        return new Expr.Numgen(random, modulus, offset);
    }

    private Expr hash(boolean symmetric) throws Broken {
        int place = scan.position();
        long modulus = 0;
        long offset = 0;
        long seed = -1;
        String what = symmetric ? "symhash" : "jhash ?";
        for (boolean more = scan.firstField(); more; more = scan.nextField()) {
            switch (scan.word()) {
                case MOD -> modulus = number();
                case OFFSET -> offset = number();
                case SEED -> seed = number();
                case EXPR -> what = "jhash " + text(read());
                default -> scan.skip();
            }
        }
        if (modulus == 0) {
            throw new Broken(place, "mod and a number above 0");
        }
        return new Expr.Hash(
                what + " mod " + modulus + (seed < 0 ? "" : " seed 0x" + Long.toHexString(seed)), modulus, offset);
    }

    private static String text(Expr expr) {
        if (expr instanceof Expr.Read read) {
            return read.selector().text();
        }
        if (expr instanceof Expr.Concat concat) {
            StringBuilder out = new StringBuilder(text(concat.part(0)));
            for (int i = 1; i < concat.size(); i++) {
                out.append(" . ").append(text(concat.part(i)));
            }
            return out.toString();
        }
        return "?";
    }

    private @Nullable Expr concat() throws Broken {
        List<Expr> parts = new ArrayList<>(4);
        boolean whole = true;
        for (boolean more = scan.firstItem(); more; more = scan.nextItem()) {
            Expr part = read();
            whole &= !(part instanceof Expr.Opaque);
            parts.add(part);
        }
        return whole && parts.size() > 1 ? new Expr.Concat(parts.toArray(new Expr[0])) : null;
    }

    /** Reads a value, prefix or range of a type into {@link Values}; false where it is none, and then it was skipped. */
    boolean value(DataType type) throws Broken {
        int first = scan.peek();
        if (first == '"') {
            scan.string();
            return values.range(type, scan.from(), scan.to());
        }
        if (first == '[') {
            return flags(type);
        }
        if (first != '{') {
            scan.plain();
            long number = scan.word() == Word.FALSE
                    ? 0
                    : scan.word() == Word.TRUE ? 1 : values.number(scan.from(), scan.to());
            return values.number(type, number);
        }
        int start = scan.position();
        boolean read = false;
        if (scan.firstField()) {
            switch (scan.word()) {
                case PREFIX -> read = prefix(type);
                case RANGE -> read = span(type);
                default -> {
                    if (operation() == BitOp.OR) {
                        read = flags(type);
                    }
                }
            }
        }
        scan.reset(start);
        scan.skip();
        return read;
    }

    private boolean prefix(DataType type) throws Broken {
        boolean known = false;
        long length = -1;
        int address = -1;
        for (boolean more = scan.firstField(); more; more = scan.nextField()) {
            switch (scan.word()) {
                case ADDR -> {
                    address = scan.position();
                    scan.skip();
                }
                case LEN -> length = number();
                default -> scan.skip();
            }
        }
        if (address >= 0 && length >= 0) {
            scan.reset(address);
            scan.scalar();
            known = values.value(type, scan.from(), scan.to()) && values.prefix(type, (int) Math.min(length, 1000));
        }
        return known;
    }

    private boolean span(DataType type) throws Broken {
        if (!scan.firstItem() || !value(type)) {
            return false;
        }
        long high = values.firstHigh;
        long low = values.firstLow;
        if (!scan.nextItem() || !value(type)) {
            return false;
        }
        values.firstHigh = high;
        values.firstLow = low;
        return true;
    }

    private boolean flags(DataType type) throws Broken {
        long sum = 0;
        boolean whole = true;
        for (boolean more = scan.firstItem(); more; more = scan.nextItem()) {
            whole &= value(type);
            sum |= values.firstLow;
        }
        return values.number(type, sum) && whole;
    }

    /** The two fields of a map: reads the key first, wherever it stands. */
    Expr.@Nullable Mapped mapped(JsonElements elements, Table table, DataType[] data) throws Broken {
        Expr key = null;
        int place = -1;
        for (boolean more = scan.firstField(); more; more = scan.nextField()) {
            switch (scan.word()) {
                case KEY -> key = read();
                case DATA -> {
                    place = scan.position();
                    scan.skip();
                }
                default -> scan.skip();
            }
        }
        int end = scan.position();
        if (key == null || place < 0 || key instanceof Expr.Opaque) {
            return null;
        }
        scan.reset(place);
        Content content = elements.content(table, key, data);
        scan.reset(end);
        return new Expr.Mapped(key, content);
    }
}
