package dev.podpath.proxy.nftables.rule;

import io.vavr.collection.Vector;

/**
 * Tells a listing without the elements of its sets ({@code nft -t}) from one whose sets are empty. It does not say what it
 * is, but where verdict maps are empty and chains are led to by nothing, the elements that lead to them are missing.
 */
final class Terse {
    private Terse() {}

    static boolean suspected(Vector<Table> tables) {
        boolean emptyMap = false;
        for (Table table : tables) {
            for (int i = 0; i < table.setCount(); i++) {
                NamedSet set = table.set(i);
                if (set.elements().size() > 0) {
                    return false;
                }
                emptyMap |= set.isKnown() && set.definition().values().contains(DataType.VERDICT);
            }
        }
        return emptyMap && tables.exists(Terse::hasLooseChain);
    }

    private static boolean hasLooseChain(Table table) {
        boolean[] led = new boolean[table.chainCount()];
        for (int c = 0; c < led.length; c++) {
            Chain chain = table.chain(c);
            for (int r = 0; r < chain.size(); r++) {
                Rule rule = chain.rule(r);
                for (int s = 0; s < rule.size(); s++) {
                    mark(led, rule.statement(s));
                }
            }
        }
        for (int c = 0; c < led.length; c++) {
            Chain chain = table.chain(c);
            if (!led[c] && chain.base() == null && !isHelper(chain)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether a chain does one thing to every packet and leads nowhere, like those with which kube-proxy rejects and marks: they
     * are there before anything leads to them. Empty chains are left from services that are gone.
     */
    private static boolean isHelper(Chain chain) {
        if (chain.size() != 1) {
            return chain.size() == 0;
        }
        Rule rule = chain.rule(0);
        return rule.size() == 1
                && !(rule.statement(0) instanceof Statement.VerdictMap)
                && !(rule.statement(0) instanceof Statement.Decide decide
                        && Verdict.kind(decide.verdict()) >= Verdict.JUMP);
    }

    private static void mark(boolean[] led, Statement statement) {
        if (statement instanceof Statement.Decide decide && Verdict.kind(decide.verdict()) >= Verdict.JUMP) {
            led[Math.min(Verdict.chain(decide.verdict()), led.length - 1)] = true;
        }
        if (statement instanceof Statement.VerdictMap map) {
            Elements elements = map.content().elements();
            for (int i = 0; i < elements.size(); i++) {
                if (Verdict.kind(elements.verdict(i)) >= Verdict.JUMP) {
                    led[Math.min(Verdict.chain(elements.verdict(i)), led.length - 1)] = true;
                }
            }
        }
    }
}
