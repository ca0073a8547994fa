package dev.podpath.capture.k8s;

/**
 * Why the API did not give what was asked for.
 *
 * @param status the HTTP status; 0 where no answer came, or none that could be read to its end
 * @param message what the server or the connection said, in one line
 */
record ApiFailure(int status, String message) {
    private static final int LONGEST = 300;

    static ApiFailure of(int status, String message) {
        String line = message.strip().replaceAll("\\s+", " ");
        return new ApiFailure(status, line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…");
    }

    /** The server does not know who asks, or does not allow it. */
    boolean denied() {
        return status == 401 || status == 403;
    }

    /** There is no such object or kind of objects. */
    boolean absent() {
        return status == 404;
    }

    /** The state of the cluster that a paged list began with is forgotten. */
    boolean gone() {
        return status == 410;
    }

    /** The same request may well be answered later. */
    boolean passing() {
        return status == 0 || status == 408 || status == 429 || status >= 500;
    }

    @Override
    public String toString() {
        return status == 0 ? message : "HTTP " + status + (message.isEmpty() ? "" : ": " + message);
    }
}
