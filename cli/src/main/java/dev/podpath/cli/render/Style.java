package dev.podpath.cli.render;

import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Disposition;

/**
 * How text is dressed.
 *
 * @param colour whether ANSI colours may be used (ECMA-48 SGR)
 * @param unicode whether symbols beyond ASCII may be used
 */
public record Style(boolean colour, boolean unicode) {
    private static final String RESET = "\u001b[0m";

    /** Text painted so. */
    public String bold(String text) {
        return paint("\u001b[1m", text);
    }

    /** Text painted so. */
    public String dim(String text) {
        return paint("\u001b[2m", text);
    }

    /** Text painted so. */
    public String good(String text) {
        return paint("\u001b[32m", text);
    }

    /** Text painted so. */
    public String bad(String text) {
        return paint("\u001b[31m", text);
    }

    /** Text painted so. */
    public String doubtful(String text) {
        return paint("\u001b[33m", text);
    }

    String of(Disposition disposition) {
        String text = disposition.name();
        return switch (disposition) {
            case DELIVERED -> good(text);
            case UNKNOWN, REDIRECTED, FIXED_RESPONSE -> doubtful(text);
            default -> bad(text);
        };
    }

    String mark(Decision.Action action) {
        return switch (action) {
            case FOUND -> unicode ? "•" : "*";
            case NOT_FOUND -> unicode ? "∅" : "0";
            case ALLOWED -> good(unicode ? "✓" : "+");
            case DENIED -> bad(unicode ? "✗" : "x");
            case CHOSE -> unicode ? "»" : ">";
            case TRANSLATED -> unicode ? "⇄" : "=";
            case SKIPPED -> dim(unicode ? "–" : "-");
            case UNKNOWN -> doubtful("?");
        };
    }

    String arrow() {
        return unicode ? "→" : "->";
    }

    private String paint(String code, String text) {
        return colour ? code + text + RESET : text;
    }
}
