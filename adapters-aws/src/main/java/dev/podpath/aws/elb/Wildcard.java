package dev.podpath.aws.elb;

/** Patterns with {@code *} for any number of characters and {@code ?} for exactly one. */
final class Wildcard {
    private Wildcard() {}

    /**
     * Whether the pattern matches the whole text. Takes at most the product of both lengths in steps.
     *
     * @param escapes whether a backslash takes away the meaning of what follows it
     */
    static boolean matches(String pattern, String text, boolean escapes) {
        int p = 0;
        int t = 0;
        int star = -1;
        int mark = 0;
        while (t < text.length()) {
            boolean escaped = escapes && p + 1 < pattern.length() && pattern.charAt(p) == '\\';
            char expected = p >= pattern.length() ? 0 : escaped ? pattern.charAt(p + 1) : pattern.charAt(p);
            if (p < pattern.length() && !escaped && expected == '*') {
                star = p++;
                mark = t;
            } else if (p < pattern.length() && (expected == text.charAt(t) || !escaped && expected == '?')) {
                p += escaped ? 2 : 1;
                t++;
            } else if (star >= 0) {
                p = star + 1;
                t = ++mark;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }
}
