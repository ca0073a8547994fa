package dev.podpath.proxy.nftables.eval;

import dev.podpath.core.packet.Arrival;
import dev.podpath.core.packet.Packet;
import dev.podpath.core.proxy.walk.Forks;
import dev.podpath.core.proxy.walk.Link;
import dev.podpath.core.trace.Missing;
import dev.podpath.ports.node.NodeNetwork;
import dev.podpath.ports.node.NodeState;
import dev.podpath.proxy.nftables.rule.Chain;
import dev.podpath.proxy.nftables.rule.Content;
import dev.podpath.proxy.nftables.rule.Elements;
import dev.podpath.proxy.nftables.rule.Expr;
import dev.podpath.proxy.nftables.rule.NamedSet;
import dev.podpath.proxy.nftables.rule.Rule;
import dev.podpath.proxy.nftables.rule.Ruleset;
import dev.podpath.proxy.nftables.rule.Statement;
import dev.podpath.proxy.nftables.rule.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One packet on its way through the stack, on all the ways it can take (net/netfilter/nf_tables_core.c, nft_do_chain): where
 * something is by chance or not known, the path forks. Bounded: a rule set that would take too many steps or ways ends in a path
 * whose fate is not known.
 */
final class Walk {
    private static final int MOST_STEPS = 1_000_000;
    static final int MOST_LEAVES = 20_000;

    private final Ruleset rules;
    private final Passage passage;
    private final boolean v6;
    private final boolean trails;
    private final Fields fields;
    private final Questions questions;
    private final Translations translations;
    private final int protocol;
    private final List<Path> leaves = new ArrayList<>(4);
    private final Branching branching = new Branching();
    private final Calls calls;
    private final Rewriting rewriting;
    private final List<Path.Step> assumed = new ArrayList<>(0);
    private int affinitySeconds;
    private int steps;
    private boolean exhausted;

    /** A walk that keeps its steps, or one that only keeps its ends. */
    Walk(
            Ruleset rules,
            Hooks hooks,
            NodeState node,
            NodeNetwork network,
            Packet packet,
            Arrival arrival,
            boolean trails,
            @Nullable Recorder recorder) {
        this.rules = rules;
        this.v6 = packet.destination().isV6();
        this.trails = trails;
        this.passage = new Passage(hooks, network, v6, recorder);
        this.protocol = packet.protocol().number();
        Path start = passage.start(packet, arrival);
        this.fields = new Fields(network, v6, arrival.isLocalOutput(), protocol, Branching.copy(start), recorder);
        this.fields.inputByRoute =
                !arrival.isLocalOutput() && arrival.inputInterface().isEmpty();
        this.questions = new Questions(rules, node, fields, recorder);
        this.translations = new Translations(network, v6, fields, recorder);
        this.calls = new Calls(trails);
        this.rewriting = new Rewriting(rules, fields, questions, translations, calls, branching, v6);
        branching.later(start);
    }

    static boolean isNat(Chain base) {
        Chain.Base how = base.base();
        return how != null && how.type() == Chain.Type.NAT;
    }

    /** Goes all ways to their ends. */
    Walk run() {
        for (Path path = branching.next(); path != null; path = branching.next()) {
            advance(path);
            leaves.add(path);
            if (isTooMuch() || leaves.size() > MOST_LEAVES) {
                exhausted = true;
                return this;
            }
        }
        return this;
    }

    List<Path> leaves() {
        return leaves;
    }

    Forks<Path.Step> forks() {
        return branching.forks();
    }

    /** Whether the walk was given up because there are too many ways. */
    boolean exhausted() {
        return exhausted;
    }

    /** Rules that look for an entry which a packet of a new client does not have. */
    List<Path.Step> assumed() {
        return assumed;
    }

    /** How long such an entry for the client's affinity holds; 0 where none was looked for. */
    int affinitySeconds() {
        return affinitySeconds;
    }

    /** Whether interfaces mattered that the routing table told. */
    boolean usedRoutes() {
        return passage.usedRoutes() && fields.usedDevices;
    }

    /** Looks up the source of a path that was masqueraded. */
    void settleSource(Path path) {
        if (path.is(Path.SOURCE_PENDING)) {
            fields.look(path);
        }
    }

    private void advance(Path path) {
        while (path.ending == 0) {
            Chain chain = path.chain;
            if (chain == null) {
                passage.next(path);
                continue;
            }
            runChain(path, chain);
            if (isTooMuch()) {
                path.end(Path.LOST, "the rules take too many steps");
            }
        }
    }

    /** Whether the packet goes in circles, as far as one can tell. */
    private boolean isTooMuch() {
        return steps > MOST_STEPS || branching.size() > MOST_LEAVES;
    }

    /** Goes on in the chain the path is in. */
    private void runChain(Path path, Chain start) {
        Chain chain = start;
        while (true) {
            steps++;
            if (path.rule >= chain.size()) {
                if (!chain.isDefined()) {
                    path.end(
                            Path.LOST,
                            "chain " + chain.name() + " of table "
                                    + chain.table().title() + " is named in "
                                    + rules.document().path() + " and not listed");
                    return;
                }
                calls.fallOff(path);
            } else {
                Rule rule = chain.rule(path.rule);
                int statement = path.statement;
                path.statement = 0;
                path.rule++;
                go(path, chain, rule, statement);
            }
            Chain now = path.chain;
            if (now == null || isTooMuch()) {
                return;
            }
            chain = now;
        }
    }

    /** Goes through the statements of a rule; the path already stands at the next one. */
    private void go(Path path, Chain chain, Rule rule, int first) {
        for (int i = first; i < rule.size(); i++) {
            Statement statement = rule.statement(i);
            int answer;
            switch (statement.kind()) {
                case Statement.COMPARE -> answer = questions.compare(path, (Statement.Compare) statement);
                case Statement.LOOKUP -> {
                    answer = questions.lookup(path, (Statement.Lookup) statement);
                    if (questions.assumed != 0) {
                        assume(path, chain, rule, ((Statement.Lookup) statement).content());
                    }
                }
                case Statement.VERDICT_MAP -> {
                    if (!map(path, chain, rule, i, (Statement.VerdictMap) statement)) {
                        return;
                    }
                    continue;
                }
                case Statement.DECIDE -> {
                    int verdict = ((Statement.Decide) statement).verdict();
                    if (!calls.decide(path, chain, rule.place(), verdict, null, path.trailLength)) {
                        return;
                    }
                    continue;
                }
                case Statement.NAT -> {
                    if (!rewriting.translate(path, chain, rule, (Statement.Nat) statement)) {
                        return;
                    }
                    continue;
                }
                case Statement.REJECT -> {
                    reject(path, chain, rule, (Statement.Reject) statement);
                    return;
                }
                case Statement.MANGLE -> {
                    if (!rewriting.mangle(path, (Statement.Mangle) statement)) {
                        return;
                    }
                    calls.trail(path, chain, rule.place(), null);
                    continue;
                }
                case Statement.UPDATE -> {
                    NamedSet set = ((Statement.Update) statement).set();
                    path.entered = new Link<>(set, path.entered);
                    continue;
                }
                case Statement.NOTRACK -> {
                    path.state = path.state == 0 ? Fields.UNTRACKED : path.state;
                    continue;
                }
                case Statement.NEUTRAL -> {
                    continue;
                }
                case Statement.UNCERTAIN -> {
                    Statement.Uncertain uncertain = (Statement.Uncertain) statement;
                    if (!matters(rule, i)) {
                        return;
                    }
                    branching.fork(
                            path,
                            uncertain.rate() ? Forks.DEPENDS : Forks.UNKNOWN,
                            where(rule) + ": " + shorten(uncertain.text())
                                    + (uncertain.rate() ? " depends on other packets" : " is not modelled"),
                            null);
                    continue;
                }
                default -> {
                    calls.trail(path, chain, rule.place(), null);
                    path.end(Path.LOST, "the " + where(rule) + " is met, and what it does is not known");
                    return;
                }
            }
            if (answer == Questions.YES) {
                continue;
            }
            if (answer == Questions.NO || !matters(rule, i)) {
                return;
            }
            switch (answer) {
                case Questions.CHANCE -> branching.chance(path, questions.part, questions.whole);
                case Questions.DEPENDS ->
                    branching.fork(path, Forks.DEPENDS, where(rule) + ": " + questions.reason(), questions.missing());
                default ->
                    branching.fork(path, Forks.UNKNOWN, where(rule) + ": " + questions.reason(), questions.missing());
            }
        }
    }

    private static String shorten(String text) {
        return text.length() > 120 ? text.substring(0, 119) + "…" : text;
    }

    private String where(Rule rule) {
        return "rule at " + rules.where(rule.place());
    }

    /** Whether anything after a question makes a difference. */
    private static boolean matters(Rule rule, int question) {
        for (int i = question + 1; i < rule.size(); i++) {
            if (rule.statement(i).kind() != Statement.NEUTRAL) {
                return true;
            }
        }
        return false;
    }

    private void assume(Path path, Chain chain, Rule rule, Content content) {
        path.seen |= questions.assumed;
        if ((questions.assumed & Path.SEEN_AFFINITY) != 0 && content instanceof NamedSet set) {
            affinitySeconds = Math.max(affinitySeconds, set.definition().timeout());
            if (assumed.size() < 64 && trails) {
                assumed.add(new Path.Step(chain, rule.place(), null));
            }
        }
    }

    /** Looks up a verdict; whether the rule goes on after it. */
    private boolean map(Path path, Chain chain, Rule rule, int at, Statement.VerdictMap map) {
        Expr key = map.key();
        if (key.kind() == Expr.NUMGEN || key.kind() == Expr.HASH) {
            Elements elements = map.content().elements();
            if (elements.size() > MOST_LEAVES) {
                path.end(Path.LOST, where(rule) + ": too many ways");
                return false;
            }
            return choose(path, chain, rule, at, Ways.of(key, elements), elements);
        }
        int element = questions.find(path, key, map.content());
        if (questions.assumed != 0) {
            assume(path, chain, rule, map.content());
        }
        if (element == Questions.MISS || element == Questions.NO_KEY) {
            return false;
        }
        if (element == Questions.DOUBT) {
            Missing missing = questions.missing();
            path.missing = missing == null ? path.missing : new Link<>(missing, path.missing);
            calls.trail(path, chain, rule.place(), null);
            path.end(Path.LOST, where(rule) + ": where it leads is not known, because " + questions.reason());
            return false;
        }
        return lead(path, chain, rule, map.content(), element);
    }

    private boolean lead(Path path, Chain chain, Rule rule, Content content, int element) {
        Elements elements = content.elements();
        int verdict = elements.verdict(element);
        int back = path.trailLength;
        if (content instanceof NamedSet set && elements.place(element) >= 0 && verdict != Verdict.CONTINUE) {
            calls.trail(path, chain, rule.place(), null);
            return calls.decide(path, chain, elements.place(element), verdict, set, back);
        }
        return calls.decide(path, chain, rule.place(), verdict, null, back);
    }

    /** One way for each element of a map that a generated number or a hash can lead to, and one for the rest. */
    private boolean choose(Path path, Chain chain, Rule rule, int at, Ways ways, Elements elements) {
        int only = ways.only();
        if (only >= 0) {
            return only < elements.size() && lead(path, chain, rule, elements, only);
        }
        int parent = path.node;
        for (int way = ways.last(); way >= 0; way = ways.before(way)) {
            boolean first = way == ways.first();
            Path one = branching.way(path, first, parent, ways.part(way), ways.whole());
            ways.condition(one, way);
            int element = way < elements.size() ? way : elements.otherwise();
            if (element >= 0 && lead(one, chain, rule, elements, element)) {
                one.rule--;
                one.statement = at + 1;
            }
            if (!first) {
                branching.later(one);
            }
        }
        return false;
    }

    private void reject(Path path, Chain chain, Rule rule, Statement.Reject reject) {
        if (reject.with().equals("tcp reset")) {
            if (protocol != 6) {
                return;
            }
            calls.trail(path, chain, rule.place(), null);
            path.end(Path.REJECTED, "tcp-reset");
            return;
        }
        String code = reject.with().isEmpty()
                ? "port-unreachable"
                : reject.with().substring(reject.with().indexOf(' ') + 1);
        boolean other = reject.with().startsWith("icmp ") && v6 || reject.with().startsWith("icmpv6 ") && !v6;
        if (!other) {
            calls.trail(path, chain, rule.place(), null);
            path.end(Path.REJECTED, (v6 ? "icmp6-" : "icmp-") + code);
        }
    }
}
