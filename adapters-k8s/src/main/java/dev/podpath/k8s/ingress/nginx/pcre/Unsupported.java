package dev.podpath.k8s.ingress.nginx.pcre;

/** Says why an expression is not evaluated. Stays inside the package. */
final class Unsupported extends Exception {
    private static final long serialVersionUID = 1L;

    private final String why;

    Unsupported(String why) {
        super(why, null, false, false);
        this.why = why;
    }

    String why() {
        return why;
    }
}
