package dev.podpath.aliyun.security;

/** Reads ranges of ports as the API writes them. */
final class Ports {
    private Ports() {}

    /** Whether {@code 80/90}, {@code 80} or {@code -1/-1} holds a port; {@link Match#MAYBE} for what is no range. */
    static Match holds(String range, int port) {
        String text = range.strip();
        if (text.isEmpty() || text.equals("-1/-1") || text.equals("-1")) {
            return Match.YES;
        }
        int slash = text.indexOf('/');
        try {
            int first = Integer.parseInt(slash < 0 ? text : text.substring(0, slash));
            int last = slash < 0 ? first : Integer.parseInt(text.substring(slash + 1));
            return Match.of(first == -1 && last == -1 || first <= port && port <= last);
        } catch (NumberFormatException e) {
            return Match.MAYBE;
        }
    }
}
