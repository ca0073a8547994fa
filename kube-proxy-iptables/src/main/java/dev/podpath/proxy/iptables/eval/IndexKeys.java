package dev.podpath.proxy.iptables.eval;

import dev.podpath.core.net.AddressNumbers;
import dev.podpath.core.net.AddressSet;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.proxy.walk.Box;
import dev.podpath.core.proxy.walk.NamedAddresses;
import dev.podpath.proxy.iptables.rule.Ruleset;
import dev.podpath.proxy.iptables.rule.Table;
import dev.podpath.proxy.iptables.rule.TableName;
import io.vavr.Lazy;
import io.vavr.collection.Vector;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * What the rules of indexed chains want, sorted: skipping a rule by the index is a test too, and this tells for which
 * other packets it comes out the same.
 */
final class IndexKeys implements NamedAddresses {
    /** Keys of one chain: those with an address, sorted; and protocol and port of those without. */
    private static final class Keys {
        private final KeyList found;
        private final int[] transport;
        private final int[] ports;

        Keys(KeyList found, int[] ports) {
            this.found = found;
            this.transport = found.transports();
            this.ports = ports;
        }
    }

    private final Map<Table, Map<Integer, Keys>> keys = new HashMap<>();

    /** A bit for the hash of each address: what has none is not named. Small enough to stay near the processor. */
    private final long[] marks;

    /** All keys, and for each address the place of its first, and the number of all at the end. */
    private final KeyList all = new KeyList();

    private final int[] first;

    private final Lazy<AddressNumbers> numbers = Lazy.of(this::makeNumbers);
    private final boolean alone;
    private final Lazy<Vector<IpAddress>> addresses;

    private IndexKeys(Ruleset rules, Iterable<IpAddress> more) {
        this.addresses = Lazy.of(() -> makeAddresses(rules.isV6()));
        for (TableName name : TableName.values()) {
            Table table = rules.table(name);
            Map<Integer, Keys> byChain = new HashMap<>();
            for (int chain = 0; chain < table.chainCount(); chain++) {
                if (table.index(chain).isDefined()) {
                    byChain.put(chain, keys(table, chain));
                }
            }
            keys.put(table, byChain);
        }
        boolean some = false;
        for (IpAddress address : more) {
            all.add(address.high(), address.low(), -1);
            some = true;
        }
        this.alone = some;
        all.sort();
        int[] places = new int[all.count() + 1];
        int count = 0;
        for (int i = 0; i < all.count(); i++) {
            if (i == 0 || all.high(i - 1) != all.high(i) || all.low(i - 1) != all.low(i)) {
                places[count++] = i;
            }
        }
        places[count] = all.count();
        this.first = Arrays.copyOf(places, count + 1);
        this.marks = new long[Math.max(1, Integer.highestOneBit(count) / 2)];
        for (int i = 0; i < count; i++) {
            int hash = hash(addressHigh(i), addressLow(i));
            marks[hash >>> 6 & marks.length - 1] |= 1L << hash;
        }
    }

    /** The keys of rules, with further addresses that are looked at on their own. */
    static IndexKeys of(Ruleset rules, Iterable<IpAddress> more) {
        return new IndexKeys(rules, more);
    }

    private Keys keys(Table table, int chain) {
        KeyList found = new KeyList();
        int[] ports = new int[table.ruleCount(chain)];
        int portCount = 0;
        for (int rule = table.first(chain); rule < table.end(chain); rule++) {
            int port = found.addRule(table, rule);
            if (port >= 0) {
                ports[portCount++] = port;
            }
        }
        all.addAll(found.sort());
        int[] sortedPorts = Arrays.copyOf(ports, portCount);
        Arrays.sort(sortedPorts);
        return new Keys(found, sortedPorts);
    }

    @Override
    public int addressCount() {
        return first.length - 1;
    }

    @Override
    public Vector<IpAddress> addresses() {
        return addresses.get();
    }

    private Vector<IpAddress> makeAddresses(boolean v6) {
        return Vector.range(0, addressCount())
                .map(i -> v6 ? IpAddress.v6(addressHigh(i), addressLow(i)) : IpAddress.v4((int) addressLow(i)));
    }

    @Override
    public long addressHigh(int index) {
        return all.high(first[index]);
    }

    @Override
    public long addressLow(int index) {
        return all.low(first[index]);
    }

    private AddressNumbers makeNumbers() {
        AddressNumbers made = new AddressNumbers();
        for (int i = 0; i < addressCount(); i++) {
            made.put(addressHigh(i), addressLow(i), i);
        }
        return made;
    }

    /** The number of an address that rules name; -1 for every other one. */
    int number(long high, long low) {
        return numbers.get().get(high, low);
    }

    /** How many keys there are. */
    int keyCount() {
        return all.count();
    }

    /** The number of the key with an address, and with protocol and port; -1 where there is none. */
    int key(int index, int transport) {
        int end = first[index + 1];
        for (int key = first[index]; key < end; key++) {
            if (all.transport(key) == transport) {
                return key;
            }
        }
        return -1;
    }

    /** Whether a rule names an address without one protocol and one port. */
    boolean isWhole(int index) {
        return all.transport(first[index]) < 0;
    }

    /** Whether a rule names an address so that is always looked at on its own besides. */
    boolean isWholeByRule(int index) {
        return first[index + 1] - first[index] > 1 && all.transport(first[index] + 1) < 0;
    }

    /** Whether there are addresses that are always looked at on their own, whatever protocol and port. */
    boolean hasAlone() {
        return alone;
    }

    /** Whether an address is always looked at on its own. */
    boolean isAlwaysAlone(long high, long low) {
        int number = alone && isNamed(high, low) ? find(high, low) : -1;
        return number >= 0 && isWhole(number);
    }

    /** The ports that rules want with an address and a protocol. */
    Ranges ports(int index, int protocol) {
        int only = all.transport(first[index]);
        if (first[index + 1] - first[index] == 1) {
            return only >>> 16 == protocol ? Ranges.single(0, only & 0xFFFF) : Ranges.none();
        }
        PortList ports = new PortList();
        for (int i = first[index]; i < first[index + 1]; i++) {
            if (all.transport(i) >>> 16 == protocol) {
                ports.add(all.transport(i) & 0xFFFF);
            }
        }
        return ports.ranges();
    }

    /** What of a set is not named on its own. */
    AddressSet others(AddressSet set) {
        int most = 0;
        for (int i = 0; i < set.rangeCount(); i++) {
            most += 4
                    + 4
                            * (place(set.lastHigh(i), set.lastLow(i), true)
                                    - place(set.firstHigh(i), set.firstLow(i), false));
        }
        long[] out = new long[most];
        int count = 0;
        for (int i = 0; i < set.rangeCount(); i++) {
            long high = set.firstHigh(i);
            long low = set.firstLow(i);
            boolean open = true;
            int end = place(set.lastHigh(i), set.lastLow(i), true);
            for (int k = place(high, low, false); k < end; k++) {
                long atHigh = addressHigh(k);
                long atLow = addressLow(k);
                if (Box.compare(atHigh, atLow, high, low) > 0) {
                    count = put(out, count, high, low, atLow == 0 ? atHigh - 1 : atHigh, atLow - 1);
                }
                low = atLow + 1;
                high = low == 0 ? atHigh + 1 : atHigh;
                open = atHigh != set.lastHigh(i) || atLow != set.lastLow(i);
            }
            if (open) {
                count = put(out, count, high, low, set.lastHigh(i), set.lastLow(i));
            }
        }
        return AddressSet.ofBounds(set.isV6(), count == most ? out : Arrays.copyOf(out, count));
    }

    /** Adds the numbers of the named addresses in some ranges. */
    void numbers(Ranges ranges, BitSet to) {
        long[] bounds = ranges.bounds();
        for (int i = 0; i < bounds.length; i += 4) {
            to.set(place(bounds[i], bounds[i + 1], false), place(bounds[i + 2], bounds[i + 3], true));
        }
    }

    /** The first named address from this one on, or after it. */
    private int place(long high, long low, boolean after) {
        int at = find(high, low);
        return at < 0 ? -1 - at : after ? at + 1 : at;
    }

    private static int put(long[] out, int count, long fromHigh, long fromLow, long toHigh, long toLow) {
        out[count] = fromHigh;
        out[count + 1] = fromLow;
        out[count + 2] = toHigh;
        out[count + 3] = toLow;
        return count + 4;
    }

    /** Whether rules name an address on its own. */
    boolean isNamed(long high, long low) {
        int hash = hash(high, low);
        return (marks[hash >>> 6 & marks.length - 1] >>> hash & 1) != 0 && find(high, low) >= 0;
    }

    private static int hash(long high, long low) {
        long mixed = (high * 31 + low) * 0x9E37_79B9_7F4A_7C15L;
        return (int) (mixed >>> 32);
    }

    /** The first address in some ranges that is not named on its own, as two words; no words where there is none. */
    long[] firstOther(Ranges ranges) {
        long[] bounds = ranges.bounds();
        for (int i = 0; i < bounds.length; i += 4) {
            long high = bounds[i];
            long low = bounds[i + 1];
            while (isNamed(high, low) && (high != bounds[i + 2] || low != bounds[i + 3])) {
                low++;
                high += low == 0 ? 1 : 0;
            }
            if (!isNamed(high, low)) {
                return new long[] {high, low};
            }
        }
        return new long[0];
    }

    @Override
    public int find(long high, long low) {
        int from = 0;
        int to = addressCount() - 1;
        while (from <= to) {
            int middle = (from + to) >>> 1;
            int order = Box.compare(addressHigh(middle), addressLow(middle), high, low);
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

    /** Narrows the destination port of a box to those for which the index of a chain finds the same rules. */
    void narrow(Extent extent, Table table, int chain, Path path, int protocol) {
        if (!path.portOriginal) {
            return;
        }
        Keys found = keys.getOrDefault(table, Map.of()).get(chain);
        if (found == null) {
            return;
        }
        int base = protocol << 16;
        int wanted = base | path.destinationPort;
        gap(extent, path.destinationPort, base, found.ports, 0, found.ports.length, wanted);
        int begin = found.found.bound(path.dstHigh, path.dstLow, -2);
        int end = found.found.bound(path.dstHigh, path.dstLow, Integer.MAX_VALUE);
        if (begin < end) {
            gap(extent, path.destinationPort, base, found.transport, begin, end, wanted);
        }
    }

    private static void gap(Extent extent, int port, int base, int[] sorted, int first, int end, int wanted) {
        int at = Arrays.binarySearch(sorted, first, end, wanted);
        if (at >= 0) {
            extent.narrow(Box.DESTINATION_PORT, 0, port, 0, port, 0, port);
            return;
        }
        int next = -1 - at;
        boolean above = next < end && sorted[next] >>> 16 == base >>> 16;
        boolean below = next > first && sorted[next - 1] >= 0 && sorted[next - 1] >>> 16 == base >>> 16;
        if (above || below) {
            int from = below ? (sorted[next - 1] & 0xFFFF) + 1 : 0;
            int to = above ? (sorted[next] & 0xFFFF) - 1 : 65535;
            extent.among(
                    Box.DESTINATION_PORT, port, ports(sorted, first, end, base).complement(), from, to);
        }
    }

    /** The ports among some keys that are wanted with a protocol. */
    private static PortList ports(int[] sorted, int first, int end, int base) {
        PortList ports = new PortList();
        for (int i = first; i < end; i++) {
            if (sorted[i] >= 0 && sorted[i] >>> 16 == base >>> 16) {
                ports.add(sorted[i] & 0xFFFF);
            }
        }
        return ports;
    }
}
