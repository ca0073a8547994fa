package dev.podpath.k8s.ingress.nginx.select;

import io.vavr.control.Option;
import java.nio.charset.StandardCharsets;

/**
 * The path that nginx compares with locations: decoded, without dot segments, with repeated slashes merged
 * ({@code ngx_http_parse_complex_uri} of {@code src/http/ngx_http_parse.c}).
 *
 * @param path normalised path, one byte per character
 * @param args what follows the first {@code ?} up to a {@code #}, as sent; empty text where nothing does
 * @param hasArgs whether there is a {@code ?}
 */
public record RequestUri(String path, String args, boolean hasArgs) {
    /** As text to bytes: what a client sends for characters outside ASCII is their UTF-8 form. */
    public static String bytes(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    /** The path as text again, for people. */
    public static String text(String bytes) {
        return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    /**
     * Normalises what stands in the request line.
     *
     * @param raw path and query as sent, one byte per character
     * @param mergeSlashes whether {@code merge_slashes} is on
     * @return the path; empty where nginx answers 400
     */
    public static Option<RequestUri> normalise(String raw, boolean mergeSlashes) {
        if (!raw.startsWith("/") || raw.chars().anyMatch(c -> c <= 0x20 || c == 0x7f)) {
            return Option.none();
        }
        return new Reader(raw, mergeSlashes).read();
    }

    /** What came before the character that is read. */
    private enum State {
        USUAL,
        SLASH,
        DOT,
        DOT_DOT
    }

    private static final class Reader {
        private final String raw;
        private final boolean mergeSlashes;
        private final StringBuilder out = new StringBuilder();
        private State state = State.USUAL;
        private int at;

        Reader(String raw, boolean mergeSlashes) {
            this.raw = raw;
            this.mergeSlashes = mergeSlashes;
        }

        Option<RequestUri> read() {
            while (at < raw.length()) {
                char c = raw.charAt(at++);
                if (c == '?' || c == '#') {
                    return end(c == '?');
                }
                boolean ok = c == '%' ? decoded() : accept(c);
                if (!ok) {
                    return Option.none();
                }
            }
            return end(false);
        }

        /** A character written as {@code %XX}: it acts like the character, but {@code ?}, {@code #} and {@code %} are plain. */
        private boolean decoded() {
            int code = at + 2 <= raw.length() ? code() : 0;
            at += 2;
            if (code <= 0) {
                return false;
            }
            if (code == '?' || code == '#' || code == '%') {
                out.append((char) code);
                state = State.USUAL;
                return true;
            }
            return accept((char) code);
        }

        /** The code of the two hexadecimal digits here; -1 where they are none. */
        private int code() {
            char high = raw.charAt(at);
            char low = raw.charAt(at + 1);
            int digits = high < 128 && low < 128 ? Character.digit(high, 16) * 16 + Character.digit(low, 16) : -1;
            boolean both = high < 128 && low < 128 && Character.digit(high, 16) >= 0 && Character.digit(low, 16) >= 0;
            return both ? digits : -1;
        }

        private boolean accept(char c) {
            if (c == '/') {
                return slash();
            }
            if (c == '.' && state == State.SLASH) {
                state = State.DOT;
            } else if (c == '.' && state == State.DOT) {
                state = State.DOT_DOT;
            } else {
                state = State.USUAL;
            }
            out.append(c);
            return true;
        }

        private boolean slash() {
            boolean ok = true;
            switch (state) {
                case USUAL -> out.append('/');
                case SLASH -> {
                    if (!mergeSlashes) {
                        out.append('/');
                    }
                }
                case DOT -> out.setLength(out.length() - 1);
                case DOT_DOT -> ok = up();
            }
            state = State.SLASH;
            return ok;
        }

        /** Takes away {@code ..} and the segment before it; false where there is none. */
        private boolean up() {
            int i = out.length() - 4;
            while (i >= 0 && out.charAt(i) != '/') {
                i--;
            }
            if (i < 0) {
                return false;
            }
            out.setLength(i + 1);
            return true;
        }

        private String arguments() {
            int fragment = raw.indexOf('#', at);
            return raw.substring(at, fragment < 0 ? raw.length() : fragment);
        }

        private Option<RequestUri> end(boolean query) {
            if (state == State.DOT) {
                out.setLength(out.length() - 1);
            } else if (state == State.DOT_DOT && !up()) {
                return Option.none();
            }
            return Option.some(new RequestUri(out.toString(), query ? arguments() : "", query));
        }
    }
}
