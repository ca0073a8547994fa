package dev.podpath.testkit.fault;

import dev.podpath.core.net.AddressPort;
import io.vavr.collection.HashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Vector;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The lines of an {@code nft list ruleset} text with one rule or one element each, to be edited.
 *
 * @param lines all lines
 */
record NftListing(Vector<Line> lines) {
    private static final String ELEMENTS = "elements = { ";

    /** What a line holds. */
    enum Kind {
        /** A rule of a chain. */
        RULE,
        /** An element of a set or map. */
        ELEMENT,
        /** Anything else. */
        OTHER
    }

    /**
     * One line.
     *
     * @param number zero-based
     * @param family {@code ip} or {@code ip6}
     * @param block name of the chain, set or map
     * @param kind what it holds
     * @param text the rule or element alone; else the line as it is
     */
    record Line(int number, String family, String block, Kind kind, String text) {
        /** The chain that a jump, goto or element leads to; empty text where it leads to none. */
        String target() {
            int at = Math.max(text.indexOf("goto "), text.indexOf("jump "));
            if (at < 0) {
                return "";
            }
            int end = text.indexOf(' ', at + 5);
            return text.substring(at + 5, end < 0 ? text.length() : end);
        }

        /** Where a rule translates to. */
        AddressPort destination() {
            String to = text.substring(text.indexOf("dnat to ") + "dnat to ".length());
            return AddressPort.parse(to).getOrElseThrow(() -> new IllegalArgumentException("no address in " + text));
        }

        boolean is(Kind wanted, String blockPrefix) {
            return kind == wanted && block.startsWith(blockPrefix);
        }
    }

    static NftListing of(String text) {
        List<Line> lines = new ArrayList<>();
        String family = "";
        String block = "";
        boolean chain = false;
        boolean elements = false;
        int number = 0;
        for (String line : text.split("\n", -1)) {
            String bare = line.strip();
            Kind kind = Kind.OTHER;
            String content = line;
            if (line.startsWith("table ")) {
                family = line.split(" ", 3)[1];
            } else if (line.startsWith("\t") && !line.startsWith("\t\t") && bare.endsWith("{")) {
                chain = bare.startsWith("chain ");
                block = bare.split(" ", 3)[1];
            } else if (elements || bare.startsWith(ELEMENTS)) {
                elements = !bare.endsWith("}");
                kind = Kind.ELEMENT;
                content = bare.replaceFirst("^elements = \\{ ", "").replaceFirst("( }|,)$", "");
            } else if (chain && line.startsWith("\t\t") && !bare.startsWith("type ")) {
                kind = Kind.RULE;
                content = bare;
            }
            lines.add(new Line(number++, family, block, kind, content));
        }
        return new NftListing(Vector.ofAll(lines));
    }

    /** The rules of chains whose names begin so. */
    Vector<Line> rules(String chainPrefix) {
        return lines.filter(line -> line.is(Kind.RULE, chainPrefix));
    }

    /** The rules of the chain another line leads to, or is in. */
    Vector<Line> chain(String family, String name) {
        return rules(name)
                .filter(line -> line.family().equals(family) && line.block().equals(name));
    }

    /** The elements of the set or map of this name, in both families. */
    Vector<Line> elements(String name) {
        return lines.filter(line -> line.kind() == Kind.ELEMENT && line.block().equals(name));
    }

    /** The text without these lines. */
    String without(Vector<Line> gone) {
        return with(gone, text -> "");
    }

    /** The text with these lines changed; those that become empty are left out. */
    String with(Vector<Line> changed, UnaryOperator<String> change) {
        Map<Integer, String> texts = HashMap.empty();
        for (Line line : changed) {
            texts = texts.put(line.number(), change.apply(line.text()));
        }
        return render(texts, "", -1);
    }

    /** The text with these lines changed, and with one more element behind that line. */
    String moved(Vector<Line> gone, String element, String map, String family) {
        Map<Integer, String> texts = HashMap.empty();
        for (Line line : gone) {
            texts = texts.put(line.number(), "");
        }
        // Behind the type of the map, where its elements may begin.
        int head = lines.find(line -> line.kind() == Kind.OTHER
                        && line.family().equals(family)
                        && line.block().equals(map)
                        && line.text().strip().startsWith("comment "))
                .getOrElseThrow(() -> new IllegalArgumentException("no map " + map))
                .number();
        return render(texts, element, head);
    }

    private String render(Map<Integer, String> texts, String more, int behind) {
        StringBuilder out = new StringBuilder();
        List<String> elements = new ArrayList<>();
        for (Line line : lines) {
            String text = texts.getOrElse(line.number(), line.text());
            if (line.kind() == Kind.ELEMENT) {
                if (!text.isEmpty()) {
                    elements.add(text);
                }
                continue;
            }
            flush(elements, out);
            if (line.kind() == Kind.RULE) {
                out.append(text.isEmpty() ? "" : "\t\t" + text + "\n");
            } else {
                out.append(text).append('\n');
            }
            if (line.number() == behind) {
                elements.add(more);
            }
        }
        return out.substring(0, out.length() - 1);
    }

    private static void flush(List<String> elements, StringBuilder out) {
        if (!elements.isEmpty()) {
            out.append("\t\t")
                    .append(ELEMENTS)
                    .append(String.join(",\n\t\t\t     ", elements))
                    .append(" }\n");
            elements.clear();
        }
    }
}
