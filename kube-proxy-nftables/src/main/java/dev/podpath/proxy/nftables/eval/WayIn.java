package dev.podpath.proxy.nftables.eval;

import dev.podpath.proxy.nftables.rule.Chain;
import dev.podpath.proxy.nftables.rule.Expr;
import dev.podpath.proxy.nftables.rule.Ruleset;
import dev.podpath.proxy.nftables.rule.Selector;
import dev.podpath.proxy.nftables.rule.Statement;
import dev.podpath.proxy.nftables.rule.Table;

/** Whether rules tell forwarded packets by the interface they came in by. */
final class WayIn {
    private WayIn() {}

    /** Whether some rule for packets of a family may do so. */
    static boolean isAskedBy(Ruleset rules, boolean v6) {
        for (Table table : rules.tables()) {
            for (int c = 0; table.family().carries(v6) && c < table.chainCount(); c++) {
                Chain chain = table.chain(c);
                for (int r = 0; r < chain.size(); r++) {
                    for (int s = 0; s < chain.rule(r).size(); s++) {
                        if (asks(chain.rule(r).statement(s))) {
                            return true;
                        }
                    }
                }
            }
        }
        return false;
    }

    private static boolean asks(Statement statement) {
        if (statement instanceof Statement.Compare compare) {
            return asks(compare.left());
        }
        if (statement instanceof Statement.Lookup lookup) {
            return asks(lookup.key());
        }
        if (statement instanceof Statement.VerdictMap map) {
            return asks(map.key());
        }
        if (statement instanceof Statement.Mangle mangle) {
            return asks(mangle.value());
        }
        // A redirection goes to an address of the interface.
        return statement instanceof Statement.Nat nat
                && (nat.nat() == Statement.NatKind.REDIRECT || nat.address().exists(WayIn::asks));
    }

    private static boolean asks(Expr expr) {
        if (expr instanceof Expr.Read read) {
            return read.selector() == Selector.IIF || read.selector() == Selector.IIFNAME;
        }
        if (expr instanceof Expr.Bits bits) {
            return asks(bits.left()) || asks(bits.right());
        }
        if (expr instanceof Expr.Concat concat) {
            for (int i = 0; i < concat.size(); i++) {
                if (asks(concat.part(i))) {
                    return true;
                }
            }
        }
        return expr instanceof Expr.Mapped mapped && asks(mapped.key());
    }
}
