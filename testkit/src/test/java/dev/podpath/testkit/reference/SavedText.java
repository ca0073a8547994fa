package dev.podpath.testkit.reference;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The rules of a dump by table and chain; chains without rules are there too. */
final class SavedText {
    private SavedText() {}

    static Map<String, List<String>> chains(List<String> lines) {
        Map<String, List<String>> chains = new TreeMap<>();
        String table = "";
        for (String line : lines) {
            if (line.startsWith("*")) {
                table = line.substring(1);
            } else if (line.startsWith(":")) {
                chains.put(table + " " + line.substring(1, line.indexOf(' ')), new ArrayList<>());
            } else if (line.startsWith("-A ")) {
                String[] words = line.split(" ", 3);
                chains.computeIfAbsent(table + " " + words[1], name -> new ArrayList<>())
                        .add(words[2]);
            }
        }
        return chains;
    }
}
