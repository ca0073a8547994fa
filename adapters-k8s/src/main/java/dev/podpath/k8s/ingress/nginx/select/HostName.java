package dev.podpath.k8s.ingress.nginx.select;

import io.vavr.control.Option;

/** The host of a request as nginx takes it from the {@code Host} header ({@code ngx_http_validate_host}). */
public final class HostName {
    private HostName() {}

    /**
     * Lower-case name without port and without one trailing dot.
     *
     * @param header the header's value, one byte per character
     * @return the name; empty where nginx answers 400
     */
    public static Option<String> of(String header) {
        int length = header.length();
        int end = length;
        int dot = length;
        boolean rest = false;
        boolean literal = false;
        for (int i = 0; i < length; i++) {
            char c = header.charAt(i);
            switch (c) {
                case '.' -> {
                    if (dot == i - 1) {
                        return Option.none();
                    }
                    dot = i;
                }
                case ':' -> {
                    if (!rest && !literal) {
                        end = i;
                        rest = true;
                    }
                }
                case '[' -> literal = literal || i == 0;
                case ']' -> {
                    if (literal && !rest) {
                        end = i + 1;
                        rest = true;
                    }
                }
                default -> {
                    if (c == '/' || c <= 0x20 || c == 0x7f) {
                        return Option.none();
                    }
                }
            }
        }
        if (dot == end - 1) {
            end--;
        }
        return end <= 0 ? Option.none() : Option.some(lower(header.substring(0, end)));
    }

    /** With ASCII letters in lower case. */
    static String lower(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            out.append(c >= 'A' && c <= 'Z' ? (char) (c | 0x20) : c);
        }
        return out.toString();
    }
}
