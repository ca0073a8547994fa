package dev.podpath.proxy.ipvs.table;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Names that occur again and again, by number; the last few are recognised without making a string. */
final class Names {
    private static final int RECENT = 8;

    private final List<String> names = new ArrayList<>();
    private final Map<String, Integer> numbers = new HashMap<>();
    private final byte[][] recent = new byte[RECENT][];
    private final int[] recentNumber = new int[RECENT];
    private int next;

    Names() {
        for (int i = 0; i < RECENT; i++) {
            recent[i] = new byte[0];
        }
    }

    int number(byte[] bytes, int from, int to) {
        for (int i = 0; i < RECENT; i++) {
            if (same(recent[i], bytes, from, to)) {
                return recentNumber[i];
            }
        }
        String name = new String(bytes, from, to - from, StandardCharsets.UTF_8);
        Integer known = numbers.get(name);
        int number = known != null ? known : names.size();
        if (known == null) {
            names.add(name);
            numbers.put(name, number);
        }
        recent[next] = Arrays.copyOfRange(bytes, from, to);
        recentNumber[next] = number;
        next = (next + 1) % RECENT;
        return number;
    }

    String[] all() {
        return names.toArray(new String[0]);
    }

    private static boolean same(byte[] name, byte[] bytes, int from, int to) {
        int length = to - from;
        if (name.length != length || length == 0) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (name[i] != bytes[from + i]) {
                return false;
            }
        }
        return true;
    }
}
