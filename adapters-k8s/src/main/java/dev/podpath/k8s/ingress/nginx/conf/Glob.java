package dev.podpath.k8s.ingress.nginx.conf;

/** Shell patterns with {@code *} and {@code ?}, neither of which stands for a slash. Linear for each star. */
final class Glob {
    private Glob() {}

    static boolean matches(String pattern, String text) {
        int p = 0;
        int t = 0;
        int star = -1;
        int resume = 0;
        while (t < text.length()) {
            boolean more = p < pattern.length();
            if (more && pattern.charAt(p) == '*') {
                star = p++;
                resume = t;
            } else if (more && (pattern.charAt(p) == text.charAt(t) || pattern.charAt(p) == '?')) {
                p++;
                t++;
            } else if (star >= 0 && text.charAt(resume) != '/') {
                p = star + 1;
                t = ++resume;
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
