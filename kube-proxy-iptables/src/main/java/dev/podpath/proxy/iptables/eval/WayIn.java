package dev.podpath.proxy.iptables.eval;

import dev.podpath.proxy.iptables.rule.IpSet;
import dev.podpath.proxy.iptables.rule.IpSets;
import dev.podpath.proxy.iptables.rule.Op;
import dev.podpath.proxy.iptables.rule.Ruleset;
import dev.podpath.proxy.iptables.rule.Table;
import dev.podpath.proxy.iptables.rule.TableName;
import java.util.List;

/** Whether rules tell forwarded packets by how they came in: by interface, bridge port or route back. */
final class WayIn {
    private WayIn() {}

    /** Whether some rule may do so; what is not modelled may. */
    static boolean isAskedBy(Ruleset rules, IpSets sets) {
        for (TableName name : TableName.values()) {
            Table table = rules.table(name);
            int[] code = table.code();
            int words = table.addressWords();
            int at = 0;
            while (at < code.length) {
                boolean asks =
                        Op.of(code[at]) == Op.SET ? mayHoldInterfaces(rules.label(code[at + 1]), sets) : asks(code[at]);
                if (asks) {
                    return true;
                }
                at += 1 + Op.operands(code[at], words);
            }
        }
        return false;
    }

    /** A set can hold interfaces; of one that was not captured nobody knows. */
    private static boolean mayHoldInterfaces(String name, IpSets sets) {
        return sets.set(name).isEmpty()
                || sets.set(name)
                        .exists(set -> set.unknown().isDefined()
                                || List.of(set.parts()).contains(IpSet.Part.IFACE));
    }

    private static boolean asks(int header) {
        return switch (Op.of(header)) {
            // A redirection goes to an address of the interface.
            case Op.IN, Op.PHYSDEV, Op.RPFILTER, Op.REDIRECT, Op.OPAQUE, Op.OPAQUE_TARGET -> true;
            case Op.SRC_TYPE, Op.DST_TYPE -> (Op.argument(header) & Op.LIMIT_IN) != 0;
            default -> false;
        };
    }
}
