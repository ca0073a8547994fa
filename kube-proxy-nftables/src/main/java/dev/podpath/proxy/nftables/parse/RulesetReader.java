package dev.podpath.proxy.nftables.parse;

import dev.podpath.ports.plugin.DocumentReport;
import dev.podpath.ports.plugin.Reading;
import dev.podpath.ports.plugin.Support;
import dev.podpath.ports.snapshot.Document;
import dev.podpath.proxy.nftables.rule.Chain;
import dev.podpath.proxy.nftables.rule.Rule;
import dev.podpath.proxy.nftables.rule.Ruleset;
import dev.podpath.proxy.nftables.rule.Statement;
import dev.podpath.proxy.nftables.rule.Table;
import io.vavr.collection.TreeMap;
import io.vavr.collection.Vector;

/** Reads a node's rule set, as text or as JSON by the document's first sign. */
public final class RulesetReader {
    private RulesetReader() {}

    /** Reads a document. Total. */
    public static Reading<Ruleset> read(Document document) {
        Problems problems = new Problems(document);
        int[] items = {};
        Vector<Table> tables;
        if (isJson(document.bytes())) {
            JsonRuleset json = new JsonRuleset(document, problems);
            tables = json.read();
            items = json.items();
        } else {
            tables = new TextReader(document, problems).read();
        }
        for (Table table : tables) {
            table.unlistedChains()
                    .forEach(place -> problems.at(place, "a chain that table " + table.title() + " lists"));
            table.unlistedSets()
                    .forEach(place -> problems.at(place, "a set or map that table " + table.title() + " lists"));
        }
        Vector<String> notes = tables.filter(table -> !table.family().isIp())
                .map(table -> "table " + table.title() + " of " + document.path()
                        + " is not looked at: its family is not on the way of a packet through the IP stack");
        return new Reading<>(
                new Ruleset(document, tables, items, notes), problems.toVector(), Vector.of(report(document, tables)));
    }

    private static boolean isJson(byte[] bytes) {
        for (byte b : bytes) {
            if (b > ' ') {
                return b == '{' || b == '[';
            }
        }
        return false;
    }

    private static DocumentReport report(Document document, Vector<Table> tables) {
        int full = 0;
        int neutral = 0;
        int unknown = 0;
        for (Table table : tables) {
            for (int c = 0; c < table.chainCount(); c++) {
                Chain chain = table.chain(c);
                for (int r = 0; r < chain.size(); r++) {
                    switch (support(chain.rule(r))) {
                        case FULL -> full++;
                        case IRRELEVANT -> neutral++;
                        default -> unknown++;
                    }
                }
            }
        }
        return new DocumentReport(
                document.path(),
                "rules",
                TreeMap.of(Support.FULL, full, Support.IRRELEVANT, neutral, Support.UNIMPLEMENTED, unknown)
                        .filterValues(count -> count > 0));
    }

    private static Support support(Rule rule) {
        boolean acts = false;
        for (int i = 0; i < rule.size(); i++) {
            switch (rule.statement(i).kind()) {
                case Statement.UNCERTAIN, Statement.UNSUPPORTED -> {
                    return Support.UNIMPLEMENTED;
                }
                case Statement.NEUTRAL -> {}
                default -> acts = true;
            }
        }
        return acts ? Support.FULL : Support.IRRELEVANT;
    }
}
