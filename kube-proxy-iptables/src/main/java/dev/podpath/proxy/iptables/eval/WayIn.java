package dev.podpath.proxy.iptables.eval;

import dev.podpath.proxy.iptables.rule.Op;
import dev.podpath.proxy.iptables.rule.Ruleset;
import dev.podpath.proxy.iptables.rule.Table;
import dev.podpath.proxy.iptables.rule.TableName;

/** Whether rules tell forwarded packets by how they came in: by interface, bridge port or route back. */
final class WayIn {
    private WayIn() {}

    /** Whether some rule may do so; what is not modelled may. */
    static boolean isAskedBy(Ruleset rules) {
        for (TableName name : TableName.values()) {
            Table table = rules.table(name);
            int[] code = table.code();
            int words = table.addressWords();
            int at = 0;
            while (at < code.length) {
                if (asks(code[at])) {
                    return true;
                }
                at += 1 + Op.operands(code[at], words);
            }
        }
        return false;
    }

    private static boolean asks(int header) {
        return switch (Op.of(header)) {
            // A set can hold interfaces, and a redirection goes to an address of the interface.
            case Op.IN, Op.PHYSDEV, Op.RPFILTER, Op.SET, Op.REDIRECT, Op.OPAQUE, Op.OPAQUE_TARGET -> true;
            case Op.SRC_TYPE, Op.DST_TYPE -> (Op.argument(header) & Op.LIMIT_IN) != 0;
            default -> false;
        };
    }
}
