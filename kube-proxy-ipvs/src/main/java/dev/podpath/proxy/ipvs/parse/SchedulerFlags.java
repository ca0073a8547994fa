package dev.podpath.proxy.ipvs.parse;

import dev.podpath.proxy.ipvs.table.ServiceFlags;
import dev.podpath.proxy.ipvs.table.TableBuilder;

/** The flags of schedulers by name (ipvsadm/ipvsadm.c, {@code parse_sched_flags}), separated by commas. */
final class SchedulerFlags {
    private static final String[] NAMES = {
        "sh-fallback", "mh-fallback", "flag-1", "sh-port", "mh-port", "flag-2", "flag-3"
    };
    private static final int[] BITS = {
        ServiceFlags.FALLBACK,
        ServiceFlags.FALLBACK,
        ServiceFlags.FALLBACK,
        ServiceFlags.HASH_PORT,
        ServiceFlags.HASH_PORT,
        ServiceFlags.HASH_PORT,
        ServiceFlags.THIRD
    };

    private SchedulerFlags() {}

    static boolean read(TableBuilder table, int service, byte[] text, int from, int to) {
        int start = from;
        while (start <= to) {
            int end = start;
            while (end < to && text[end] != ',') {
                end++;
            }
            int bit = bit(text, start, end);
            if (bit == 0) {
                return false;
            }
            table.flag(service, bit);
            start = end + 1;
        }
        return true;
    }

    private static int bit(byte[] text, int from, int to) {
        for (int i = 0; i < NAMES.length; i++) {
            if (same(NAMES[i], text, from, to)) {
                return BITS[i];
            }
        }
        return 0;
    }

    private static boolean same(String name, byte[] text, int from, int to) {
        if (name.length() != to - from) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            if (text[from + i] != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
