package dev.podpath.k8s.ingress.gateway;

/**
 * A host name of a listener or route: precise, {@code *.example.com} for one or more labels before, or empty for every host.
 *
 * @param text as written, in lower case
 */
record HostPattern(String text) {
    boolean isWildcard() {
        return text.startsWith("*.");
    }

    boolean covers(String host) {
        return text.isEmpty()
                || text.equals(host)
                || isWildcard() && host.length() > text.length() - 1 && host.endsWith(text.substring(1));
    }

    /** Whether some host fits both. */
    boolean meets(HostPattern other) {
        if (text.isEmpty() || other.text.isEmpty() || text.equals(other.text)) {
            return true;
        }
        if (isWildcard() && other.isWildcard()) {
            return text.endsWith(other.text.substring(1)) || other.text.endsWith(text.substring(1));
        }
        return isWildcard() ? covers(other.text) : other.isWildcard() && other.covers(text);
    }

    /** The more characters of a precise name, then of any name, the earlier it is asked. */
    int rank() {
        return text.isEmpty() ? 0 : isWildcard() ? text.length() : 1_000 + text.length();
    }
}
