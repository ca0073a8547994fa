package dev.podpath.ports.snapshot;

import io.vavr.control.Option;

/**
 * A document that a capture did not get, or not whole, and why. Kept in the manifest, so that what depends on it names the
 * true cause.
 *
 * @param document path in the snapshot; a segment {@code *} stands for any
 * @param reason what kind of cause
 * @param why one clause for people, as the other side put it
 * @param permission the permission that was wanting, such as {@code list pods}, for {@link Reason#DENIED}
 */
public record NotCaptured(String document, Reason reason, String why, Option<String> permission) {
    /** Kinds of causes. */
    public enum Reason {
        /** A permission was wanting. */
        DENIED,
        /** It was asked for and did not come. */
        FAILED,
        /** The other side has no such thing, or lacks the tool that prints it. */
        ABSENT,
        /** It is there, for a part of the namespaces only. */
        PARTIAL
    }

    /** A permission was wanting. */
    public static NotCaptured denied(String document, String permission, String why) {
        return new NotCaptured(document, Reason.DENIED, why, Option.some(permission));
    }

    /** It was asked for and did not come. */
    public static NotCaptured failed(String document, String why) {
        return new NotCaptured(document, Reason.FAILED, why, Option.none());
    }

    /** There is no such thing. */
    public static NotCaptured absent(String document, String why) {
        return new NotCaptured(document, Reason.ABSENT, why, Option.none());
    }

    /** Only a part of it was asked for. */
    public static NotCaptured partial(String document, String why) {
        return new NotCaptured(document, Reason.PARTIAL, why, Option.none());
    }

    /** Whether this is about the document at a path. */
    public boolean covers(String path) {
        String[] pattern = document.split("/", -1);
        String[] segments = path.split("/", -1);
        boolean covers = pattern.length == segments.length;
        for (int i = 0; covers && i < pattern.length; i++) {
            covers = pattern[i].equals("*") || pattern[i].equals(segments[i]);
        }
        return covers;
    }

    /** {@code the capture lacks the permission to list pods (…)}. */
    public String sentence() {
        return switch (reason) {
            case DENIED -> "the capture lacks the permission to " + permission.getOrElse("read it") + " (" + why + ")";
            case FAILED -> "the capture of it failed: " + why;
            case ABSENT -> "it could not be captured: " + why;
            case PARTIAL -> "only a part was captured: " + why;
        };
    }
}
