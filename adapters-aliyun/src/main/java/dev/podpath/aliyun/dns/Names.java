package dev.podpath.aliyun.dns;

import java.util.Locale;

/** Domain names as text. */
final class Names {
    /** Longest name as text, without the trailing dot (RFC 1035 section 2.3.4: 255 octets on the wire). */
    static final int LONGEST = 253;

    private Names() {}

    /** Lower case, without surrounding space and trailing dot. */
    static String plain(String name) {
        String lower = name.strip().toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    /** Whether a name is a zone's apex or below it. */
    static boolean isIn(String name, String zone) {
        return name.equals(zone)
                || name.length() > zone.length()
                        && name.endsWith(zone)
                        && name.charAt(name.length() - zone.length() - 1) == '.';
    }

    /** The name without its first label; empty text for a single label. */
    static String parent(String name) {
        int dot = name.indexOf('.');
        return dot < 0 ? "" : name.substring(dot + 1);
    }
}
