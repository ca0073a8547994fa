package dev.podpath.proxy.iptables.parse;

import dev.podpath.ports.plugin.Support;
import dev.podpath.proxy.iptables.rule.Op;
import dev.podpath.proxy.iptables.rule.RecentMode;

/** Reads the matches whose options belong together: {@code statistic}, {@code recent}, {@code set}. */
final class StatefulMatches {
    /** In the argument of {@link Op#SET}: dimensions in bits 0 to 2, a bit for each that is of the source from bit 3. */
    private static final int DIMENSIONS = 6;

    private final RuleLine rule;
    private final Cursor cursor;
    private int recentMode;
    private boolean recentNegated;
    private int recentList;
    private int recentSeconds;
    private int recentHits;
    private boolean nthNegated;
    private int every;
    private int packet;

    StatefulMatches(RuleLine rule) {
        this.rule = rule;
        this.cursor = rule.cursor();
    }

    void begin() {
        recentMode = 0;
        recentNegated = false;
        recentList = -1;
        recentSeconds = 0;
        recentHits = 0;
        every = 0;
        packet = 0;
        nthNegated = false;
    }

    /** Writes the tests of the match that was named last. */
    void finish() {
        if ((recentMode & ~(RecentMode.DESTINATION | RecentMode.REAP)) != 0) {
            rule.part(recentNegated, rule.partFrom());
            rule.test(Op.RECENT, recentMode);
            rule.code().add(recentList);
            rule.code().add(recentSeconds);
            rule.code().add(recentHits);
            rule.level(Support.LIMITED);
        }
        if (every > 0) {
            rule.part(nthNegated, rule.partFrom());
            rule.test(Op.NTH, 0);
            rule.code().add(every);
            rule.code().add(packet);
            rule.level(Support.LIMITED);
        }
        if (recentMode != 0 || every > 0) {
            begin();
        }
    }

    /** Reads an option of this match; false where it is none of its. */
    boolean option(Word module, Word word) {
        if (module == Word.M_STATISTIC) {
            return statistic(word);
        }
        if (module == Word.M_RECENT) {
            return recent(word);
        }
        return module == Word.M_SET && set(word);
    }

    private boolean statistic(Word word) {
        switch (word) {
            case MODE -> rule.value("--mode");
            case PROBABILITY -> probability();
            case EVERY -> every();
            case PACKET -> packet = number("--packet", Integer.MAX_VALUE);
            default -> {
                return false;
            }
        }
        return true;
    }

    private void probability() {
        if (rule.value("--probability")) {
            long threshold = Scan.probability(cursor.text(), cursor.from(), cursor.to());
            if (threshold < 0) {
                rule.fail(cursor.show(), "a probability between 0 and 1");
                return;
            }
            rule.test(Op.RANDOM, 0);
            rule.code().add((int) threshold);
        }
    }

    private void every() {
        every = number("--every", Integer.MAX_VALUE);
        nthNegated = rule.negated();
        if (every == 0 && !rule.failed()) {
            rule.fail("--every 0", "a number of packets, 1 or more");
        }
    }

    private boolean recent(Word word) {
        switch (word) {
            case SET_OPTION -> mode(RecentMode.SET);
            case RCHECK -> mode(RecentMode.CHECK);
            case UPDATE -> mode(RecentMode.UPDATE);
            case REMOVE -> mode(RecentMode.REMOVE);
            case SECONDS -> recentSeconds = number("--seconds", Integer.MAX_VALUE);
            case HITCOUNT -> recentHits = number("--hitcount", Integer.MAX_VALUE);
            case RTTL, RSOURCE -> {}
            case REAP -> recentMode |= RecentMode.REAP;
            case RDEST -> recentMode |= RecentMode.DESTINATION;
            case NAME -> {
                if (rule.value("--name")) {
                    recentList = rule.label();
                }
            }
            case MASK -> rule.value("--mask");
            default -> {
                return false;
            }
        }
        return true;
    }

    private void mode(int bit) {
        recentMode |= bit;
        recentNegated = rule.negated();
    }

    private int number(String option, int max) {
        if (!rule.value(option)) {
            return 0;
        }
        long value = Scan.decimal(cursor.text(), cursor.from(), cursor.to(), max);
        if (value < 0) {
            rule.fail(cursor.show(), "a number as the value of " + option);
            return 0;
        }
        return (int) value;
    }

    private boolean set(Word word) {
        if (word == Word.MATCH_SET || word == Word.SET_OPTION) {
            matchSet();
            return true;
        }
        return word == Word.UPDATE_COUNTERS || word == Word.UPDATE_SUBCOUNTERS;
    }

    private void matchSet() {
        if (!rule.value("--match-set")) {
            return;
        }
        int name = rule.label();
        if (!cursor.next()) {
            rule.fail("the end of the line", "the directions of --match-set, such as dst,dst");
            return;
        }
        int argument = 0;
        int count = 0;
        int from = cursor.from();
        while (from <= cursor.to()) {
            int comma = Scan.find(cursor.text(), from, cursor.to(), ',');
            boolean source = comma - from == 3 && cursor.text()[from] == 's';
            boolean destination = comma - from == 3 && cursor.text()[from] == 'd';
            if (count == DIMENSIONS || !source && !destination) {
                rule.fail(cursor.show(), "up to six directions src or dst with commas");
                return;
            }
            argument |= source ? 8 << count : 0;
            count++;
            from = comma + 1;
        }
        rule.test(Op.SET, argument | count);
        rule.code().add(name);
    }
}
