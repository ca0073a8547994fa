package dev.podpath.proxy.iptables.parse;

import dev.podpath.core.net.IpAddress;
import dev.podpath.ports.plugin.Support;
import dev.podpath.proxy.iptables.rule.CodeBuffer;
import dev.podpath.proxy.iptables.rule.Names;
import dev.podpath.proxy.iptables.rule.Op;
import dev.podpath.proxy.iptables.rule.TableBuilder;
import dev.podpath.proxy.iptables.rule.WordHash;
import io.vavr.control.Option;

/** The rule that is being read: where it stands, what it was turned into so far, and how well it was understood. */
final class RuleLine {
    private final Cursor cursor;
    private final Names labels;
    private final Problems problems;
    private final boolean v6;
    private TableBuilder table;
    private boolean negated;
    private int partFrom;
    private Support level = Support.FULL;
    private boolean failed;

    RuleLine(Cursor cursor, Names labels, Problems problems, TableBuilder table) {
        this.cursor = cursor;
        this.labels = labels;
        this.problems = problems;
        this.v6 = table.isV6();
        this.table = table;
    }

    void begin(TableBuilder of) {
        table = of;
        level = Support.FULL;
        failed = false;
        negated = false;
    }

    Cursor cursor() {
        return cursor;
    }

    TableBuilder table() {
        return table;
    }

    boolean isV6() {
        return v6;
    }

    CodeBuffer code() {
        return table.code();
    }

    Support level() {
        return level;
    }

    boolean failed() {
        return failed;
    }

    /** Lowers how well the rule is understood. */
    void level(Support worse) {
        if (worse.compareTo(level) > 0) {
            level = worse;
        }
    }

    /** Sets what is negated, and where the part of the rule begins. */
    void part(boolean isNegated, int from) {
        negated = isNegated;
        partFrom = from;
    }

    boolean negated() {
        return negated;
    }

    /** Goes to the value of an option; an exclamation mark before it negates, as older tools print it. */
    boolean value(String option) {
        if (!cursor.next()) {
            fail("the end of the line", "a value of " + option);
            return false;
        }
        if (cursor.word() == Word.NOT) {
            negated = !negated;
            if (!cursor.next()) {
                fail("the end of the line", "a value of " + option);
                return false;
            }
        }
        return true;
    }

    /** Adds a test. */
    void test(int op, int argument) {
        code().add(Op.header(op, negated, argument));
    }

    /** The rule cannot be read any further: it becomes one whose effect is not known. */
    void fail(String found, String expected) {
        if (!failed) {
            problems.at(cursor.line(), found, expected);
            failed = true;
            level(Support.UNRECOGNIZED);
        }
    }

    /** Reports something without giving up the rule. */
    void report(String found, String expected) {
        problems.at(cursor.line(), found, expected);
    }

    /** Number of the name that is the word here. */
    int label() {
        return label(cursor.from(), cursor.to());
    }

    int label(int from, int to) {
        return labels.intern(from, to, WordHash.of(cursor.text(), from, to));
    }

    /** Adds the words of an address that stands between two places; false where it is none of the table's family. */
    boolean address(int from, int to) {
        if (!v6) {
            long bits = Scan.v4(cursor.text(), from, to);
            if (bits < 0) {
                fail(cursor.show(from, to), "an IPv4 address");
                return false;
            }
            code().add((int) bits);
            return true;
        }
        Option<IpAddress> address = Scan.v6(cursor.text(), from, to);
        if (address.isEmpty()) {
            fail(cursor.show(from, to), "an IPv6 address");
            return false;
        }
        words(address.get());
        return true;
    }

    private void words(IpAddress address) {
        if (v6) {
            code().add((int) (address.high() >>> 32));
            code().add((int) address.high());
            code().add((int) (address.low() >>> 32));
        }
        code().add((int) address.low());
    }

    /**
     * Adds a test of an address under a mask; the word here is {@code a}, {@code a/length} or {@code a/mask}.
     *
     * @param op the operation for a prefix
     * @param maskedOp the operation for a mask with holes; 0 where there is none
     */
    void prefix(int op, int maskedOp) {
        byte[] text = cursor.text();
        int from = cursor.from();
        int to = cursor.to();
        int slash = Scan.find(text, from, to, '/');
        int bits = v6 ? 128 : 32;
        int length = bits;
        int at = code().size();
        if (slash < to) {
            length = (int) Scan.decimal(text, slash + 1, to, bits);
            if (length < 0) {
                masked(op, maskedOp, from, slash, to);
                return;
            }
        }
        test(op, length);
        if (!address(from, slash)) {
            code().truncate(at);
            return;
        }
        clearHost(at + 1, length);
    }

    private void clearHost(int at, int length) {
        int words = v6 ? 4 : 1;
        for (int i = 0; i < words; i++) {
            int kept = Math.max(0, Math.min(32, length - 32 * i));
            int mask = kept == 0 ? 0 : -1 << (32 - kept);
            code().set(at + i, code().get(at + i) & mask);
        }
    }

    private void masked(int op, int maskedOp, int from, int slash, int to) {
        int at = code().size();
        test(maskedOp, 0);
        if (!address(from, slash) || !address(slash + 1, to)) {
            code().truncate(at);
            return;
        }
        int words = v6 ? 4 : 1;
        int ones = 0;
        boolean holes = false;
        for (int i = 0; i < words; i++) {
            int mask = code().get(at + 1 + words + i);
            int leading = Integer.numberOfLeadingZeros(~mask);
            holes |= mask << leading != 0 && leading < 32 || ones < 32 * i && mask != 0;
            ones += ones == 32 * i ? leading : 0;
            code().set(at + 1 + i, code().get(at + 1 + i) & mask);
        }
        if (!holes) {
            code().truncate(at + 1 + words);
            code().set(at, Op.header(op, negated, ones));
        } else if (maskedOp == 0) {
            code().truncate(at);
            text(Op.OPAQUE, 1, partFrom, to);
            level(Support.UNIMPLEMENTED);
        }
    }

    /** Adds a test whose operands are a part of the text. */
    void text(int op, int argument, int from, int to) {
        test(op, argument);
        code().add(from);
        code().add(to - from);
    }

    /** Where the part of the rule begins that is being read. */
    int partFrom() {
        return partFrom;
    }
}
