package dev.podpath.proxy.iptables.rule;

import io.vavr.control.Option;

/**
 * A table of one address family: chains of rules in arrays. Rules and chains are numbered from 0; the rules of a chain
 * have consecutive numbers in the order they are tried.
 */
@SuppressWarnings("EnumOrdinal")
public final class Table {
    /** Policy of a chain that is not built in: the packet goes back to where it came from. */
    public static final int USER = 0;
    /** Policy ACCEPT. */
    public static final int POLICY_ACCEPT = 1;
    /** Policy DROP. */
    public static final int POLICY_DROP = 2;

    /** Chains of at least so many rules get an index. */
    private static final int INDEXED = 12;

    private final TableName name;
    private final boolean v6;
    private final Names chains;
    private final int[] chainLine;
    private final byte[] policy;

    /** For each chain its first rule and where the instructions of that one begin; and those behind the last chain. */
    private final int[] begin;

    private final int[] ruleLine;
    private final int[] start;
    private final int[] code;
    private final int[] builtIn;
    private final DispatchIndex[] indexes;
    private final int[] indexOf;
    private final Option<String> damage;

    Table(
            TableName name,
            boolean v6,
            Names chains,
            int[] chainLine,
            byte[] policy,
            int[] first,
            int[] ruleLine,
            int[] start,
            int[] code,
            Option<String> damage) {
        this.name = name;
        this.v6 = v6;
        this.chains = chains;
        this.chainLine = chainLine;
        this.policy = policy;
        this.ruleLine = ruleLine;
        this.start = start;
        this.code = code;
        this.damage = damage;
        this.begin = new int[2 * first.length];
        for (int chain = 0; chain < first.length; chain++) {
            begin[2 * chain] = first[chain];
            begin[2 * chain + 1] = first[chain] < start.length ? start[first[chain]] : code.length;
        }
        Hook[] hooks = Hook.values();
        this.builtIn = new int[hooks.length];
        for (Hook hook : hooks) {
            builtIn[hook.ordinal()] = name.isAt(hook) ? chains.find(hook.name()) : -1;
        }
        int indexed = 0;
        for (int chain = 0; chain < policy.length; chain++) {
            indexed += ruleCount(chain) >= INDEXED ? 1 : 0;
        }
        this.indexes = new DispatchIndex[indexed];
        this.indexOf = indexed == 0 ? new int[0] : new int[policy.length];
        for (int chain = 0, next = 0; next < indexed; chain++) {
            if (ruleCount(chain) >= INDEXED) {
                indexes[next] = DispatchIndex.of(this, first[chain], first[chain + 1]);
                indexOf[chain] = ++next;
            }
        }
    }

    /** A table without chains: nothing in it touches a packet. */
    static Table empty(TableName name, boolean v6) {
        return new TableBuilder(name, v6, new byte[0], 0).build(Option.none());
    }

    /** A table of which nothing could be read. */
    public static Table unread(TableName name, boolean v6, String why) {
        return new TableBuilder(name, v6, new byte[0], 0).build(Option.some(why));
    }

    /** The same table with something wrong about it. */
    public Table damaged(String why) {
        int[] first = new int[begin.length / 2];
        for (int chain = 0; chain < first.length; chain++) {
            first[chain] = begin[2 * chain];
        }
        return new Table(name, v6, chains, chainLine, policy, first, ruleLine, start, code, Option.some(why));
    }

    /** Which table it is. */
    public TableName name() {
        return name;
    }

    /** Whether it is of IPv6. */
    public boolean isV6() {
        return v6;
    }

    /** Words an address takes: 1 or 4. */
    public int addressWords() {
        return v6 ? 4 : 1;
    }

    /** Why rules of the table may be missing; empty where it is whole. */
    public Option<String> damage() {
        return damage;
    }

    /** Number of chains. */
    public int chainCount() {
        return policy.length;
    }

    /** Number of rules. */
    public int ruleCount() {
        return start.length;
    }

    /** The chain of this name, or -1. */
    public int chain(String chainName) {
        return chains.find(chainName);
    }

    /** The built-in chain at a hook, or -1 where the table has none. */
    public int builtIn(Hook hook) {
        return builtIn[hook.ordinal()];
    }

    /** Name of a chain. */
    public String chainName(int chain) {
        return chains.name(chain);
    }

    /** One-based line that declares a chain; 0 where none does. */
    public int chainLine(int chain) {
        return chainLine[chain];
    }

    /** {@link #USER}, {@link #POLICY_ACCEPT} or {@link #POLICY_DROP}. */
    public int policy(int chain) {
        return policy[chain];
    }

    /** The first rule of a chain. */
    public int first(int chain) {
        return begin[2 * chain];
    }

    /** The number after the last rule of a chain. */
    public int end(int chain) {
        return begin[2 * chain + 2];
    }

    /** Where the instructions of the first rule of a chain begin in {@link #code()}; those of the others follow. */
    public int codeStart(int chain) {
        return begin[2 * chain + 1];
    }

    /** Whether a chain is so long that {@link #next} has an index to find its rules by. */
    public boolean isIndexed(int chain) {
        return ruleCount(chain) >= INDEXED;
    }

    /** Number of rules in a chain. */
    public int ruleCount(int chain) {
        return begin[2 * chain + 2] - begin[2 * chain];
    }

    /** The chain that holds a rule. */
    public int chainOf(int rule) {
        int low = 0;
        int high = policy.length - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (begin[2 * middle + 2] <= rule) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** One-based line of a rule. */
    public int line(int rule) {
        return ruleLine[rule];
    }

    /** Where the instructions of a rule begin in {@link #code()}. */
    public int start(int rule) {
        return start[rule];
    }

    /** The instructions of all rules, see {@link Op}; not a copy, never to be changed. */
    @SuppressWarnings("EI_EXPOSE_REP")
    public int[] code() {
        return code;
    }

    /** Where the target of a rule stands in {@link #code()}. */
    public int target(int rule) {
        return targetFrom(start[rule]);
    }

    /** Where the target of a rule stands, from a place of one of its tests on. */
    public int targetFrom(int place) {
        int at = place;
        while (Op.of(code[at]) < Op.FIRST_TARGET) {
            at += 1 + Op.operands(code[at], addressWords());
        }
        return at;
    }

    /**
     * Touches the first instructions of the chains that some rules lead to, all at once: each comes from far away in memory, and one
     * after the other they would be waited for.
     *
     * @param start where the instructions of the first of the rules begin
     * @return something that depends on all that was touched
     */
    public int fetch(int start, int rules) {
        int touched = 0;
        int at = start;
        for (int i = 0; i < rules; i++) {
            at = targetFrom(at);
            int header = code[at];
            if (Op.of(header) == Op.JUMP) {
                int first = codeStart(code[at + 1]);
                touched += first < code.length ? code[first] : 0;
            }
            at += 1 + Op.operands(header, addressWords());
        }
        return touched;
    }

    /** The index over the rules of a chain; empty where it is short enough to be scanned. */
    public Option<DispatchIndex> index(int chain) {
        return indexOf.length == 0 || indexOf[chain] == 0 ? Option.none() : Option.some(indexes[indexOf[chain] - 1]);
    }

    /**
     * The first rule from this one on that a packet can match, by destination, protocol and destination port; the end of
     * the chain where there is none. Rules that are left out cannot match.
     */
    public int next(int chain, int from, long high, long low, int protocol, int port) {
        if (indexOf.length == 0 || indexOf[chain] == 0) {
            return Math.min(from, end(chain));
        }
        return indexes[indexOf[chain] - 1].next(from, high, low, protocol, port);
    }
}
