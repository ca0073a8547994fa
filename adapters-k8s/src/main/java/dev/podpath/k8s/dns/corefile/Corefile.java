package dev.podpath.k8s.dns.corefile;

import dev.podpath.core.trace.Evidence;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.util.Locale;

/**
 * A configuration of CoreDNS (Corefile, in the syntax of its Caddyfile parser).
 *
 * @param servers the server blocks in order
 * @param evidence the ConfigMap that holds it
 */
public record Corefile(Vector<Server> servers, Evidence evidence) {
    /**
     * A server block.
     *
     * @param keys zones with their ports, as written
     * @param directives what is inside
     */
    public record Server(Vector<String> keys, Vector<Directive> directives) {
        /** The zones of the block in lower case without a dot at the end; the root is empty text. */
        public Vector<String> zones() {
            return keys.map(Server::zone);
        }

        /** The directives of a plugin. */
        public Vector<Directive> all(String plugin) {
            return directives.filter(directive -> directive.name().equals(plugin));
        }

        private static String zone(String key) {
            String text = key.substring(key.indexOf("://") < 0 ? 0 : key.indexOf("://") + 3);
            int colon = text.lastIndexOf(':');
            return name(colon < 0 ? text : text.substring(0, colon));
        }
    }

    /**
     * A directive: a plugin, or an option of one.
     *
     * @param line one-based line in the Corefile
     * @param name first word
     * @param args the words after it
     * @param block what is between its braces
     */
    public record Directive(int line, String name, Vector<String> args, Vector<Directive> block) {
        /** The option of this name. */
        public Option<Directive> option(String option) {
            return block.find(each -> each.name().equals(option));
        }

        /** As it is written, without its block. */
        @Override
        public String toString() {
            return args.prepend(name).mkString(" ");
        }
    }

    /**
     * What is wrong with a Corefile.
     *
     * @param line one-based line
     * @param found what is there
     * @param expected what should be there
     */
    public record Problem(int line, String found, String expected) {}

    /** A name in lower case without the dot at its end. */
    public static String name(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    /**
     * Reads a Corefile. Total: any text gives server blocks or a located problem; blocks nest at most 16 deep.
     *
     * @param evidence the ConfigMap that holds it
     * @param imports what {@code import PATTERN} stands for, as text; empty for what is not captured
     */
    public static Either<Problem, Corefile> parse(String text, Evidence evidence, Imports imports) {
        return new CorefileParser(text, imports).parse().map(servers -> new Corefile(servers, evidence));
    }

    /** The files behind {@code import}. */
    public interface Imports {
        /** The text of each file whose name fits, in order. */
        Vector<String> find(String pattern);

        /** Nothing was captured. */
        Imports NONE = pattern -> Vector.empty();
    }

    /** The server block for a name: the one with the longest zone that holds it. */
    public Option<Server> serverFor(String name) {
        Option<Server> best = Option.none();
        int length = -1;
        for (Server server : servers) {
            for (String zone : server.zones()) {
                if (isIn(name, zone) && zone.length() > length) {
                    best = Option.some(server);
                    length = zone.length();
                }
            }
        }
        return best;
    }

    /** Whether a name is in a zone. */
    public static boolean isIn(String name, String zone) {
        return zone.isEmpty() || name.equals(zone) || name.endsWith("." + zone);
    }
}
