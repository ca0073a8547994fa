package dev.podpath.it.algebra;

import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.IpPrefix;
import dev.podpath.it.algebra.SmallRules.PortMatch;
import dev.podpath.it.algebra.SmallRules.PrefixMatch;
import dev.podpath.it.algebra.SmallRules.Rule;
import dev.podpath.it.algebra.SmallRules.To;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What small rules mean, as sets of packets: a chain takes the packets that enter it and gives those that return. What
 * becomes of the others, and who is marked, is written down as sets of the packets as they came.
 */
final class Meaning {
    private final PacketDiagrams sets;
    private final SmallRules rules;
    /** Who carries the mark. */
    private int marked;
    /** Where nat sent them. */
    private final Map<To, Integer> sent = new HashMap<>();

    private int dropped;
    private int rejected;
    /** Whom the table that is gone through has let go. */
    private int finished;

    private boolean translating = true;

    Meaning(PacketDiagrams sets, SmallRules rules) {
        this.sets = sets;
        this.rules = rules;
        this.marked = sets.none();
        this.dropped = sets.none();
        this.rejected = sets.none();
        this.finished = sets.none();
        chain(rules.nat, 0, sets.possible());
        translating = false;
        finished = sets.none();
        chain(rules.filter, 0, sets.possible());
    }

    int dropped() {
        return dropped;
    }

    int rejected() {
        return rejected;
    }

    /** Who leaves with the mark on. */
    int marked() {
        return marked;
    }

    /** Who is sent to an endpoint and arrives. */
    Map<To, Integer> sent() {
        Map<To, Integer> arrived = new HashMap<>();
        sent.forEach((to, set) -> arrived.put(to, sets.minus(sets.minus(set, dropped), rejected)));
        return arrived;
    }

    /** The packets that leave a chain by its end or by RETURN. */
    private int chain(List<List<Rule>> table, int number, int entering) {
        int inside = entering;
        int returning = sets.none();
        for (Rule rule : table.get(number)) {
            int hit = sets.and(inside, matched(rule));
            switch (rule.target()) {
                case NOTHING -> {}
                case MARK -> marked = sets.or(marked, hit);
                case UNMARK -> marked = sets.minus(marked, hit);
                case JUMP -> inside = sets.or(sets.minus(inside, hit), chain(table, rule.chain(), hit));
                case GOTO -> {
                    inside = sets.minus(inside, hit);
                    returning = sets.or(returning, chain(table, rule.chain(), hit));
                }
                case RETURN -> {
                    inside = sets.minus(inside, hit);
                    returning = sets.or(returning, hit);
                }
                default -> {
                    inside = sets.minus(inside, hit);
                    end(rule, hit);
                }
            }
        }
        return sets.or(inside, returning);
    }

    private void end(Rule rule, int hit) {
        finished = sets.or(finished, hit);
        switch (rule.target()) {
            case DNAT -> sent.merge(rule.to(), hit, sets::or);
            case DROP -> dropped = sets.or(dropped, hit);
            case REJECT -> rejected = sets.or(rejected, hit);
            default -> {}
        }
    }

    private int matched(Rule rule) {
        int set = sets.all();
        if (rule.source() != null) {
            IpPrefix prefix = rule.source().prefix();
            set = sets.and(
                    set,
                    signed(
                            rule.source().negated(),
                            sets.source(prefix.address().low(), prefix.last().low())));
        }
        if (rule.destination() != null) {
            set = sets.and(set, destination(rule.destination()));
        }
        if (rule.protocol() != null) {
            set = sets.and(set, sets.protocol(rule.protocol()));
        }
        if (rule.sourcePort() != null) {
            PortMatch ports = rule.sourcePort();
            set = sets.and(set, signed(ports.negated(), sets.sourcePort(ports.first(), ports.last())));
        }
        if (rule.destinationPort() != null) {
            set = sets.and(set, destinationPort(rule.destinationPort()));
        }
        if (rule.marked() != null) {
            set = sets.and(set, signed(!rule.marked(), marked));
        }
        return set;
    }

    private int signed(boolean negated, int set) {
        return negated ? sets.not(set) : set;
    }

    /** After nat a packet has the destination it was given. */
    private int destination(PrefixMatch match) {
        IpPrefix prefix = match.prefix();
        int own = sets.destination(prefix.address().low(), prefix.last().low());
        if (translating) {
            return signed(match.negated(), own);
        }
        int result = own;
        for (Map.Entry<To, Integer> entry : sent.entrySet()) {
            result = sets.minus(result, entry.getValue());
            if (prefix.contains(IpAddress.of(entry.getKey().address()))) {
                result = sets.or(result, entry.getValue());
            }
        }
        return signed(match.negated(), result);
    }

    private int destinationPort(PortMatch match) {
        int own = sets.destinationPort(match.first(), match.last());
        if (translating) {
            return signed(match.negated(), own);
        }
        int result = own;
        for (Map.Entry<To, Integer> entry : sent.entrySet()) {
            int port = entry.getKey().port();
            if (port != 0) {
                result = sets.minus(result, entry.getValue());
                if (port >= match.first() && port <= match.last()) {
                    result = sets.or(result, entry.getValue());
                }
            }
        }
        return signed(match.negated(), result);
    }
}
