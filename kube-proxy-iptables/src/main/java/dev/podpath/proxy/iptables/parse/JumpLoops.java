package dev.podpath.proxy.iptables.parse;

import dev.podpath.proxy.iptables.rule.Op;
import dev.podpath.proxy.iptables.rule.Table;
import io.vavr.collection.Vector;
import java.util.ArrayList;
import java.util.List;

/** Finds chains that lead back to themselves, which the kernel refuses (net/ipv4/netfilter/ip_tables.c). */
final class JumpLoops {
    private static final int MOST = 10;
    private static final byte OPEN = 1;
    private static final byte DONE = 2;

    private JumpLoops() {}

    /** Chains on a loop, each loop by one of its chains; at most ten. */
    static Vector<Integer> find(Table table) {
        int chains = table.chainCount();
        int[] first = new int[chains + 1];
        int[] jumps = jumps(table, first);
        byte[] state = new byte[chains];
        int[] stack = new int[chains];
        int[] next = new int[chains];
        List<Integer> found = new ArrayList<>();
        for (int root = 0; root < chains && found.size() < MOST; root++) {
            if (state[root] != 0 || first[root] == first[root + 1]) {
                continue;
            }
            int depth = 0;
            stack[depth++] = root;
            state[root] = OPEN;
            next[root] = first[root];
            while (depth > 0) {
                int chain = stack[depth - 1];
                if (next[chain] >= first[chain + 1]) {
                    state[chain] = DONE;
                    depth--;
                    continue;
                }
                int to = jumps[next[chain]++];
                if (state[to] == OPEN && found.size() < MOST) {
                    found.add(to);
                } else if (state[to] == 0) {
                    state[to] = OPEN;
                    next[to] = first[to];
                    stack[depth++] = to;
                }
            }
        }
        return Vector.ofAll(found);
    }

    /** Where the jumps of all chains lead, chain by chain; fills in which is the first of each chain, and the end. */
    private static int[] jumps(Table table, int[] first) {
        int[] code = table.code();
        int[] jumps = new int[table.ruleCount()];
        int count = 0;
        for (int chain = 0; chain < table.chainCount(); chain++) {
            first[chain] = count;
            int at = table.codeStart(chain);
            for (int rule = table.first(chain); rule < table.end(chain); rule++) {
                at = table.targetFrom(at);
                int op = Op.of(code[at]);
                if (op == Op.JUMP || op == Op.GOTO) {
                    jumps[count++] = code[at + 1];
                }
                at += 1 + Op.operands(code[at], table.addressWords());
            }
        }
        first[table.chainCount()] = count;
        return jumps;
    }
}
