package dev.podpath.bench.cluster;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Turns a listing of kube-proxy's nftables rules from text into JSON, line by line. */
final class NftJson {
    private final Iterator<String> lines;
    private final StringBuilder chains = new StringBuilder();
    private final StringBuilder rules = new StringBuilder();
    private String owner = "";
    private int handle;

    /** Words of a line, one after another; a list in braces is one of them. */
    private String[] words = {};

    private int at;

    NftJson(String text) {
        this.lines = text.lines().iterator();
    }

    String ruleset() {
        StringBuilder all = new StringBuilder(
                "{\"nftables\": [{\"metainfo\": {\"version\": \"1.0.6\", \"json_schema_version\": 1}}");
        while (lines.hasNext()) {
            String line = lines.next();
            if (line.startsWith("table ")) {
                String[] head = line.split(" ", -1);
                all.append(", {\"table\": {\"family\": \"")
                        .append(head[1])
                        .append("\", \"name\": \"")
                        .append(head[2])
                        .append("\", \"handle\": ")
                        .append(++handle)
                        .append("}}");
                owner = "\"family\": \"" + head[1] + "\", \"table\": \"" + head[2] + "\", ";
                table(all);
            }
        }
        return all.append("]}\n").toString();
    }

    /** As nft lists a table: sets and maps, then chains, then rules. */
    private void table(StringBuilder sets) {
        chains.setLength(0);
        rules.setLength(0);
        for (String line = lines.next(); !line.equals("}"); line = lines.next()) {
            String[] head = line.strip().split(" ", -1);
            if (head[0].equals("chain")) {
                chain(head[1]);
            } else if (head[0].equals("set") || head[0].equals("map")) {
                set(sets, head[0], head[1]);
            }
        }
        sets.append(chains).append(rules);
    }

    private void set(StringBuilder out, String kind, String name) {
        StringBuilder flags = new StringBuilder();
        StringBuilder elements = new StringBuilder();
        String type = "";
        String timeout = "";
        String size = "";
        for (String line = lines.next().strip();
                !line.equals("}");
                line = lines.next().strip()) {
            if (line.startsWith("type ")) {
                type = line.substring(5);
            } else if (line.startsWith("flags ")) {
                flags.append(line, 6, line.length());
            } else if (line.startsWith("size ")) {
                size = line.substring(5);
            } else if (line.startsWith("timeout ")) {
                timeout = line.substring(8, line.length() - 1);
            } else if (line.startsWith("elements = { ")) {
                String rest = line.substring(13);
                while (!rest.endsWith(" }")) {
                    element(elements, rest.substring(0, rest.length() - 1));
                    rest = lines.next().strip();
                }
                element(elements, rest.substring(0, rest.length() - 2));
            }
        }
        boolean map = type.endsWith(" : verdict");
        String keys = map ? type.substring(0, type.length() - 10) : type;
        out.append(", {\"")
                .append(kind)
                .append("\": {")
                .append(owner)
                .append("\"name\": \"")
                .append(name)
                .append("\", \"type\": ")
                .append(keys.contains(" . ") ? list(keys, " \\. ") : "\"" + keys + "\"")
                .append(", \"handle\": ")
                .append(++handle);
        out.append(map ? ", \"map\": \"verdict\"" : "");
        if (flags.length() > 0) {
            out.append(", \"flags\": ").append(list(flags.toString(), ","));
        }
        out.append(timeout.isEmpty() ? "" : ", \"timeout\": " + timeout);
        out.append(size.isEmpty() ? "" : ", \"size\": " + size);
        if (elements.length() > 0) {
            out.append(", \"elem\": [").append(elements).append(']');
        }
        out.append("}}");
    }

    private static String list(String text, String by) {
        return "[\"" + String.join("\", \"", text.split(by, -1)) + "\"]";
    }

    /** Elements may stand on one line. */
    private static void element(StringBuilder out, String text) {
        for (String one : text.split(", (?=[0-9a-f:.]+( |$)|tcp |udp |sctp )", -1)) {
            int colon = one.indexOf(" : ");
            String key = colon < 0 ? one : one.substring(0, colon);
            int comment = key.indexOf(" comment ");
            String value = comment < 0 ? key : key.substring(0, comment);
            String said = value.contains(" . ") ? concat(value) : scalar(value);
            if (comment >= 0) {
                said = "{\"elem\": {\"val\": " + said + ", \"comment\": " + key.substring(comment + 9) + "}}";
            }
            out.append(out.length() == 0 ? "" : ", ")
                    .append(colon < 0 ? said : "[" + said + ", " + verdict(one.substring(colon + 3)) + "]");
        }
    }

    private static String concat(String text) {
        StringBuilder out = new StringBuilder("{\"concat\": [");
        for (String part : text.split(" \\. ", -1)) {
            out.append(out.length() == 12 ? "" : ", ").append(scalar(part));
        }
        return out.append("]}").toString();
    }

    private static String scalar(String text) {
        int slash = text.startsWith("@") ? -1 : text.indexOf('/');
        if (slash > 0) {
            return "{\"prefix\": {\"addr\": \"" + text.substring(0, slash) + "\", \"len\": " + text.substring(slash + 1)
                    + "}}";
        }
        boolean number = !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return number ? text : text.startsWith("0x") ? "" + Long.decode(text) : "\"" + text + "\"";
    }

    private static String verdict(String text) {
        int blank = text.indexOf(' ');
        return blank < 0
                ? "{\"" + text + "\": null}"
                : "{\"" + text.substring(0, blank) + "\": {\"target\": \"" + text.substring(blank + 1) + "\"}}";
    }

    private void chain(String name) {
        chains.append(", {\"chain\": {").append(owner).append("\"name\": \"").append(name);
        chains.append("\", \"handle\": ").append(++handle);
        for (String line = lines.next().strip();
                !line.equals("}");
                line = lines.next().strip()) {
            if (line.startsWith("type ")) {
                String[] head = line.split(" ", -1);
                chains.append(", \"type\": \"")
                        .append(head[1])
                        .append("\", \"hook\": \"")
                        .append(head[3]);
                chains.append("\", \"prio\": ").append(priority(line)).append(", \"policy\": \"accept\"");
            } else {
                rules.append(", {\"rule\": {")
                        .append(owner)
                        .append("\"chain\": \"")
                        .append(name);
                rules.append("\", \"handle\": ").append(++handle).append(", \"expr\": [");
                rule(line);
                rules.append("]}}");
            }
        }
        chains.append("}}");
    }

    private static int priority(String line) {
        String text = line.substring(line.indexOf("priority ") + 9, line.indexOf(';'));
        return switch (text) {
            case "dstnat" -> -100;
            case "dstnat - 10" -> -110;
            case "srcnat" -> 100;
            case "filter" -> 0;
            default -> Integer.parseInt(text);
        };
    }

    private void rule(String line) {
        words = split(line);
        at = 0;
        boolean first = true;
        while (at < words.length) {
            String one = statement();
            rules.append(first || one.isEmpty() ? "" : ", ").append(one);
            first &= one.isEmpty();
        }
    }

    /** Splits at blanks that are not within braces. */
    private static String[] split(String line) {
        List<String> parts = new ArrayList<>();
        int from = 0;
        int depth = 0;
        for (int i = 0; i <= line.length(); i++) {
            char c = i < line.length() ? line.charAt(i) : ' ';
            depth += c == '{' ? 1 : c == '}' ? -1 : 0;
            if (c == ' ' && (depth == 0 || i == line.length())) {
                parts.add(line.substring(from, i));
                from = i + 1;
            }
        }
        return parts.toArray(String[]::new);
    }

    private String next() {
        return words[at++];
    }

    private String statement() {
        String word = next();
        switch (word) {
            case "drop", "return" -> {
                return verdict(word);
            }
            case "jump", "goto" -> {
                return verdict(word + " " + next());
            }
            case "reject" -> {
                return "{\"reject\": {\"type\": \"icmp\", \"expr\": \"port-unreachable\"}}";
            }
            case "masquerade" -> {
                return "{\"masquerade\": {\"flags\": \"" + next() + "\"}}";
            }
            case "comment" -> {
                at = words.length;
                return "";
            }
            case "dnat" -> {
                next();
                String to = next();
                int colon = to.lastIndexOf(':');
                String address = to.substring(0, colon).replace("[", "").replace("]", "");
                return "{\"dnat\": {\"addr\": \"" + address + "\", \"port\": " + to.substring(colon + 1) + "}}";
            }
            case "update" -> {
                String set = next();
                return "{\"set\": {\"op\": \"update\", \"elem\": " + payload(next().split(" ", -1)[1]) + ", \"set\": \""
                        + set + "\"}}";
            }
            case "numgen" -> {
                next();
                next();
                String many = next();
                next();
                return "{\"vmap\": {\"key\": {\"numgen\": {\"mode\": \"random\", \"mod\": " + many
                        + ", \"offset\": 0}}, \"data\": " + ways(next()) + "}}";
            }
            default -> {
                at--;
                return match();
            }
        }
    }

    private static String ways(String braces) {
        StringBuilder out = new StringBuilder("{\"set\": [");
        for (String way : braces.substring(2, braces.length() - 2).split(", ", -1)) {
            int colon = way.indexOf(" : ");
            out.append(out.length() == 9 ? "" : ", ").append('[').append(way, 0, colon);
            out.append(", ").append(verdict(way.substring(colon + 3))).append(']');
        }
        return out.append("]}").toString();
    }

    private static String payload(String ip) {
        return "{\"payload\": {\"protocol\": \"" + ip + "\", \"field\": \"saddr\"}}";
    }

    /** An expression of two or three words. */
    private String expression() {
        String first = next();
        String second = next();
        if (first.equals("fib")) {
            return "{\"fib\": {\"result\": \"" + next() + "\", \"flags\": [\"" + second + "\"]}}";
        }
        if (first.equals("meta") || first.equals("ct")) {
            return "{\"" + first + "\": {\"key\": \"" + second + "\"}}";
        }
        return "{\"payload\": {\"protocol\": \"" + first + "\", \"field\": \"" + second + "\"}}";
    }

    private String match() {
        boolean sets = words[at].equals("meta") && words[at + 2].equals("set");
        String left = expression();
        if (sets) {
            next();
            String from = expression();
            String op = next();
            return "{\"mangle\": {\"key\": " + left + ", \"value\": {\"" + op + "\": [" + from + ", " + scalar(next())
                    + "]}}}";
        }
        if (words[at].equals(".")) {
            StringBuilder row = new StringBuilder("{\"concat\": [").append(left);
            while (words[at].equals(".")) {
                next();
                row.append(", ").append(expression());
            }
            left = row.append("]}").toString();
        }
        String word = next();
        if (word.equals("vmap")) {
            return "{\"vmap\": {\"key\": " + left + ", \"data\": \"" + next() + "\"}}";
        }
        if (word.equals("&")) {
            left = "{\"&\": [" + left + ", " + scalar(next()) + "]}";
            word = next();
        }
        boolean given = word.equals("==") || word.equals("!=");
        String op = given ? word : left.contains("\"ct\"") ? "in" : "==";
        String right = given ? next() : word;
        return "{\"match\": {\"op\": \"" + op + "\", \"left\": " + left + ", \"right\": " + value(right) + "}}";
    }

    private static String value(String text) {
        if (!text.startsWith("{")) {
            return scalar(text);
        }
        StringBuilder out = new StringBuilder("{\"set\": [");
        for (String one : text.substring(2, text.length() - 2).split(", ", -1)) {
            out.append(out.length() == 9 ? "" : ", ").append(scalar(one));
        }
        return out.append("]}").toString();
    }
}
