package dev.podpath.proxy.iptables.rule;

import io.vavr.control.Option;

/** Collects the chains and rules of a table in the order in which a dump gives them. */
public final class TableBuilder {
    private static final int UNDECLARED = -1;

    private final TableName name;
    private final boolean v6;
    private final Names chains;
    private final CodeBuffer chainLine = new CodeBuffer();
    private final CodeBuffer policy = new CodeBuffer();
    private final CodeBuffer ruleChain = new CodeBuffer();
    private final CodeBuffer ruleLine = new CodeBuffer();
    private final CodeBuffer start = new CodeBuffer();
    private final CodeBuffer code = new CodeBuffer();
    private boolean ordered = true;

    /** Nothing yet; room for the chains of so many bytes of text. */
    public TableBuilder(TableName name, boolean v6, byte[] text, int expectedBytes) {
        this.name = name;
        this.v6 = v6;
        this.chains = new Names(text, expectedBytes / 1000);
    }

    /** Which table it is. */
    public TableName name() {
        return name;
    }

    /** Whether it is of IPv6. */
    public boolean isV6() {
        return v6;
    }

    /** Declares the chain whose name stands at this place; false where it was declared before. */
    public boolean declare(int from, int to, int hash, int line, int chainPolicy) {
        int known = chains.find(from, to, hash);
        if (known >= 0 && policy.get(known) != UNDECLARED) {
            return false;
        }
        int chain = known >= 0 ? known : chains.intern(from, to, hash);
        if (chain == policy.size()) {
            policy.add(chainPolicy);
            chainLine.add(line);
        } else {
            policy.set(chain, chainPolicy);
            chainLine.set(chain, line);
        }
        return true;
    }

    /** The declared chain whose name stands at this place, or -1. */
    public int chain(int from, int to, int hash) {
        int chain = chains.find(from, to, hash);
        return chain >= 0 && policy.get(chain) != UNDECLARED ? chain : -1;
    }

    /** Whether there is a declared chain of this number. */
    public boolean isDeclared(int chain) {
        return chain >= 0 && chain < policy.size() && policy.get(chain) != UNDECLARED;
    }

    /** Where the name of a chain begins in the text. */
    public int nameFrom(int chain) {
        return chains.offset(chain);
    }

    /** How long the name of a chain is. */
    public int nameLength(int chain) {
        return chains.length(chain);
    }

    /** The chain whose name stands at this place, taken in although nothing declares it. */
    public int undeclared(int from, int to, int hash) {
        int chain = chains.intern(from, to, hash);
        if (chain == policy.size()) {
            policy.add(UNDECLARED);
            chainLine.add(0);
        }
        return chain;
    }

    /** Begins a rule; its instructions follow in {@link #code()}. */
    public void beginRule(int chain, int line) {
        ordered &= ruleChain.size() == 0 || ruleChain.get(ruleChain.size() - 1) <= chain;
        ruleChain.add(chain);
        ruleLine.add(line);
        start.add(code.size());
    }

    /** The instructions, to which those of the rule are added. */
    public CodeBuffer code() {
        return code;
    }

    /** Where the instructions of the rule begin that was begun last. */
    public int lastRuleStart() {
        return start.get(start.size() - 1);
    }

    /** Number of rules so far. */
    public int ruleCount() {
        return start.size();
    }

    /** Whether there is neither a rule nor a policy other than ACCEPT. */
    public boolean isNeutral() {
        for (int chain = 0; chain < policy.size(); chain++) {
            if (policy.get(chain) == Table.POLICY_DROP) {
                return false;
            }
        }
        return ruleCount() == 0;
    }

    /**
     * The table.
     *
     * @param damage why rules may be missing; empty where it is whole
     */
    public Table build(Option<String> damage) {
        int count = policy.size();
        int rules = start.size();
        byte[] policies = new byte[count];
        for (int chain = 0; chain < count; chain++) {
            policies[chain] = (byte) Math.max(Table.USER, policy.get(chain));
        }
        int[] first = new int[count + 1];
        for (int rule = 0; rule < rules; rule++) {
            first[ruleChain.get(rule) + 1]++;
        }
        for (int chain = 0; chain < count; chain++) {
            first[chain + 1] += first[chain];
        }
        int[] line = ruleLine.toArray();
        int[] starts = start.toArray();
        int[] instructions = code.toArray();
        if (!ordered) {
            int[] next = first.clone();
            int[] sortedLine = new int[rules];
            int[] sortedRule = new int[rules];
            for (int rule = 0; rule < rules; rule++) {
                sortedRule[next[ruleChain.get(rule)]++] = rule;
            }
            int[] sortedStart = new int[rules];
            int[] sorted = new int[instructions.length];
            int size = 0;
            for (int to = 0; to < rules; to++) {
                int rule = sortedRule[to];
                int end = rule + 1 < rules ? starts[rule + 1] : instructions.length;
                System.arraycopy(instructions, starts[rule], sorted, size, end - starts[rule]);
                sortedLine[to] = line[rule];
                sortedStart[to] = size;
                size += end - starts[rule];
            }
            line = sortedLine;
            starts = sortedStart;
            instructions = sorted;
        }
        return new Table(name, v6, chains, chainLine.toArray(), policies, first, line, starts, instructions, damage);
    }
}
