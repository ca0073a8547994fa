package dev.podpath.proxy.nftables.eval;

import dev.podpath.proxy.nftables.rule.Chain;
import dev.podpath.proxy.nftables.rule.Elements;
import dev.podpath.proxy.nftables.rule.Expr;
import dev.podpath.proxy.nftables.rule.Rule;
import dev.podpath.proxy.nftables.rule.Ruleset;
import dev.podpath.proxy.nftables.rule.Selector;
import dev.podpath.proxy.nftables.rule.Statement;

/** The statements that give a packet other addresses, ports or marks, on all the ways that follow (net/netfilter/nft_nat.c,
 * nft_meta.c, nft_ct.c). */
final class Rewriting {
    private final Ruleset rules;
    private final Fields fields;
    private final Questions questions;
    private final Translations translations;
    private final Calls calls;
    private final Branching branching;
    private final boolean v6;

    Rewriting(
            Ruleset rules,
            Fields fields,
            Questions questions,
            Translations translations,
            Calls calls,
            Branching branching,
            boolean v6) {
        this.rules = rules;
        this.fields = fields;
        this.questions = questions;
        this.translations = translations;
        this.calls = calls;
        this.branching = branching;
        this.v6 = v6;
    }

    private String where(Rule rule) {
        return "rule at " + rules.where(rule.place());
    }

    /** Does a translation; the rule ends with it. */
    boolean translate(Path path, Chain chain, Rule rule, Statement.Nat nat) {
        if (!nat.family().isEmpty() && nat.family().equals("ip6") != v6) {
            return false;
        }
        long toHigh = 0;
        long toLow = 0;
        if (nat.address().size() == 1 && nat.address().head() instanceof Expr.Mapped mapped) {
            return mapped(path, chain, rule, nat, mapped);
        }
        calls.trail(path, chain, rule.place(), null);
        path.chain = null;
        if (nat.address().size() == 2) {
            several(path, nat);
            return false;
        }
        boolean given = nat.address().size() == 1;
        if (given) {
            Expr.Constant to = (Expr.Constant) nat.address().head();
            toHigh = to.high();
            toLow = to.low();
        }
        translations.apply(path, nat, given, toHigh, toLow, -1);
        return false;
    }

    /** A range of addresses: which one a connection gets is not defined. */
    private void several(Path path, Statement.Nat nat) {
        Expr.Constant first = (Expr.Constant) nat.address().head();
        Expr.Constant last = (Expr.Constant) nat.address().last();
        long span = last.low() - first.low();
        if (first.high() != last.high() || span < 0 || span >= Translations.MOST) {
            path.end(Path.LOST, "the address becomes one of more than " + Translations.MOST);
            return;
        }
        if (nat.nat() == Statement.NatKind.SNAT) {
            translations.source(path, first, span);
            return;
        }
        int parent = path.node;
        for (long i = span; i >= 0; i--) {
            Path one = branching.way(path, i == 0, parent, 1, 0);
            translations.apply(one, nat, true, first.high(), first.low() + i, -1);
            if (i > 0) {
                branching.later(one);
            }
        }
    }

    /** What the address becomes is looked up; an address that is not in the map is not translated. */
    private boolean mapped(Path path, Chain chain, Rule rule, Statement.Nat nat, Expr.Mapped mapped) {
        Elements elements = mapped.content().elements();
        Expr key = mapped.key();
        if (key.kind() == Expr.NUMGEN || key.kind() == Expr.HASH) {
            Ways ways = Ways.of(key, elements);
            int parent = path.node;
            for (int way = Math.min(ways.last(), Walk.MOST_LEAVES); way >= 0; way = ways.before(way)) {
                boolean first = way == ways.first();
                Path one = ways.only() >= 0 && first
                        ? path
                        : branching.way(path, first, parent, ways.part(way), ways.whole());
                ways.condition(one, way);
                int element = way < elements.size() ? way : elements.otherwise();
                if (element >= 0) {
                    given(one, chain, rule, nat, elements, element);
                }
                if (!first) {
                    branching.later(one);
                }
            }
            return false;
        }
        int element = questions.find(path, key, mapped.content());
        if (element == Questions.DOUBT) {
            path.end(Path.LOST, where(rule) + ": what the address becomes is not known, because " + questions.reason());
        } else if (element >= 0) {
            given(path, chain, rule, nat, elements, element);
        }
        return false;
    }

    private void given(Path path, Chain chain, Rule rule, Statement.Nat nat, Elements elements, int element) {
        calls.trail(path, chain, rule.place(), null);
        path.chain = null;
        if (elements.dataWidth() == 0) {
            path.end(Path.LOST, where(rule) + ": the map has no addresses");
            return;
        }
        int port = elements.dataWidth() > 1 ? (int) elements.dataLow(element, 1) : -1;
        translations.apply(path, nat, true, elements.dataHigh(element, 0), elements.dataLow(element, 0), port);
    }

    /** Sets a mark; whether the rule goes on after it. */
    boolean mangle(Path path, Statement.Mangle mangle) {
        int status = fields.value(path, mangle.value());
        if (status == Fields.ABSENT) {
            return false;
        }
        boolean packet = mangle.mark() == Selector.MARK;
        if (!packet && (path.state == 0 || path.state == Fields.UNTRACKED)) {
            return true;
        }
        int unknown = packet ? Path.MARK_UNKNOWN : Path.CT_MARK_UNKNOWN;
        if (status == Fields.UNKNOWN) {
            path.flags |= unknown;
            return true;
        }
        path.flags &= ~unknown;
        if (packet) {
            path.mark = (int) fields.low;
        } else {
            path.connectionMark = (int) fields.low;
        }
        return true;
    }
}
