package dev.podpath.ports.snapshot;

import io.vavr.control.Option;

/** Checks the names of files that come from strangers: in directories, in archives, or made of names an API answers with. */
public final class SafePath {
    private static final int MAX_LENGTH = 1_000;
    private static final int MAX_DEPTH = 12;

    private SafePath() {}

    /** The path in normal form; empty where it is absolute, leaves its root or is otherwise unfit. */
    public static Option<String> of(String name) {
        String path = name.startsWith("./") ? name.substring(2) : name;
        boolean unfit = path.isEmpty()
                || path.length() > MAX_LENGTH
                || path.startsWith("/")
                || path.indexOf('\\') >= 0
                || path.indexOf('\0') >= 0
                || path.indexOf(':') == 1;
        if (unfit) {
            return Option.none();
        }
        String[] segments = path.split("/", -1);
        if (segments.length > MAX_DEPTH) {
            return Option.none();
        }
        for (String segment : segments) {
            if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
                return Option.none();
            }
        }
        return Option.some(path);
    }
}
