package dev.podpath.k8s.ingress.nginx.request;

/** Percent-encoding as nginx does it ({@code ngx_escape_uri} and {@code ngx_unescape_uri} of {@code src/core/ngx_string.c}). */
final class Escape {
    private static final String IN_URI = " \"#%<>?\\^`{|}";
    private static final String IN_ARGS = IN_URI + "&+;";

    private Escape() {}

    /** {@code NGX_ESCAPE_URI}. */
    static String uri(String text) {
        return escape(text, IN_URI);
    }

    /** {@code NGX_ESCAPE_ARGS}. */
    static String args(String text) {
        return escape(text, IN_ARGS);
    }

    private static String escape(String text, String escaped) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= 0x20 || c >= 0x7f || escaped.indexOf(c) >= 0) {
                out.append('%').append(digit(c >> 4)).append(digit(c & 15));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    private static char digit(int value) {
        return "0123456789ABCDEF".charAt(value & 15);
    }

    /** {@code NGX_UNESCAPE_REDIRECT}: what may stand plainly is written so, up to a question mark. */
    static String redirect(String text) {
        StringBuilder out = new StringBuilder(text.length());
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            int code = c == '%' ? code(text, at + 1) : -1;
            if (c == '?' || code == '?') {
                return out.append('?')
                        .append(text, at + (c == '?' ? 1 : 3), text.length())
                        .toString();
            }
            if (code > '%' && code < 0x7f) {
                out.append((char) code);
                at += 3;
            } else {
                out.append(c);
                at++;
            }
        }
        return out.toString();
    }

    private static int code(String text, int at) {
        if (at + 2 > text.length()) {
            return -1;
        }
        int high = text.charAt(at) < 128 ? Character.digit(text.charAt(at), 16) : -1;
        int low = text.charAt(at + 1) < 128 ? Character.digit(text.charAt(at + 1), 16) : -1;
        return high < 0 || low < 0 ? -1 : high * 16 + low;
    }
}
