package dev.podpath.testkit.reference;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A table {@code kube-proxy} as nft lists it: sets and maps, then chains, in the order in which they were made. */
final class NftTable {
    private final boolean v6;
    private final Map<String, List<String>> declarations = new LinkedHashMap<>();
    private final Map<String, List<String>> elements = new LinkedHashMap<>();
    private final Map<String, List<String>> chains = new LinkedHashMap<>();

    NftTable(boolean v6) {
        this.v6 = v6;
    }

    /** Makes a set or map: {@code set cluster-ips}. */
    void set(String title, String... declaration) {
        declarations.put(title, List.of(declaration));
        elements.put(title, new ArrayList<>());
    }

    void element(String title, String element) {
        elements.getOrDefault(title, new ArrayList<>()).add(element);
    }

    void chain(String name) {
        chains.computeIfAbsent(name, missing -> new ArrayList<>());
    }

    void base(String name, String type, String hook, String priority) {
        chain(name);
        add(name, "type " + type + " hook " + hook + " priority " + priority + "; policy accept;");
    }

    void add(String chain, String rule) {
        chain(chain);
        chains.getOrDefault(chain, new ArrayList<>()).add(rule);
    }

    String render() {
        StringBuilder out = new StringBuilder("table " + (v6 ? "ip6" : "ip") + " kube-proxy {\n");
        out.append("\tcomment \"rules for kube-proxy\"\n");
        declarations.forEach((title, declaration) -> {
            out.append('\t').append(title).append(" {\n");
            declaration.forEach(line -> out.append("\t\t").append(line).append('\n'));
            List<String> all = elements.getOrDefault(title, List.of());
            if (!all.isEmpty()) {
                out.append("\t\telements = { ")
                        .append(String.join(",\n\t\t\t     ", all))
                        .append(" }\n");
            }
            out.append("\t}\n\n");
        });
        chains.forEach((name, rules) -> {
            out.append("\tchain ").append(name).append(" {\n");
            rules.forEach(rule -> out.append("\t\t").append(rule).append('\n'));
            out.append("\t}\n\n");
        });
        return out.append("}\n").toString();
    }
}
