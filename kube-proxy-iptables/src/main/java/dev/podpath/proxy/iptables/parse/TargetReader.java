package dev.podpath.proxy.iptables.parse;

import dev.podpath.ports.plugin.Support;
import dev.podpath.proxy.iptables.rule.NatRange;
import dev.podpath.proxy.iptables.rule.Op;
import dev.podpath.proxy.iptables.rule.RejectKind;
import dev.podpath.proxy.iptables.rule.TableName;
import org.jspecify.annotations.Nullable;

/** Reads the target of a rule and its options, which are the last of the rule. */
@SuppressWarnings("EnumOrdinal")
final class TargetReader {
    private final RuleLine rule;
    private final Cursor cursor;

    TargetReader(RuleLine rule) {
        this.rule = rule;
        this.cursor = rule.cursor();
    }

    /** Reads what follows {@code -j} or {@code -g}. */
    void read(boolean isGoto) {
        if (!cursor.next()) {
            rule.fail("-j at the end of the line", "a target");
            return;
        }
        rule.part(false, rule.partFrom());
        int chain = rule.table().chain(cursor.from(), cursor.to(), cursor.hash());
        Word word = cursor.word();
        if (chain >= 0 && word != Word.ACCEPT && word != Word.DROP && word != Word.RETURN) {
            rule.test(isGoto ? Op.GOTO : Op.JUMP, 0);
            rule.code().add(chain);
            rest();
            return;
        }
        if (isGoto) {
            rule.fail("-g " + cursor.show(), "a chain this table declares");
            return;
        }
        int from = cursor.from();
        switch (word) {
            case ACCEPT -> simple(Op.ACCEPT);
            case DROP -> simple(Op.DROP);
            case RETURN -> simple(Op.RETURN);
            case NOTRACK -> simple(Op.NOTRACK);
            case CT -> connectionTracking(from);
            case MARK -> mark(false);
            case CONNMARK -> mark(true);
            case DNAT -> translation(Op.DNAT, Word.TO_DESTINATION);
            case SNAT -> translation(Op.SNAT, Word.TO_SOURCE);
            case MASQUERADE -> portsOnly(Op.MASQUERADE);
            case REDIRECT -> portsOnly(Op.REDIRECT);
            case REJECT -> reject();
            case NETMAP -> netmap();
            case T_NEUTRAL -> opaque(Op.NEUTRAL, 1, from);
            case T_UNMODELLED -> {
                opaque(Op.OPAQUE_TARGET, 1, from);
                rule.level(Support.UNIMPLEMENTED);
            }
            default -> unknown(from);
        }
    }

    private void simple(int op) {
        rule.test(op, 0);
        rest();
    }

    /** Nothing but comments may follow. */
    private void rest() {
        while (cursor.next()) {
            Word word = cursor.word();
            if (word == Word.MATCH || word == Word.COMMENT_TEXT) {
                if (word == Word.COMMENT_TEXT || !cursor.next() || cursor.word() != Word.M_COMMENT) {
                    cursor.skipWord();
                }
            } else {
                rule.fail(cursor.show(), "the end of the rule after its target");
                return;
            }
        }
    }

    private void opaque(int op, int known, int from) {
        int end = cursor.to();
        while (cursor.next()) {
            end = cursor.position();
        }
        rule.text(op, known, from, end);
    }

    private void unknown(int from) {
        int name = cursor.to();
        boolean options = cursor.next() && cursor.isOption();
        if (!options) {
            rule.fail(
                    "-j " + cursor.show(from, name),
                    "a chain that table " + rule.table().name().text() + " declares, or a known target");
            return;
        }
        opaque(Op.OPAQUE_TARGET, 0, from);
        rule.level(Support.UNRECOGNIZED);
    }

    private void connectionTracking(int from) {
        boolean noTracking = false;
        boolean other = false;
        int end = cursor.to();
        while (cursor.next()) {
            end = cursor.position();
            switch (cursor.word()) {
                case NOTRACK_OPTION -> noTracking = true;
                case HELPER, CTEVENTS, EXPEVENTS, TIMEOUT -> {
                    cursor.skipWord();
                    end = cursor.position();
                }
                default -> other = true;
            }
        }
        if (other) {
            rule.text(Op.OPAQUE_TARGET, 1, from, end);
            rule.level(Support.UNIMPLEMENTED);
        } else if (noTracking) {
            rule.test(Op.NOTRACK, 0);
        } else {
            rule.text(Op.NEUTRAL, 1, from, end);
        }
    }

    private void mark(boolean connection) {
        int kind = Op.CONNMARK_SET;
        long value = -1;
        long mask = -1;
        long nfmask = 0xFFFF_FFFFL;
        long ctmask = 0xFFFF_FFFFL;
        while (cursor.next()) {
            Word word = cursor.word();
            if (word == Word.SAVE_MARK || word == Word.RESTORE_MARK) {
                kind = word == Word.SAVE_MARK ? Op.CONNMARK_SAVE : Op.CONNMARK_RESTORE;
                continue;
            }
            String option = cursor.show();
            if (!cursor.next()) {
                rule.fail(option + " at the end of the line", "a value");
                return;
            }
            int slash = Scan.find(cursor.text(), cursor.from(), cursor.to(), '/');
            long first = Scan.word(cursor.text(), cursor.from(), slash);
            long second = slash == cursor.to() ? 0xFFFF_FFFFL : Scan.word(cursor.text(), slash + 1, cursor.to());
            if (first < 0 || second < 0) {
                rule.fail(cursor.show(), "a mark, or a mark and a mask, of 32 bits");
                return;
            }
            switch (word) {
                case SET_XMARK -> {
                    value = first;
                    mask = second;
                }
                case SET_MARK -> {
                    value = first;
                    mask = first | second;
                }
                case AND_MARK -> {
                    value = 0;
                    mask = ~first & 0xFFFF_FFFFL;
                }
                case OR_MARK -> {
                    value = first;
                    mask = first;
                }
                case XOR_MARK -> {
                    value = first;
                    mask = 0;
                }
                case NFMASK -> {
                    nfmask = first;
                }
                case CTMASK -> {
                    ctmask = first;
                }
                case MASK -> {
                    nfmask = first;
                    ctmask = first;
                }
                default -> {
                    rule.fail(option, "an option of " + (connection ? "CONNMARK" : "MARK"));
                    return;
                }
            }
        }
        if (kind == Op.CONNMARK_SET && value < 0 || kind != Op.CONNMARK_SET && !connection) {
            rule.fail("no mark", "what the mark is set to");
            return;
        }
        rule.test(connection ? Op.SET_CTMARK : Op.SET_MARK, kind);
        rule.code().add((int) (kind == Op.CONNMARK_SET ? value : nfmask));
        rule.code().add((int) (kind == Op.CONNMARK_SET ? mask : ctmask));
    }

    private boolean wantsNat() {
        if (rule.table().name() != TableName.NAT) {
            rule.fail(
                    cursor.show() + " in table " + rule.table().name().text(),
                    "targets that translate addresses in table nat only");
            return false;
        }
        return true;
    }

    private void translation(int op, Word option) {
        if (!wantsNat()) {
            return;
        }
        int words = rule.isV6() ? 4 : 1;
        int at = rule.code().size();
        int flags = 0;
        rule.test(op, 0);
        for (int i = 0; i < 2 * words + 1; i++) {
            rule.code().add(0);
        }
        while (cursor.next()) {
            Word word = cursor.word();
            int flag = natFlag(word);
            if (flag != 0) {
                flags |= flag;
            } else if (word == option) {
                rule.code().truncate(at + 1);
                int given = cursor.next() ? target() : -1;
                if (given <= 0) {
                    rule.code().truncate(at);
                    rule.fail(
                            "a translation to " + cursor.show(),
                            rule.isV6() ? "[address]:port" : "address:port, or a range of them");
                    return;
                }
                flags |= given;
            } else {
                rule.fail(cursor.show(), "an option of the translation");
                return;
            }
        }
        if ((flags & (NatRange.ADDRESSES | NatRange.PORTS)) == 0) {
            rule.code().truncate(at);
            rule.fail("a translation without a target", "an address or a port");
            return;
        }
        rule.code().set(at, Op.header(op, false, flags));
    }

    private static int natFlag(Word word) {
        return switch (word) {
            case PERSISTENT -> NatRange.PERSISTENT;
            case RANDOM -> NatRange.RANDOM;
            case RANDOM_FULLY -> NatRange.RANDOM_FULLY;
            default -> 0;
        };
    }

    /**
     * Reads {@code a}, {@code a-b}, {@code a:p}, {@code a-b:p-q} or {@code :p} (IPv6 in brackets where a port follows)
     * and adds first address, last address and ports; -1 where it is none of them.
     */
    private int target() {
        byte[] text = cursor.text();
        int from = cursor.from();
        int to = cursor.to();
        int end = to;
        int ports = -1;
        if (!rule.isV6()) {
            end = Scan.find(text, from, to, ':');
            ports = end < to ? end + 1 : -1;
        } else if (from < to && text[from] == '[') {
            from++;
            end = Scan.find(text, from, to, ']');
            ports = end + 1 < to && text[end + 1] == ':' ? end + 2 : -1;
        } else if (from < to && text[from] == ':' && Scan.decimal(text, from + 1, to, 65535) >= 0) {
            end = from;
            ports = from + 1;
        }
        int flags = 0;
        int words = rule.isV6() ? 4 : 1;
        if (end > from) {
            int dash = Scan.find(text, from, end, '-');
            int second = dash == end ? from : dash + 1;
            if (!rule.address(from, dash) || !rule.address(second, end)) {
                return -1;
            }
            flags |= NatRange.ADDRESSES;
            rule.level(dash == end ? Support.FULL : Support.LIMITED);
        } else {
            for (int i = 0; i < 2 * words; i++) {
                rule.code().add(0);
            }
        }
        long range = 0;
        if (ports >= 0) {
            range = Scan.ports(text, ports, to, '-');
            if (range <= 0) {
                return -1;
            }
            flags |= NatRange.PORTS;
            rule.level((range >>> 16) == (range & 0xFFFF) ? Support.FULL : Support.LIMITED);
        }
        rule.code().add((int) range);
        return flags;
    }

    private void portsOnly(int op) {
        if (!wantsNat()) {
            return;
        }
        int flags = 0;
        long range = 0;
        while (cursor.next()) {
            Word word = cursor.word();
            int flag = natFlag(word);
            if (flag != 0) {
                flags |= flag;
            } else if (word == Word.TO_PORTS && cursor.next()) {
                range = Scan.ports(cursor.text(), cursor.from(), cursor.to(), '-');
                if (range < 0) {
                    rule.fail(cursor.show(), "a port or a range of ports");
                    return;
                }
                flags |= NatRange.PORTS;
            } else {
                rule.fail(cursor.show(), "an option of the translation");
                return;
            }
        }
        rule.test(op, flags);
        rule.code().add((int) range);
    }

    private void reject() {
        RejectKind kind = rule.isV6() ? RejectKind.ICMP6_PORT_UNREACHABLE : RejectKind.ICMP_PORT_UNREACHABLE;
        while (cursor.next()) {
            if (cursor.word() != Word.REJECT_WITH || !cursor.next()) {
                rule.fail(cursor.show(), "--reject-with");
                return;
            }
            RejectKind named = named();
            if (named == null) {
                rule.fail(cursor.show(), "a way to reject, such as icmp-port-unreachable");
                return;
            }
            kind = named;
        }
        rule.test(Op.REJECT, kind.ordinal());
    }

    private @Nullable RejectKind named() {
        for (RejectKind kind : RejectKind.values()) {
            if (cursor.is(kind.text())) {
                return kind;
            }
        }
        return null;
    }

    private void netmap() {
        if (!wantsNat()) {
            return;
        }
        if (!cursor.next() || cursor.word() != Word.TO || !cursor.next()) {
            rule.fail("NETMAP", "NETMAP --to prefix");
            return;
        }
        rule.prefix(Op.NETMAP, 0);
        rest();
    }
}
