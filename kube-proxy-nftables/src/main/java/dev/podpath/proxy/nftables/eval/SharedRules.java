package dev.podpath.proxy.nftables.eval;

import dev.podpath.core.net.IpPrefix;
import dev.podpath.ports.node.NodeNetwork;
import dev.podpath.proxy.nftables.rule.Chain;
import dev.podpath.proxy.nftables.rule.Content;
import dev.podpath.proxy.nftables.rule.Elements;
import dev.podpath.proxy.nftables.rule.Expr;
import dev.podpath.proxy.nftables.rule.NamedSet;
import dev.podpath.proxy.nftables.rule.Rule;
import dev.podpath.proxy.nftables.rule.Ruleset;
import dev.podpath.proxy.nftables.rule.Statement;
import dev.podpath.proxy.nftables.rule.Table;
import dev.podpath.proxy.nftables.rule.Verdict;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The rules a packet may meet whatever its destination is: all that are reached without an element of a set or map that names a
 * destination on its own. Two addresses that no constant of these rules and nothing of the node's network tells apart are alike
 * to them.
 *
 * <p>They can be taken without what only packets to certain addresses meet (as kube-proxy looks for node ports only where the
 * destination is in {@code @nodeport-ips}): the services behind node ports are then no part of them, and nothing is told of the
 * addresses {@link #isGuarded} names.
 */
final class SharedRules {
    /** A range of more addresses is not given to packets (see {@link Translations#MOST}). */
    private static final int SPAN = Translations.MOST;

    private final IdentityHashMap<Table, BitSet> chains = new IdentityHashMap<>();
    private final Set<NamedSet> sets = Collections.newSetFromMap(new IdentityHashMap<>());
    private final List<Named> named = new ArrayList<>();
    private final Deque<Chain> open = new ArrayDeque<>();
    private final Singles.Builder singles = new Singles.Builder();
    private final Cuts.Builder ranges = new Cuts.Builder();
    private final Singles single;
    private final Cuts cuts;
    private final Map<String, Integer> numbers = new ConcurrentHashMap<>();
    private final AtomicInteger next = new AtomicInteger();
    private final List<Elements> guards = new ArrayList<>();
    private boolean redirects;
    private boolean usable = true;

    /** What a rule does with the elements that name a destination. */
    enum Role {
        /** It asks whether there is one. */
        MEMBER,
        /** They lead on. */
        VERDICT,
        /** They give the packet a destination. */
        TARGET
    }

    /**
     * A set or map that a shared rule asks for destinations.
     *
     * @param elements its elements, each a row of single values
     * @param field which field is the destination
     * @param role what for
     * @param table the table of the chains its elements lead to
     */
    record Named(Elements elements, int field, Role role, Table table) {}

    /**
     * The shared rules of a family.
     *
     * @param apart whether without what only packets to certain addresses meet
     */
    SharedRules(Ruleset rules, NodeNetwork network, boolean v6, boolean apart) {
        for (Table table : rules.tables()) {
            if (table.family().carries(v6) && !table.isDormant()) {
                for (int i = 0; i < table.chainCount(); i++) {
                    if (table.chain(i).base() != null) {
                        reach(table.chain(i));
                    }
                }
            }
        }
        while (!open.isEmpty()) {
            Chain chain = open.pop();
            for (int rule = 0; rule < chain.size(); rule++) {
                note(chain, chain.rule(rule), apart);
            }
        }
        for (IpPrefix prefix : network.boundaries(v6)) {
            constant(
                    prefix.address().high(),
                    prefix.address().low(),
                    prefix.last().high(),
                    prefix.last().low());
        }
        single = singles.build();
        cuts = ranges.build();
    }

    /** Whether all that matters to these rules is what this class says. */
    boolean isUsable() {
        return usable;
    }

    boolean isShared(Chain chain) {
        BitSet shared = chains.get(chain.table());
        return shared != null && shared.get(chain.number());
    }

    /** Whether one of these rules names a set. */
    boolean names(NamedSet set) {
        return sets.contains(set);
    }

    /** The sets and maps they ask for destinations. */
    List<Named> named() {
        return named;
    }

    /** Addresses of one number are alike to these rules; negative where an address is like no other. */
    int kind(long high, long low) {
        int own = single.number(high, low);
        return own >= 0 ? -1 - own : cuts.interval(high, low);
    }

    private void reach(Chain chain) {
        BitSet shared = chains.computeIfAbsent(chain.table(), any -> new BitSet());
        if (!shared.get(chain.number())) {
            shared.set(chain.number());
            open.push(chain);
        }
    }

    private void decide(Chain chain, int verdict) {
        int kind = Verdict.kind(verdict);
        if (kind == Verdict.JUMP || kind == Verdict.GOTO) {
            reach(chain.table().chain(Verdict.chain(verdict)));
        }
    }

    private void constant(long fromHigh, long fromLow, long toHigh, long toLow) {
        if (fromHigh == toHigh && fromLow == toLow) {
            singles.add(fromHigh, fromLow);
        } else {
            ranges.range(fromHigh, fromLow, toHigh, toLow);
        }
    }

    private void note(Chain chain, Rule rule, boolean apart) {
        for (int i = 0; i < rule.size(); i++) {
            note(chain, rule.statement(i));
            Elements guard = apart ? guard(rule, i) : null;
            if (guard != null) {
                guards.add(guard);
                return;
            }
        }
    }

    /** The only destinations for which a map that does not ask for them is asked after a statement; null where that is not so. */
    private static @Nullable Elements guard(Rule rule, int place) {
        if (!(rule.statement(place) instanceof Statement.Lookup lookup)
                || lookup.negated()
                || !Recorder.isDestination(lookup.key())
                || lookup.content() instanceof NamedSet set && (!set.isKnown() || set.isUpdated())
                || lookup.content().elements().otherwise() >= 0) {
            return null;
        }
        for (int i = place + 1; i < rule.size(); i++) {
            if (rule.statement(i) instanceof Statement.VerdictMap map && Keys.destination(map.key()) < 0) {
                return lookup.content().elements();
            }
        }
        return null;
    }

    /** Whether there is something that only packets to certain addresses meet, and nothing here leads other packets to these. */
    boolean isApart() {
        return !guards.isEmpty() && !redirects;
    }

    /** Whether packets to an address meet more than is told here. */
    boolean isGuarded(long high, long low) {
        for (Elements guard : guards) {
            if (guard.find(high, low) >= 0) {
                return true;
            }
        }
        return false;
    }

    private void note(Chain chain, Statement statement) {
        if (statement instanceof Statement.Compare compare) {
            compare(compare);
        } else if (statement instanceof Statement.Lookup lookup) {
            content(chain, lookup.key(), lookup.content(), Role.MEMBER);
        } else if (statement instanceof Statement.VerdictMap map) {
            content(chain, map.key(), map.content(), Role.VERDICT);
        } else if (statement instanceof Statement.Decide decide) {
            decide(chain, decide.verdict());
        } else if (statement instanceof Statement.Nat nat) {
            nat(chain, nat);
        } else if (statement instanceof Statement.Mangle mangle) {
            usable &= !readsAddress(mangle.value());
        } else if (statement instanceof Statement.Update update) {
            sets.add(update.set());
        }
    }

    private void compare(Statement.Compare compare) {
        if (compare.left().kind() == Expr.READ && isAddress(compare.left())) {
            switch (compare.op()) {
                case EQ, NEQ ->
                    constant(compare.firstHigh(), compare.firstLow(), compare.lastHigh(), compare.lastLow());
                case ANY, NONE -> usable = false;
                // What is below and what is above is told apart, too.
                default ->
                    ranges.range(compare.firstHigh(), compare.firstLow(), compare.firstHigh(), compare.firstLow());
            }
        } else {
            usable &= !readsAddress(compare.left());
        }
    }

    private void nat(Chain chain, Statement.Nat nat) {
        redirects |= nat.nat() == Statement.NatKind.DNAT || nat.nat() == Statement.NatKind.REDIRECT;
        if (nat.address().size() == 1 && nat.address().head() instanceof Expr.Mapped mapped) {
            content(chain, mapped.key(), mapped.content(), Role.TARGET);
        } else if (!nat.address().isEmpty()) {
            Expr.Constant first = (Expr.Constant) nat.address().head();
            Expr.Constant last = (Expr.Constant) nat.address().last();
            long span = last.low() - first.low();
            for (long i = 0; first.high() == last.high() && i <= span && span < SPAN; i++) {
                singles.add(first.high(), first.low() + i);
            }
        }
    }

    private void content(Chain chain, Expr key, Content content, Role role) {
        if (content instanceof NamedSet set) {
            sets.add(set);
            if (!set.isKnown()) {
                return;
            }
            if (set.isUpdated()) {
                usable &= role == Role.MEMBER;
                return;
            }
        }
        Elements elements = content.elements();
        int destination = elements.isExact() ? Keys.destination(key) : -1;
        int width = key instanceof Expr.Concat concat ? concat.size() : 1;
        if (elements.size() == 0 || elements.width() != width) {
            return;
        }
        for (int field = 0; field < width; field++) {
            Expr part = key instanceof Expr.Concat concat ? concat.part(field) : key;
            if (field == destination) {
                named.add(new Named(elements, field, role, chain.table()));
            } else if (part.kind() == Expr.READ && isAddress(part)) {
                constants(elements, field);
            } else {
                usable &= !readsAddress(part);
            }
        }
        for (int element = 0; element < elements.size(); element++) {
            if (destination < 0 || element == elements.otherwise()) {
                result(chain, elements, element, role);
            }
        }
    }

    private void constants(Elements elements, int field) {
        for (int element = 0; element < elements.size(); element++) {
            if (element != elements.otherwise()) {
                constant(
                        elements.firstHigh(element, field),
                        elements.firstLow(element, field),
                        elements.lastHigh(element, field),
                        elements.lastLow(element, field));
            }
        }
    }

    private void result(Chain chain, Elements elements, int element, Role role) {
        if (role == Role.VERDICT) {
            decide(chain, elements.verdict(element));
        } else if (role == Role.TARGET && elements.dataWidth() > 0) {
            singles.add(elements.dataHigh(element, 0), elements.dataLow(element, 0));
        }
    }

    /** Whether an expression is an address of the packet or its connection. */
    static boolean isAddress(Expr expr) {
        return expr instanceof Expr.Read read
                && switch (read.selector()) {
                    case IP_SADDR,
                            IP_DADDR,
                            IP6_SADDR,
                            IP6_DADDR,
                            CT_IP_SADDR,
                            CT_IP_DADDR,
                            CT_IP6_SADDR,
                            CT_IP6_DADDR -> true;
                    default -> false;
                };
    }

    private static boolean readsAddress(Expr expr) {
        if (expr instanceof Expr.Bits bits) {
            return readsAddress(bits.left()) || readsAddress(bits.right());
        }
        if (expr instanceof Expr.Concat concat) {
            for (int i = 0; i < concat.size(); i++) {
                if (readsAddress(concat.part(i))) {
                    return true;
                }
            }
        }
        return expr instanceof Expr.Mapped mapped && readsAddress(mapped.key()) || isAddress(expr);
    }

    /** A number for a word, the same whenever it is asked for. */
    int number(String word) {
        Integer known = numbers.get(word);
        return known != null ? known : numbers.computeIfAbsent(word, any -> next.getAndIncrement());
    }
}
