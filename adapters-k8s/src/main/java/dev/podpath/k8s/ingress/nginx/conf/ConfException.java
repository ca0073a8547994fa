package dev.podpath.k8s.ingress.nginx.conf;

/** Text that is no configuration. Stays inside the package: outside it is a located problem. */
final class ConfException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int line;
    private final String found;
    private final String expected;

    ConfException(int line, String found, String expected) {
        super(found, null, false, false);
        this.line = line;
        this.found = found;
        this.expected = expected;
    }

    int line() {
        return line;
    }

    String found() {
        return found;
    }

    String expected() {
        return expected;
    }
}
