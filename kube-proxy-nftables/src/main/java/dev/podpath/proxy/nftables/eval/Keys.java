package dev.podpath.proxy.nftables.eval;

import dev.podpath.core.net.AddressNumbers;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.proxy.walk.NamedAddresses;
import dev.podpath.proxy.nftables.rule.Chain;
import dev.podpath.proxy.nftables.rule.Content;
import dev.podpath.proxy.nftables.rule.Elements;
import dev.podpath.proxy.nftables.rule.Expr;
import dev.podpath.proxy.nftables.rule.Rule;
import dev.podpath.proxy.nftables.rule.Ruleset;
import dev.podpath.proxy.nftables.rule.Statement;
import dev.podpath.proxy.nftables.rule.Table;
import io.vavr.Lazy;
import io.vavr.collection.Vector;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The destinations that sets and maps name one by one, and orders of elements by which a walk finds what is near it. */
final class Keys implements NamedAddresses {
    private final boolean v6;
    private final long[] high;
    private final long[] low;
    private final Lazy<AddressNumbers> numbers = Lazy.of(this::makeNumbers);
    private final Lazy<Vector<IpAddress>> addresses = Lazy.of(this::makeAddresses);
    private final Map<Elements, Order> orders = new ConcurrentHashMap<>();
    private final Map<Elements, Cuts[]> cuts = new ConcurrentHashMap<>();

    private Keys(boolean v6, long[] high, long[] low) {
        this.v6 = v6;
        this.high = high;
        this.low = low;
    }

    static Keys of(Ruleset rules, boolean v6) {
        IdentityHashMap<Elements, Integer> found = new IdentityHashMap<>();
        int room = 0;
        for (Table table : rules.tables()) {
            if (!table.family().carries(v6)) {
                continue;
            }
            for (int c = 0; c < table.chainCount(); c++) {
                Chain chain = table.chain(c);
                for (int r = 0; r < chain.size(); r++) {
                    Rule rule = chain.rule(r);
                    for (int s = 0; s < rule.size(); s++) {
                        room += note(rule.statement(s), found);
                    }
                }
            }
        }
        return v6 ? wide(found, room) : narrow(found, room);
    }

    private static int note(Statement statement, IdentityHashMap<Elements, Integer> found) {
        Expr key;
        Content content;
        if (statement instanceof Statement.Lookup lookup) {
            key = lookup.key();
            content = lookup.content();
        } else if (statement instanceof Statement.VerdictMap map) {
            key = map.key();
            content = map.content();
        } else if (statement instanceof Statement.Nat nat
                && nat.address().size() == 1
                && nat.address().head() instanceof Expr.Mapped mapped) {
            key = mapped.key();
            content = mapped.content();
        } else {
            return 0;
        }
        Elements elements = content.elements();
        int field = destination(key);
        if (field < 0 || !elements.isExact() || elements.size() == 0) {
            return 0;
        }
        int before = found.getOrDefault(elements, 0);
        found.put(elements, before | 1 << field);
        return (before & 1 << field) != 0 ? 0 : elements.size();
    }

    /** The field of a key by whose values destinations have groups of their own; -1 where there is none. */
    static int destination(Expr key) {
        if (!(key instanceof Expr.Concat concat)) {
            return Recorder.isDestination(key) ? 0 : -1;
        }
        for (int i = 0; i < Math.min(concat.size(), Integer.SIZE); i++) {
            if (Recorder.isDestination(concat.part(i))) {
                return i;
            }
        }
        return -1;
    }

    private static Keys narrow(IdentityHashMap<Elements, Integer> found, int room) {
        long[] all = new long[room];
        int count = 0;
        for (Map.Entry<Elements, Integer> entry : found.entrySet()) {
            Elements elements = entry.getKey();
            for (int fields = entry.getValue(); fields != 0; fields &= fields - 1) {
                int field = Integer.numberOfTrailingZeros(fields);
                for (int e = 0; e < elements.size(); e++) {
                    if (e != elements.otherwise()) {
                        all[count++] = elements.firstLow(e, field);
                    }
                }
            }
        }
        Arrays.sort(all, 0, count);
        int distinct = 0;
        for (int i = 0; i < count; i++) {
            if (i == 0 || all[i] != all[distinct - 1]) {
                all[distinct++] = all[i];
            }
        }
        long[] sorted = Arrays.copyOf(all, distinct);
        return new Keys(false, new long[distinct], sorted);
    }

    private static Keys wide(IdentityHashMap<Elements, Integer> found, int room) {
        long[][] all = new long[room][];
        int count = 0;
        for (Map.Entry<Elements, Integer> entry : found.entrySet()) {
            Elements elements = entry.getKey();
            for (int fields = entry.getValue(); fields != 0; fields &= fields - 1) {
                int field = Integer.numberOfTrailingZeros(fields);
                for (int e = 0; e < elements.size(); e++) {
                    if (e != elements.otherwise()) {
                        all[count++] = new long[] {elements.firstHigh(e, field), elements.firstLow(e, field)};
                    }
                }
            }
        }
        Arrays.sort(all, 0, count, (a, b) -> Elements.compare(a[0], a[1], b[0], b[1]));
        long[] highs = new long[count];
        long[] lows = new long[count];
        int distinct = 0;
        for (int i = 0; i < count; i++) {
            if (distinct == 0 || all[i][0] != highs[distinct - 1] || all[i][1] != lows[distinct - 1]) {
                highs[distinct] = all[i][0];
                lows[distinct++] = all[i][1];
            }
        }
        return new Keys(true, Arrays.copyOf(highs, distinct), Arrays.copyOf(lows, distinct));
    }

    boolean isV6() {
        return v6;
    }

    @Override
    public int addressCount() {
        return low.length;
    }

    @Override
    public long addressHigh(int i) {
        return high[i];
    }

    @Override
    public long addressLow(int i) {
        return low[i];
    }

    private AddressNumbers makeNumbers() {
        AddressNumbers made = new AddressNumbers();
        for (int i = 0; i < low.length; i++) {
            made.put(high[i], low[i], i);
        }
        return made;
    }

    private Vector<IpAddress> makeAddresses() {
        return Vector.range(0, low.length).map(i -> v6 ? IpAddress.v6(high[i], low[i]) : IpAddress.v4((int) low[i]));
    }

    @Override
    public Vector<IpAddress> addresses() {
        return addresses.get();
    }

    /** The number of an address, or -1. */
    int number(IpAddress address) {
        return address.isV6() == v6 ? numbers.get().get(address.high(), address.low()) : -1;
    }

    @Override
    public int find(long addressHigh, long addressLow) {
        int from = 0;
        int to = low.length - 1;
        while (from <= to) {
            int middle = (from + to) >>> 1;
            int order = Elements.compare(high[middle], low[middle], addressHigh, addressLow);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                from = middle + 1;
            } else {
                to = middle - 1;
            }
        }
        return -1 - from;
    }

    /** The elements in the order of one of their fields. */
    int[] order(Elements elements, int field) {
        Order known = orders.get(elements);
        if (known == null) {
            known = orders.computeIfAbsent(elements, missing -> new Order(field, sorted(missing, field)));
        }
        // A map is hardly ever asked with its fields in two orders.
        return known.field == field ? known.elements : sorted(elements, field);
    }

    /** Elements in the order of a field. */
    private static final class Order {
        private final int field;
        private final int[] elements;

        Order(int field, int[] elements) {
            this.field = field;
            this.elements = elements;
        }
    }

    private static int[] sorted(Elements elements, int field) {
        int size = elements.size();
        int[] order = new int[elements.otherwise() < 0 ? size : size - 1];
        boolean narrow = size < 1 << 30;
        for (int e = 0; e < size && narrow; e++) {
            narrow = elements.firstHigh(e, field) == 0 && elements.firstLow(e, field) >>> 32 == 0;
        }
        int count = 0;
        if (narrow) {
            long[] packed = new long[order.length];
            for (int e = 0; e < size; e++) {
                if (e != elements.otherwise()) {
                    packed[count++] = elements.firstLow(e, field) << 31 | e;
                }
            }
            Arrays.sort(packed);
            for (int i = 0; i < count; i++) {
                order[i] = (int) (packed[i] & 0x7FFF_FFFF);
            }
            return order;
        }
        Integer[] boxed = new Integer[order.length];
        for (int e = 0; e < size; e++) {
            if (e != elements.otherwise()) {
                boxed[count++] = e;
            }
        }
        Arrays.sort(
                boxed,
                (a, b) -> Elements.compare(
                        elements.firstHigh(a, field),
                        elements.firstLow(a, field),
                        elements.firstHigh(b, field),
                        elements.firstLow(b, field)));
        for (int i = 0; i < count; i++) {
            order[i] = boxed[i];
        }
        return order;
    }

    /** The first of an order whose field has this value, or where it would be. */
    static int first(int[] order, Elements elements, int field, long valueHigh, long valueLow) {
        int from = 0;
        int to = order.length;
        while (from < to) {
            int middle = (from + to) >>> 1;
            int element = order[middle];
            if (Elements.compare(
                            elements.firstHigh(element, field), elements.firstLow(element, field), valueHigh, valueLow)
                    < 0) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from;
    }

    /** Where membership of a set can change along one of its fields. */
    Cuts cuts(Elements elements, int field) {
        return cuts.computeIfAbsent(elements, Keys::make)[field];
    }

    private static Cuts[] make(Elements elements) {
        Cuts[] all = new Cuts[elements.width()];
        for (int field = 0; field < all.length; field++) {
            Cuts.Builder builder = new Cuts.Builder();
            Set<Long> seen = Collections.newSetFromMap(new ConcurrentHashMap<>());
            for (int e = 0; e < elements.size(); e++) {
                boolean again = elements.isSingle(e, field)
                        && elements.firstHigh(e, field) == 0
                        && !seen.add(elements.firstLow(e, field));
                if (e != elements.otherwise() && !again) {
                    builder.range(
                            elements.firstHigh(e, field),
                            elements.firstLow(e, field),
                            elements.lastHigh(e, field),
                            elements.lastLow(e, field));
                }
            }
            all[field] = builder.build();
        }
        return all;
    }
}
