package dev.podpath.k8s.dns.corefile;

import dev.podpath.k8s.dns.corefile.Corefile.Directive;
import dev.podpath.k8s.dns.corefile.Corefile.Imports;
import dev.podpath.k8s.dns.corefile.Corefile.Problem;
import dev.podpath.k8s.dns.corefile.Corefile.Server;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Builds the server blocks of a Corefile from its lines. */
final class CorefileParser {
    private static final int MAX_DEPTH = 16;
    private static final int MAX_LINES = 200_000;

    private final List<CorefileLine> lines;
    private final Imports imports;
    private final Map<String, Vector<Directive>> snippets = new HashMap<>();
    private int at;
    private int read;

    CorefileParser(String text, Imports imports) {
        this.lines = CorefileLine.split(text);
        this.imports = imports;
    }

    /** A place where reading stops. */
    private static final class Stop extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient Problem problem;

        Stop(int line, String found, String expected) {
            super(found, null, false, false);
            this.problem = new Problem(line, found, expected);
        }
    }

    Either<Problem, Vector<Server>> parse() {
        try {
            return Either.right(servers(0));
        } catch (Stop stop) {
            return Either.left(stop.problem);
        }
    }

    private Vector<Server> servers(int depth) throws Stop {
        List<Server> servers = new ArrayList<>();
        List<String> keys = new ArrayList<>();
        while (at < lines.size()) {
            CorefileLine line = lines.get(at);
            if (line.words().get(0).equals("import") && keys.isEmpty()) {
                at++;
                for (String text : files(line)) {
                    servers.addAll(inner(text, line, depth).servers(depth + 1).asJava());
                }
                continue;
            }
            at++;
            boolean opens = line.opens();
            line.keys().forEach(keys::add);
            if (opens) {
                Vector<Directive> inside = block(line, depth + 1);
                open(servers, keys, inside, line);
                keys.clear();
            } else if (line.words().get(0).equals("}")) {
                throw new Stop(line.number(), "'}' that closes nothing", "a server block");
            }
        }
        if (!keys.isEmpty()) {
            throw new Stop(
                    lines.get(lines.size() - 1).number(), "the end of the file", "'{' after " + String.join(" ", keys));
        }
        return Vector.ofAll(servers);
    }

    private void open(List<Server> servers, List<String> keys, Vector<Directive> inside, CorefileLine line)
            throws Stop {
        if (keys.isEmpty()) {
            throw new Stop(line.number(), "'{' without a zone before it", "a zone such as .:53");
        }
        String first = keys.get(0);
        if (first.startsWith("(") && first.endsWith(")")) {
            snippets.put(first.substring(1, first.length() - 1), inside);
        } else {
            servers.add(new Server(Vector.ofAll(keys), inside));
        }
    }

    /** The directives up to the brace that closes the block. */
    private Vector<Directive> block(CorefileLine opening, int depth) throws Stop {
        if (depth > MAX_DEPTH) {
            throw new Stop(
                    opening.number(),
                    "more than " + MAX_DEPTH + " blocks inside each other",
                    "blocks nested less deeply");
        }
        List<Directive> directives = new ArrayList<>();
        while (at < lines.size()) {
            CorefileLine line = lines.get(at++);
            if (++read > MAX_LINES) {
                throw new Stop(line.number(), "more than " + MAX_LINES + " lines with what is imported", "fewer");
            }
            String name = line.words().get(0);
            if (name.equals("}")) {
                return Vector.ofAll(directives);
            }
            if (name.equals("import")) {
                directives.addAll(imported(line, depth).asJava());
                continue;
            }
            Vector<String> args = line.args();
            directives.add(
                    new Directive(line.number(), name, args, line.opens() ? block(line, depth + 1) : Vector.empty()));
        }
        throw new Stop(opening.number(), "a block that is never closed", "'}' on a line of its own");
    }

    private Vector<Directive> imported(CorefileLine line, int depth) throws Stop {
        String what = line.args().headOption().getOrElse("");
        Vector<Directive> snippet = snippets.get(what);
        if (snippet != null) {
            read += snippet.size();
            return snippet;
        }
        List<Directive> directives = new ArrayList<>();
        for (String text : files(line)) {
            CorefileParser inner = inner(text + "\n}", line, depth);
            directives.addAll(inner.block(line, depth + 1).asJava());
        }
        return Vector.ofAll(directives);
    }

    private Vector<String> files(CorefileLine line) {
        return imports.find(line.args().headOption().getOrElse(""));
    }

    private CorefileParser inner(String text, CorefileLine line, int depth) throws Stop {
        if (depth >= MAX_DEPTH) {
            throw new Stop(
                    line.number(), "an import inside " + depth + " others", "files that do not import each other");
        }
        CorefileParser inner = new CorefileParser(text, imports);
        inner.snippets.putAll(snippets);
        inner.read = read;
        return inner;
    }
}
