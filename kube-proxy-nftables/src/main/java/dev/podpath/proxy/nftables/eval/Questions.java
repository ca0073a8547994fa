package dev.podpath.proxy.nftables.eval;

import dev.podpath.core.proxy.walk.Link;
import dev.podpath.core.trace.Missing;
import dev.podpath.ports.node.NodeState;
import dev.podpath.proxy.nftables.rule.Content;
import dev.podpath.proxy.nftables.rule.Elements;
import dev.podpath.proxy.nftables.rule.Expr;
import dev.podpath.proxy.nftables.rule.NamedSet;
import dev.podpath.proxy.nftables.rule.Ruleset;
import dev.podpath.proxy.nftables.rule.Statement.Compare;
import dev.podpath.proxy.nftables.rule.Statement.Lookup;
import dev.podpath.proxy.nftables.rule.Statement.Op;
import org.jspecify.annotations.Nullable;

/** Answers the questions of rules: comparisons and lookups. */
final class Questions {
    static final int NO = 0;
    static final int YES = 1;
    /** Not known; {@link #reason()} says why. */
    static final int MAYBE = 2;
    /** By chance: {@link #part} of {@link #whole}. */
    static final int CHANCE = 3;
    /** It depends on other packets or on a hash. */
    static final int DEPENDS = 4;

    /** A key that is not in a set. */
    static final int MISS = -1;
    /** A key of which it is not known whether it is in a set. */
    static final int DOUBT = -2;
    /** The packet has no such key. */
    static final int NO_KEY = -3;

    private final Ruleset rules;
    private final NodeState node;
    private final Fields fields;
    private final @Nullable Recorder recorder;

    long part;
    long whole;
    /** An assumption the last answer rests on, of {@link Path}'s SEEN bits. */
    int assumed;

    private String reason = "";
    private @Nullable Missing missing;

    Questions(Ruleset rules, NodeState node, Fields fields, @Nullable Recorder recorder) {
        this.rules = rules;
        this.node = node;
        this.fields = fields;
        this.recorder = recorder;
    }

    String reason() {
        return reason;
    }

    @Nullable
    Missing missing() {
        return missing;
    }

    private int maybe(String why) {
        reason = why;
        missing = null;
        return MAYBE;
    }

    int compare(Path path, Compare question) {
        Expr left = question.left();
        if (left.kind() == Expr.NUMGEN) {
            return chance((Expr.Numgen) left, question);
        }
        if (left.kind() == Expr.HASH) {
            reason = "it depends on a hash of the packet";
            missing = null;
            return DEPENDS;
        }
        int status = fields.value(path, left);
        if (status == Fields.ABSENT) {
            return NO;
        }
        if (status == Fields.UNKNOWN) {
            return fields.kinds == 0 ? maybe(fields.reason) : kinds(question);
        }
        long high = fields.high;
        long low = fields.low;
        Recorder noting = recorder;
        switch (question.op()) {
            case ANY -> {
                return (low & question.firstLow()) != 0 ? YES : NO;
            }
            case NONE -> {
                return (low & question.firstLow()) == 0 ? YES : NO;
            }
            case EQ, NEQ -> {
                if (noting != null) {
                    noting.range(
                            left,
                            path,
                            fields,
                            question.firstHigh(),
                            question.firstLow(),
                            question.lastHigh(),
                            question.lastLow());
                }
                boolean in = Elements.compare(high, low, question.firstHigh(), question.firstLow()) >= 0
                        && Elements.compare(high, low, question.lastHigh(), question.lastLow()) <= 0;
                return in == (question.op() == Op.EQ) ? YES : NO;
            }
            default -> {
                return order(path, question, high, low);
            }
        }
    }

    /** An address that can be of several types: they may all give one answer. */
    private int kinds(Compare question) {
        long wanted = 0;
        for (long kind = question.firstLow(); kind <= Math.min(question.lastLow(), 15); kind++) {
            wanted |= 1L << kind;
        }
        boolean negated = question.op() == Op.NEQ;
        if (!negated && question.op() != Op.EQ) {
            return maybe(fields.reason);
        }
        if ((fields.kinds & wanted) == 0) {
            return negated ? YES : NO;
        }
        return (fields.kinds & ~wanted) == 0 ? (negated ? NO : YES) : maybe(fields.reason);
    }

    private int order(Path path, Compare question, long high, long low) {
        Recorder noting = recorder;
        if (noting != null) {
            // The value itself is a place of its own, so that below, equal and above are told apart.
            noting.range(
                    question.left(),
                    path,
                    fields,
                    question.firstHigh(),
                    question.firstLow(),
                    question.firstHigh(),
                    question.firstLow());
        }
        int order = Elements.compare(high, low, question.firstHigh(), question.firstLow());
        boolean holds = switch (question.op()) {
            case LT -> order < 0;
            case GT -> order > 0;
            case LE -> order <= 0;
            default -> order >= 0;
        };
        return holds ? YES : NO;
    }

    private int chance(Expr.Numgen numgen, Compare question) {
        long first = Math.max(0, question.firstLow() - numgen.offset());
        long last = question.lastLow() - numgen.offset();
        whole = numgen.outcomes();
        part = switch (question.op()) {
            case EQ -> numgen.below(last + 1) - numgen.below(first);
            case NEQ -> whole - (numgen.below(last + 1) - numgen.below(first));
            case LT -> numgen.below(last);
            case LE -> numgen.below(last + 1);
            case GT -> whole - numgen.below(last + 1);
            case GE -> whole - numgen.below(last);
            default -> -1;
        };
        return part < 0 ? maybe("flags of a generated number") : part == 0 ? NO : part == whole ? YES : CHANCE;
    }

    int lookup(Path path, Lookup question) {
        Content content = question.content();
        Expr key = question.key();
        if (key.kind() == Expr.NUMGEN || key.kind() == Expr.HASH) {
            reason = "it depends on a generated number";
            missing = null;
            return DEPENDS;
        }
        int found = find(path, key, content);
        if (found == DOUBT) {
            return MAYBE;
        }
        if (found == NO_KEY) {
            return NO;
        }
        return (found >= 0) != question.negated() ? YES : NO;
    }

    /** The element of a set that the packet's key is in, or one of the negative answers. */
    int find(Path path, Expr key, Content content) {
        assumed = 0;
        if (content instanceof NamedSet set) {
            Integer answer = named(path, set);
            if (answer != null) {
                return answer;
            }
        }
        Elements elements = content.elements();
        boolean row = key.kind() == Expr.CONCAT;
        int status = row ? fields.row(path, (Expr.Concat) key) : fields.value(path, key);
        if (status == Fields.ABSENT) {
            return NO_KEY;
        }
        if (status == Fields.UNKNOWN) {
            if (elements.size() == 0) {
                return MISS;
            }
            maybe(fields.reason);
            return DOUBT;
        }
        int width = row ? ((Expr.Concat) key).size() : 1;
        if (elements.size() > 0 && elements.width() != width) {
            maybe("the set has other fields than the rule asks for");
            return DOUBT;
        }
        Recorder noting = recorder;
        if (noting != null && elements.size() > 0) {
            noting.set(key, path, elements, fields);
        }
        return row ? elements.find(fields.row) : elements.find(fields.high, fields.low);
    }

    /** The answer of a set whose elements are not to be looked at; null where they are. */
    private @Nullable Integer named(Path path, NamedSet set) {
        if (!set.isKnown()) {
            maybe("set " + set.name() + " was not listed or cannot be read");
            missing = new Missing("set " + set.name(), "nft list ruleset > nft-ruleset.txt   # on node " + node.name());
            return DOUBT;
        }
        if (set.isUpdated()) {
            for (Link<NamedSet> link = path.entered; link != null; link = link.before()) {
                if (link.value() == set) {
                    return 0;
                }
            }
            boolean affinity = path.base != null && Walk.isNat(path.base);
            assumed = affinity ? Path.SEEN_AFFINITY : Path.SEEN_SET;
            return set.elements().otherwise() >= 0 ? set.elements().otherwise() : MISS;
        }
        if (rules.isTerse()) {
            maybe("the elements of set " + set.name() + " were not listed");
            missing = new Missing(
                    rules.document().path() + ": elements of set " + set.name(),
                    "nft list ruleset > nft-ruleset.txt   # on node " + node.name() + ", without -t");
            return DOUBT;
        }
        return null;
    }
}
