package dev.podpath.k8s.ingress.nginx.predict;

import java.util.Set;

/** What counts as true and false in flags, annotations and settings (Go's {@code strconv.ParseBool}). */
final class Truth {
    private static final Set<String> TRUE = Set.of("1", "t", "T", "TRUE", "true", "True");
    private static final Set<String> FALSE = Set.of("0", "f", "F", "FALSE", "false", "False");

    private Truth() {}

    static boolean isTrue(String text) {
        return TRUE.contains(text.strip());
    }

    static boolean isFalse(String text) {
        return FALSE.contains(text.strip());
    }
}
