package dev.podpath.proxy.iptables.eval;

import dev.podpath.core.proxy.walk.Box;
import dev.podpath.proxy.iptables.rule.IpSet;
import dev.podpath.proxy.iptables.rule.IpSet.Part;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * For which packets it comes out the same whether they are in a set. The parts of the elements are looked at one after
 * the other: once the first is settled only the elements that have it matter for the next.
 */
final class SetCuts {
    private static final int NONE = -1;

    private final IpSet set;
    private final IndexKeys keys;
    private final Part[] parts;

    /** Elements by their first address; empty where that is no single address. */
    private final int[] order;

    private @Nullable Cuts sources;
    private @Nullable Cuts destinations;
    private Cuts @Nullable [] each;

    SetCuts(IpSet set, IndexKeys keys) {
        this.set = set;
        this.keys = keys;
        this.parts = set.parts();
        this.order = parts[0] == Part.IP ? sorted(set) : new int[0];
    }

    private static int[] sorted(IpSet set) {
        Integer[] all = new Integer[set.size()];
        Arrays.setAll(all, i -> i);
        Arrays.sort(all, (a, b) -> Box.compare(set.word(a, 0), set.word(a, 1), set.word(b, 0), set.word(b, 1)));
        return Arrays.stream(all).mapToInt(Integer::intValue).toArray();
    }

    /**
     * Narrows an extent to the packets that are in the set, or not, as one packet is.
     *
     * @param fields the field each part is of, where it still has its original value and can vary; else minus one
     * @param values two words for each part of the packet
     */
    void narrow(Extent extent, int[] fields, long[] values) {
        if (parts[0] != Part.IP) {
            byParts(extent, fields, values);
            return;
        }
        if (fields[0] != NONE && !extent.isSettled(fields[0])) {
            extent.alike(fields[0], values[0], values[1], first(fields[0]));
        }
        int from = bound(values[0], values[1], false);
        int to = bound(values[0], values[1], true);
        int[] left = Arrays.copyOfRange(order, from, to);
        for (int part = 1; part < parts.length && left.length > 0; part++) {
            boolean open = fields[part] != NONE && !extent.isSettled(fields[part]);
            if (parts[part] == Part.NET) {
                if (open) {
                    extent.alike(fields[part], values[2 * part], values[2 * part + 1], networks(part, left, values));
                }
                return;
            }
            if (open) {
                narrow(extent, fields[part], part, left, values);
            }
            left = with(left, part, values);
        }
    }

    /** To one value of those that the elements have, or to none of them. */
    private void narrow(Extent extent, int field, int part, int[] elements, long[] values) {
        boolean port = parts[part] == Part.PORT;
        long high = port ? 0 : values[2 * part];
        long low = port ? values[2 * part + 1] & 0xFFFF : values[2 * part + 1];
        if (with(elements, part, values).length > 0) {
            extent.narrow(field, high, low, high, low, high, low);
            return;
        }
        for (int element : elements) {
            long otherHigh = port ? 0 : set.word(element, 2 * part);
            long otherLow = set.word(element, 2 * part + 1);
            if (!port) {
                extent.narrow(field, high, low, otherHigh, otherLow, otherHigh, otherLow);
            } else if (otherLow >>> 16 == values[2 * part + 1] >>> 16) {
                extent.narrow(field, 0, low, 0, otherLow & 0xFFFF, 0, otherLow & 0xFFFF);
            }
        }
    }

    private int[] with(int[] elements, int part, long[] values) {
        int[] found = new int[elements.length];
        int count = 0;
        for (int element : elements) {
            if (set.word(element, 2 * part) == values[2 * part]
                    && set.word(element, 2 * part + 1) == values[2 * part + 1]) {
                found[count++] = element;
            }
        }
        return count == elements.length ? elements : Arrays.copyOf(found, count);
    }

    private int bound(long high, long low, boolean behind) {
        int from = 0;
        int to = order.length;
        while (from < to) {
            int middle = (from + to) >>> 1;
            int compared = Box.compare(set.word(order[middle], 0), set.word(order[middle], 1), high, low);
            if (compared < 0 || behind && compared == 0) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from;
    }

    /** The networks of some elements, by whether the packet would be in the set. */
    private Cuts networks(int part, int[] elements, long[] values) {
        Cuts.Builder builder = new Cuts.Builder();
        for (int element : elements) {
            cut(builder, element, part);
        }
        long[] asked = values.clone();
        return builder.build(set.isV6(), (high, low) -> {
            asked[2 * part] = high;
            asked[2 * part + 1] = low;
            return set.find(asked) >= 0;
        });
    }

    private void cut(Cuts.Builder builder, int element, int part) {
        Prefixes.cut(
                builder,
                set.word(element, 2 * part),
                set.word(element, 2 * part + 1),
                set.prefixLength(element, part),
                set.isV6());
    }

    /** The first addresses of the elements: each on its own, and all that no element has together. */
    private synchronized Cuts first(int field) {
        Cuts made = field == Box.SOURCE ? sources : destinations;
        if (made == null) {
            Cuts.Builder builder = new Cuts.Builder();
            for (int element : order) {
                long high = set.word(element, 0);
                long low = set.word(element, 1);
                if (field == Box.SOURCE || !keys.isAlwaysAlone(high, low)) {
                    builder.range(high, low, high, low);
                }
            }
            made = builder.build(set.isV6(), this::member);
            if (field == Box.SOURCE) {
                sources = made;
            } else {
                destinations = made;
            }
        }
        return made;
    }

    private Object member(long high, long low) {
        boolean there = bound(high, low, false) < bound(high, low, true);
        return there && parts.length > 1 ? new Word(high, low) : (Object) there;
    }

    private record Word(long high, long low) {}

    /** Sets whose elements do not begin with a single address: each part on its own. */
    private void byParts(Extent extent, int[] fields, long[] values) {
        Cuts[] cuts = each();
        for (int part = 0; part < parts.length; part++) {
            if (fields[part] != NONE && !extent.isSettled(fields[part])) {
                long low = values[2 * part + 1];
                boolean port = parts[part] == Part.PORT;
                extent.alike(fields[part], port ? 0 : values[2 * part], port ? low & 0xFFFF : low, cuts[part]);
            }
        }
    }

    private synchronized Cuts[] each() {
        Cuts[] made = each;
        if (made == null) {
            made = new Cuts[parts.length];
            for (int part = 0; part < parts.length; part++) {
                made[part] = cuts(part);
            }
            each = made;
        }
        return made;
    }

    private Cuts cuts(int part) {
        Cuts.Builder builder = new Cuts.Builder();
        for (int element = 0; element < set.size(); element++) {
            if (parts[part] == Part.PORT) {
                long port = set.word(element, 2 * part + 1) & 0xFFFF;
                builder.range(0, port, 0, port);
            } else if (parts[part] != Part.IFACE && parts[part] != Part.MARK) {
                cut(builder, element, part);
            }
        }
        if (parts.length > 1) {
            return builder.build(set.isV6());
        }
        return builder.build(set.isV6(), (high, low) -> set.find(new long[] {high, low}) >= 0);
    }
}
