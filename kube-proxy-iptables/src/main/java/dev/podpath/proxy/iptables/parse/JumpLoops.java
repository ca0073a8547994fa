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
        byte[] state = new byte[chains];
        int[] stack = new int[chains];
        int[] next = new int[chains];
        List<Integer> found = new ArrayList<>();
        for (int root = 0; root < chains && found.size() < MOST; root++) {
            if (state[root] != 0 || table.ruleCount(root) == 0) {
                continue;
            }
            int depth = 0;
            stack[depth++] = root;
            state[root] = OPEN;
            next[root] = table.first(root);
            while (depth > 0) {
                int chain = stack[depth - 1];
                if (next[chain] >= table.end(chain)) {
                    state[chain] = DONE;
                    depth--;
                    continue;
                }
                int to = jump(table, next[chain]++);
                if (to >= 0 && state[to] == OPEN && found.size() < MOST) {
                    found.add(to);
                } else if (to >= 0 && state[to] == 0) {
                    state[to] = OPEN;
                    next[to] = table.first(to);
                    stack[depth++] = to;
                }
            }
        }
        return Vector.ofAll(found);
    }

    private static int jump(Table table, int rule) {
        int at = table.target(rule);
        int op = Op.of(table.code()[at]);
        return op == Op.JUMP || op == Op.GOTO ? table.code()[at + 1] : -1;
    }
}
