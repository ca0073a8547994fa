package dev.podpath.k8s.ingress.nginx.request;

/**
 * The value of a variable or of text with variables.
 *
 * @param text the value, one byte per character; empty text where it is not known
 * @param unknown why it is not known; empty text where it is
 */
record Value(String text, String unknown) {
    static Value of(String text) {
        return new Value(text, "");
    }

    static Value unknown(String why) {
        return new Value("", why);
    }

    boolean isKnown() {
        return unknown.isEmpty();
    }

    Value then(Value next) {
        return !isKnown() ? this : !next.isKnown() ? next : of(text + next.text);
    }
}
