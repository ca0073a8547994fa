package dev.podpath.testkit.fault;

import io.vavr.collection.Vector;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * The rules of an {@code iptables-save} text, to be edited line by line.
 *
 * @param lines all lines
 * @param rules the rules among them
 */
record SavedRules(Vector<String> lines, Vector<Rule> rules) {
    /**
     * One rule.
     *
     * @param line zero-based number of its line
     * @param table its table
     * @param chain its chain
     * @param text the rest of the line
     */
    record Rule(int line, String table, String chain, String text) {
        /** Where it jumps to, or its target; empty text where it has none. */
        String target() {
            int jump = text.indexOf("-j ");
            if (jump < 0) {
                return "";
            }
            int end = text.indexOf(' ', jump + 3);
            return text.substring(jump + 3, end < 0 ? text.length() : end);
        }

        boolean jumpsTo(String prefix) {
            return target().startsWith(prefix);
        }
    }

    static SavedRules of(String text) {
        Vector<String> lines = Vector.ofAll(text.lines());
        Vector<Rule> rules = Vector.empty();
        String table = "";
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.startsWith("*")) {
                table = line.substring(1);
            } else if (line.startsWith("-A ")) {
                String[] words = line.split(" ", 3);
                rules = rules.append(new Rule(i, table, words[1], words[2]));
            }
        }
        return new SavedRules(lines, rules);
    }

    Vector<Rule> in(String table, String chainPrefix) {
        return rules.filter(rule -> rule.table().equals(table) && rule.chain().startsWith(chainPrefix));
    }

    /** The rules of exactly this chain. */
    Vector<Rule> chain(String table, String chain) {
        return rules.filter(rule -> rule.table().equals(table) && rule.chain().equals(chain));
    }

    /** The text without these rules. */
    String without(Vector<Rule> gone) {
        return edited(gone, text -> "", "");
    }

    /** The text with these rules changed. */
    String with(Vector<Rule> changed, UnaryOperator<String> change) {
        return edited(changed, change, "");
    }

    /** The text without these rules, and with further lines before the first of them. */
    String instead(Vector<Rule> gone, String more) {
        return edited(gone, text -> "", more);
    }

    /** The text with further lines before a rule. */
    String before(Rule rule, String more) {
        return edited(Vector.of(rule), text -> text, more);
    }

    private String edited(Vector<Rule> places, UnaryOperator<String> change, String more) {
        Map<Integer, Rule> byLine = new HashMap<>();
        places.forEach(rule -> byLine.put(rule.line(), rule));
        StringBuilder out = new StringBuilder();
        boolean first = true;
        for (int i = 0; i < lines.size(); i++) {
            Rule rule = byLine.get(i);
            if (rule != null) {
                if (first) {
                    out.append(more);
                    first = false;
                }
                String text = change.apply(rule.text());
                if (!text.isEmpty()) {
                    out.append("-A ")
                            .append(rule.chain())
                            .append(' ')
                            .append(text)
                            .append('\n');
                }
            } else {
                out.append(lines.get(i)).append('\n');
            }
        }
        return out.toString();
    }
}
