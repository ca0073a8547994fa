package dev.podpath.proxy.iptables.parse;

import dev.podpath.ports.plugin.Support;
import dev.podpath.proxy.iptables.rule.Op;

/**
 * Reads the matches of a rule. The one place where the text of a match is given its meaning as tests of {@link Op}.
 */
final class MatchReader {
    private static final int SYN_MASK = 0x17;
    private static final int SYN = 0x02;

    private final RuleLine rule;
    private final Cursor cursor;
    private final StatefulMatches stateful;
    private Word module = Word.OTHER;
    private int moduleFrom;
    private int nameFrom;
    private int nameTo;

    MatchReader(RuleLine rule) {
        this.rule = rule;
        this.cursor = rule.cursor();
        this.stateful = new StatefulMatches(rule);
    }

    void begin() {
        module = Word.OTHER;
        stateful.begin();
    }

    /** What was collected of the last match is complete. */
    void finish() {
        stateful.finish();
    }

    /** Reads {@code -m}. */
    void module() {
        stateful.finish();
        int from = rule.partFrom();
        if (!cursor.next()) {
            rule.fail("-m at the end of the line", "the name of a match");
            return;
        }
        module = cursor.word();
        nameFrom = cursor.from();
        nameTo = cursor.to();
        moduleFrom = rule.code().size();
        switch (module) {
            case M_OWNER -> untilNextPart(Op.OWNER, 0, from, Support.LIMITED);
            case M_PHYSDEV -> untilNextPart(Op.PHYSDEV, 0, from, Support.LIMITED);
            case M_RPFILTER -> untilNextPart(Op.RPFILTER, 0, from, Support.LIMITED);
            case M_LIMIT -> untilNextPart(Op.RATE, 0, from, Support.LIMITED);
            case M_UNMODELLED -> untilNextPart(Op.OPAQUE, 1, from, Support.UNIMPLEMENTED);
            case M_NFACCT -> {}
            case M_IPVS -> {
                rule.part(false, from);
                rule.test(Op.IPVS, 0);
            }
            default -> {
                if (!module.isModule()) {
                    untilNextPart(Op.OPAQUE, 0, from, Support.UNRECOGNIZED);
                }
            }
        }
    }

    /** Reads {@code -m comment} and its option, which {@link Cursor#nextIsComment} stands at: the most frequent part there is. */
    void comment() {
        stateful.finish();
        module = Word.M_COMMENT;
        nameFrom = cursor.from() + "-m ".length();
        nameTo = nameFrom + "comment".length();
        moduleFrom = rule.code().size();
        cursor.skipWord();
    }

    /**
     * Takes the words up to the next part of the rule as one test that is known by its text only. Such a test is negated
     * where each of its options is: then it holds for a packet that has no socket or no bridge port (xt_owner.c,
     * xt_physdev.c).
     */
    private void untilNextPart(int op, int argument, int from, Support level) {
        int inverted = 0;
        int options = 0;
        int end = cursor.to();
        int before = cursor.position();
        while (cursor.next()) {
            Word word = cursor.word();
            if (word.startsPart()) {
                break;
            }
            inverted += word == Word.NOT || cursor.is("--invert") ? 1 : 0;
            options += cursor.isOption() && op != Op.RPFILTER ? 1 : 0;
            if (word != Word.NOT) {
                end = cursor.position();
                before = end;
            }
        }
        cursor.reset(before);
        boolean single = op == Op.OWNER || op == Op.PHYSDEV || op == Op.RPFILTER;
        rule.part(single && inverted > 0 && inverted >= options, from);
        rule.text(op, argument, from, end);
        rule.level(level);
    }

    /** Reads an option of the rule itself or of the match that was named last. */
    void option(Word word) {
        switch (word) {
            case SOURCE -> {
                if (rule.value("-s")) {
                    rule.prefix(Op.SRC, Op.SRC_MASKED);
                }
            }
            case DESTINATION -> {
                if (rule.value("-d")) {
                    rule.prefix(Op.DST, Op.DST_MASKED);
                }
            }
            case PROTOCOL -> protocol(Op.PROTO);
            case IN -> networkInterface(Op.IN, "-i");
            case OUT -> networkInterface(Op.OUT, "-o");
            // The first packet of a connection is no later fragment, and conntrack reassembles before any table.
            case FRAGMENT -> rule.test(Op.CONSTANT, 0);
            case COMMENT_TEXT, NFACCT_NAME -> cursor.skipWord();
            case SPORT -> ports(Op.SPORT);
            case DPORT -> ports(Op.DPORT);
            case SPORTS -> portList(1);
            case DPORTS -> portList(2);
            case PORTS -> portList(3);
            case TCP_FLAGS -> tcpFlags();
            case SYN -> rule.test(Op.TCP_FLAGS, SYN_MASK << 8 | SYN);
            case MARK_VALUE -> mark(module == Word.M_CONNMARK ? Op.CTMARK : Op.MARK);
            case CTSTATE, STATE_VALUE -> bits(Op.STATE);
            case SRC_TYPE -> bits(Op.SRC_TYPE);
            case DST_TYPE -> bits(Op.DST_TYPE);
            case LIMIT_IFACE_IN -> limitInterface(Op.LIMIT_IN);
            case LIMIT_IFACE_OUT -> limitInterface(Op.LIMIT_OUT);
            case CTPROTO -> protocol(Op.CT_PROTO);
            case CTORIGSRC -> {
                if (rule.value("--ctorigsrc")) {
                    rule.prefix(Op.ORIG_SRC, 0);
                }
            }
            case CTORIGDST -> {
                if (rule.value("--ctorigdst")) {
                    rule.prefix(Op.ORIG_DST, 0);
                }
            }
            case CTORIGSRCPORT -> ports(Op.ORIG_SPORT);
            case CTORIGDSTPORT -> ports(Op.ORIG_DPORT);
            case CTDIR -> {
                if (rule.value("--ctdir")) {
                    rule.test(Op.CT_DIRECTION, cursor.is("REPLY") ? 1 : 0);
                }
            }
            case SRC_RANGE -> range(Op.SRC_RANGE);
            case DST_RANGE -> range(Op.DST_RANGE);
            case VADDR -> {
                if (rule.value("--vaddr")) {
                    rule.prefix(Op.IPVS_VADDR, 0);
                }
            }
            case VPORT -> ports(Op.IPVS_VPORT);
            case VPROTO -> protocol(Op.PROTO);
            case IPVS_OPTION -> ipvs();
            default -> {
                if (!stateful.option(module, word)) {
                    unknownOption();
                }
            }
        }
    }

    /** The module alone means the same; negated it is another test. */
    private void ipvs() {
        if (module != Word.M_IPVS) {
            unknownOption();
        } else if (rule.negated()) {
            rule.code().set(moduleFrom, Op.header(Op.IPVS, true, 0));
        }
    }

    private void protocol(int op) {
        if (!rule.value("a protocol option")) {
            return;
        }
        int number = Protocols.number(cursor.text(), cursor.from(), cursor.to());
        if (number == Protocols.ALL) {
            if (rule.negated()) {
                rule.part(false, rule.partFrom());
                rule.test(Op.CONSTANT, 0);
            }
        } else if (number >= 0) {
            rule.test(op, number);
        } else {
            rule.text(Op.OPAQUE, moduleLabel(), rule.partFrom(), cursor.to());
            rule.level(Support.UNRECOGNIZED);
        }
    }

    private void networkInterface(int op, String option) {
        if (rule.value(option)) {
            rule.test(op, rule.label());
        }
    }

    private void ports(int op) {
        if (!rule.value("a port option")) {
            return;
        }
        long range = Scan.ports(cursor.text(), cursor.from(), cursor.to(), ':');
        if (range < 0) {
            rule.fail(cursor.show(), "a port or a range of ports, 0 to 65535");
            return;
        }
        rule.test(op, 0);
        rule.code().add((int) range);
    }

    private void portList(int which) {
        if (!rule.value("a list of ports")) {
            return;
        }
        int at = rule.code().size();
        rule.test(Op.PORTS, 0);
        int count = 0;
        int from = cursor.from();
        while (from <= cursor.to()) {
            int comma = Scan.find(cursor.text(), from, cursor.to(), ',');
            long range = Scan.ports(cursor.text(), from, comma, ':');
            if (range < 0) {
                rule.fail(cursor.show(), "ports and ranges of ports with commas");
                rule.code().truncate(at);
                return;
            }
            rule.code().add((int) range);
            count++;
            from = comma + 1;
        }
        rule.code().set(at, Op.header(Op.PORTS, rule.negated(), which | count << 2));
    }

    private void tcpFlags() {
        if (!rule.value("--tcp-flags")) {
            return;
        }
        int mask = flags();
        if (mask < 0 || !cursor.next()) {
            rule.fail(cursor.show(), "two lists of TCP flags");
            return;
        }
        int wanted = flags();
        if (wanted < 0) {
            rule.fail(cursor.show(), "a list of TCP flags");
            return;
        }
        rule.test(Op.TCP_FLAGS, mask << 8 | wanted);
    }

    private int flags() {
        return Flags.TCP.read(cursor.text(), cursor.from(), cursor.to());
    }

    private void mark(int op) {
        if (!rule.value("--mark")) {
            return;
        }
        byte[] text = cursor.text();
        int slash = Scan.find(text, cursor.from(), cursor.to(), '/');
        long value = Scan.word(text, cursor.from(), slash);
        long mask = slash == cursor.to() ? 0xFFFF_FFFFL : Scan.word(text, slash + 1, cursor.to());
        if (value < 0 || mask < 0) {
            rule.fail(cursor.show(), "a mark, or a mark and a mask, of 32 bits");
            return;
        }
        rule.test(op, 0);
        rule.code().add((int) value);
        rule.code().add((int) mask);
    }

    private void bits(int op) {
        if (!rule.value("a list of names")) {
            return;
        }
        Flags names = op == Op.STATE ? Flags.STATE : Flags.ADDRESS_TYPE;
        int bits = names.read(cursor.text(), cursor.from(), cursor.to());
        if (bits < 0) {
            rule.text(Op.OPAQUE, moduleLabel(), rule.partFrom(), cursor.to());
            rule.level(Support.UNRECOGNIZED);
            return;
        }
        rule.test(op, bits);
    }

    /** The option follows the types it holds for, which are those of the same match. */
    private void limitInterface(int bit) {
        int words = rule.isV6() ? 4 : 1;
        int at = moduleFrom;
        while (at < rule.code().size()) {
            int header = rule.code().get(at);
            int op = Op.of(header);
            if (op == Op.SRC_TYPE || op == Op.DST_TYPE) {
                rule.code().set(at, header | bit << 8);
            }
            at += 1 + Op.operands(header, words);
        }
    }

    private void range(int op) {
        if (!rule.value("an address range")) {
            return;
        }
        int dash = Scan.find(cursor.text(), cursor.from(), cursor.to(), '-');
        int at = rule.code().size();
        rule.test(op, 0);
        int second = dash == cursor.to() ? cursor.from() : dash + 1;
        if (!rule.address(cursor.from(), dash) || !rule.address(second, cursor.to())) {
            rule.code().truncate(at);
        }
    }

    /** An option nobody knows: it and its values become a test that cannot be evaluated. */
    private void unknownOption() {
        if (!cursor.isOption()) {
            rule.fail(cursor.show(), "an option");
            return;
        }
        int from = rule.partFrom();
        int end = cursor.position();
        while (cursor.next()) {
            if (cursor.isOption() || cursor.word() == Word.NOT) {
                break;
            }
            end = cursor.position();
        }
        cursor.reset(end);
        boolean known = module.isModule();
        rule.part(false, from);
        rule.text(Op.OPAQUE, (known ? 1 : 0) | moduleLabel(), from, end);
        rule.level(known ? Support.UNIMPLEMENTED : Support.UNRECOGNIZED);
    }

    /** Which match an option belongs to, as {@link Op#OPAQUE} has it. */
    private int moduleLabel() {
        if (module == Word.OTHER) {
            return 0;
        }
        int label = rule.label(nameFrom, nameTo);
        return label < 1 << 22 ? label + 1 << 1 : 0;
    }
}
