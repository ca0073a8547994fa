package dev.podpath.proxy.iptables.eval;

import dev.podpath.core.net.IpAddress;
import dev.podpath.proxy.iptables.rule.Addresses;
import dev.podpath.proxy.iptables.rule.Op;
import dev.podpath.proxy.iptables.rule.Ruleset;
import dev.podpath.proxy.iptables.rule.Table;
import dev.podpath.proxy.iptables.rule.TableName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the rules of indexed chains want, sorted: skipping a rule by the index is a test too, and this tells for which
 * other packets it comes out the same.
 */
final class IndexKeys {
    /** Keys of one chain: those with an address, sorted; and protocol and port of those without. */
    private static final class Keys {
        private final long[] high;
        private final long[] low;
        private final int[] transport;
        private final int[] ports;

        Keys(long[] high, long[] low, int[] transport, int[] ports) {
            this.high = high;
            this.low = low;
            this.transport = transport;
            this.ports = ports;
        }
    }

    private record Key(long high, long low, int transport) {}

    private static final Comparator<Key> ORDER = (a, b) -> {
        int address = Box.compare(a.high, a.low, b.high, b.low);
        return address != 0 ? address : Integer.compare(a.transport, b.transport);
    };

    private final Map<Table, Map<Integer, Keys>> keys = new HashMap<>();
    private final AddressTable named = new AddressTable();
    private final long[] addressHigh;
    private final long[] addressLow;

    private IndexKeys(Ruleset rules, Iterable<IpAddress> more) {
        List<Key> all = new ArrayList<>();
        for (TableName name : TableName.values()) {
            Table table = rules.table(name);
            Map<Integer, Keys> byChain = new HashMap<>();
            for (int chain = 0; chain < table.chainCount(); chain++) {
                if (table.index(chain).isDefined()) {
                    byChain.put(chain, keys(table, chain, all));
                }
            }
            keys.put(table, byChain);
        }
        for (IpAddress address : more) {
            all.add(new Key(address.high(), address.low(), -1));
        }
        all.sort(ORDER);
        long[] high = new long[all.size()];
        long[] low = new long[all.size()];
        int count = 0;
        for (Key key : all) {
            if (count == 0 || high[count - 1] != key.high || low[count - 1] != key.low) {
                high[count] = key.high;
                low[count++] = key.low;
            }
        }
        this.addressHigh = Arrays.copyOf(high, count);
        this.addressLow = Arrays.copyOf(low, count);
        for (int i = 0; i < count; i++) {
            named.put(addressHigh[i], addressLow[i], i);
        }
    }

    /** The keys of rules, with further addresses that are looked at on their own. */
    static IndexKeys of(Ruleset rules, Iterable<IpAddress> more) {
        return new IndexKeys(rules, more);
    }

    private static Keys keys(Table table, int chain, List<Key> all) {
        List<Key> found = new ArrayList<>();
        int[] ports = new int[table.ruleCount(chain)];
        int portCount = 0;
        int[] code = table.code();
        boolean v6 = table.isV6();
        for (int rule = table.first(chain); rule < table.end(chain); rule++) {
            int address = -1;
            int protocol = -1;
            int port = -1;
            for (int at = table.start(rule);
                    Op.of(code[at]) < Op.FIRST_TARGET;
                    at += 1 + Op.operands(code[at], table.addressWords())) {
                int header = code[at];
                if (Op.negated(header)) {
                    continue;
                }
                if (Op.of(header) == Op.DST && Op.argument(header) == (v6 ? 128 : 32)) {
                    address = at + 1;
                } else if (Op.of(header) == Op.PROTO) {
                    protocol = Op.argument(header);
                } else if (Op.of(header) == Op.DPORT && code[at + 1] >>> 16 == (code[at + 1] & 0xFFFF)) {
                    port = code[at + 1] & 0xFFFF;
                }
            }
            boolean transport = protocol >= 0 && port >= 0;
            if (address >= 0) {
                Key key = new Key(
                        Addresses.high(code, address, v6),
                        Addresses.low(code, address, v6),
                        transport ? protocol << 16 | port : -1);
                found.add(key);
                all.add(key);
            } else if (transport) {
                ports[portCount++] = protocol << 16 | port;
            }
        }
        found.sort(ORDER);
        int count = found.size();
        long[] high = new long[count];
        long[] low = new long[count];
        int[] transports = new int[count];
        for (int i = 0; i < count; i++) {
            high[i] = found.get(i).high;
            low[i] = found.get(i).low;
            transports[i] = found.get(i).transport;
        }
        int[] sortedPorts = Arrays.copyOf(ports, portCount);
        Arrays.sort(sortedPorts);
        return new Keys(high, low, transports, sortedPorts);
    }

    /** How many addresses rules name on their own. */
    int addressCount() {
        return addressHigh.length;
    }

    long addressHigh(int index) {
        return addressHigh[index];
    }

    long addressLow(int index) {
        return addressLow[index];
    }

    /** Whether rules name an address on its own. */
    boolean isNamed(long high, long low) {
        return named.get(high, low) >= 0;
    }

    /** The first address in some ranges that is not named on its own, as two words; no words where there is none. */
    long[] firstOther(Ranges ranges) {
        long[] bounds = ranges.bounds();
        for (int i = 0; i < bounds.length; i += 4) {
            long high = bounds[i];
            long low = bounds[i + 1];
            int at = find(high, low);
            while (at >= 0 && at < addressHigh.length && addressHigh[at] == high && addressLow[at] == low) {
                if (high == bounds[i + 2] && low == bounds[i + 3]) {
                    at = Integer.MIN_VALUE;
                    break;
                }
                low++;
                high += low == 0 ? 1 : 0;
                at++;
            }
            if (at != Integer.MIN_VALUE) {
                return new long[] {high, low};
            }
        }
        return new long[0];
    }

    /** The number of an address among those that rules name, or where it would be, as minus one minus the place. */
    int find(long high, long low) {
        int from = 0;
        int to = addressHigh.length - 1;
        while (from <= to) {
            int middle = (from + to) >>> 1;
            int order = Box.compare(addressHigh[middle], addressLow[middle], high, low);
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
        int first = bound(found, path.dstHigh, path.dstLow, -2);
        int end = bound(found, path.dstHigh, path.dstLow, Integer.MAX_VALUE);
        if (first < end) {
            gap(extent, path.destinationPort, base, found.transport, first, end, wanted);
        }
    }

    private static int bound(Keys keys, long high, long low, int transport) {
        int from = 0;
        int to = keys.high.length;
        while (from < to) {
            int middle = (from + to) >>> 1;
            int order = Box.compare(keys.high[middle], keys.low[middle], high, low);
            if (order < 0 || order == 0 && keys.transport[middle] < transport) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from;
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
        int from = below ? (sorted[next - 1] & 0xFFFF) + 1 : 0;
        int to = above ? (sorted[next] & 0xFFFF) - 1 : 65535;
        extent.narrow(Box.DESTINATION_PORT, 0, port, 0, from, 0, to);
    }
}
