package dev.podpath.cli;

import dev.podpath.cli.render.Style;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Where the program writes: results to one stream, everything else to the other.
 *
 * @param out results
 * @param err progress and problems
 * @param style colour and symbols the terminal can show
 */
record Terminal(PrintWriter out, PrintWriter err, Style style) {
    /**
     * The process's own streams. Colour only where the start script saw a terminal (the JDK cannot tell for standard
     * output alone), and never where {@code NO_COLOR} is set.
     */
    static Terminal system() {
        Map<String, String> environment = System.getenv();
        boolean terminal = Boolean.getBoolean("podpath.terminal") && !"dumb".equals(environment.get("TERM"));
        boolean colour = terminal && environment.getOrDefault("NO_COLOR", "").isEmpty();
        boolean unicode = speaksUnicode(environment);
        return new Terminal(stream(System.out, unicode), stream(System.err, unicode), new Style(colour, unicode));
    }

    private static PrintWriter stream(OutputStream raw, boolean unicode) {
        Charset charset = unicode ? StandardCharsets.UTF_8 : StandardCharsets.US_ASCII;
        return new PrintWriter(new OutputStreamWriter(raw, charset), false);
    }

    private static boolean speaksUnicode(Map<String, String> environment) {
        for (String variable : new String[] {"LC_ALL", "LC_CTYPE", "LANG"}) {
            String value = environment.getOrDefault(variable, "");
            if (!value.isEmpty()) {
                return !value.equals("C") && !value.equals("POSIX");
            }
        }
        return true;
    }

    void problem(String message) {
        err.println("podpath: " + message);
        err.flush();
    }
}
