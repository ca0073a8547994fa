package dev.podpath.proxy.iptables.parse;

import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.IpPrefix;
import dev.podpath.ports.plugin.DocumentReport;
import dev.podpath.ports.plugin.Reading;
import dev.podpath.ports.plugin.Support;
import dev.podpath.ports.snapshot.Document;
import dev.podpath.proxy.iptables.rule.IpSet;
import dev.podpath.proxy.iptables.rule.IpSetBuilder;
import dev.podpath.proxy.iptables.rule.IpSets;
import io.vavr.collection.Map;
import io.vavr.collection.TreeMap;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.LinkedHashMap;

/**
 * Reads what {@code ipset save} prints: {@code create NAME TYPE options}, {@code add NAME ELEMENT options}. A set of a
 * type that is not modelled, or with an element that cannot be read, stays and says of itself that it is not known.
 */
public final class SetsReader {
    private static final String EXPECTED = "create NAME TYPE … or add NAME ELEMENT …";

    private final Document document;
    private final Cursor cursor;
    private final Problems problems;
    private final java.util.Map<String, IpSetBuilder> sets = new LinkedHashMap<>();
    private String lastName = "";
    private Option<IpSetBuilder> last = Option.none();
    private int elements;
    private int unknownElements;

    private SetsReader(Document document) {
        this.document = document;
        this.cursor = new Cursor(document.bytes());
        this.problems = new Problems(document.path(), "ipset save > " + document.name());
    }

    /** Reads the sets of a node. */
    public static Reading<IpSets> read(Document document) {
        return new SetsReader(document).run();
    }

    private Reading<IpSets> run() {
        while (!cursor.atEnd()) {
            if (cursor.next()) {
                line();
            }
            cursor.nextLine();
        }
        Map<Support, Integer> counts = TreeMap.of(Support.FULL, elements);
        if (unknownElements > 0) {
            counts = counts.put(Support.UNIMPLEMENTED, unknownElements);
        }
        return new Reading<>(
                IpSetBuilder.build(document, sets.values()),
                problems.all(),
                Vector.of(new DocumentReport(document.path(), "elements of sets", counts)));
    }

    private void line() {
        if (cursor.is("create") || cursor.is("-N")) {
            create();
        } else if (cursor.is("add") || cursor.is("-A")) {
            add();
        } else if (!cursor.is("COMMIT") && !isComment()) {
            problems.at(cursor.line(), cursor.show(), EXPECTED);
        }
    }

    private boolean isComment() {
        return cursor.from() < cursor.to() && cursor.text()[cursor.from()] == '#';
    }

    private String word() {
        return Scan.string(cursor.text(), cursor.from(), cursor.to());
    }

    private void create() {
        if (!cursor.next()) {
            problems.at(cursor.line(), "create at the end of the line", EXPECTED);
            return;
        }
        String name = word();
        if (!cursor.next()) {
            problems.at(cursor.line(), "create " + cursor.show(), EXPECTED);
            return;
        }
        String type = word();
        boolean v6 = false;
        Option<String> unknown = Option.none();
        while (cursor.next()) {
            if (cursor.is("inet6")) {
                v6 = true;
            } else if (cursor.is("netmask") || cursor.is("bitmask")) {
                unknown =
                        Option.some("option " + cursor.show() + " of set " + Cursor.shorten(name) + " is not modelled");
            } else if (cursor.is("markmask") && (!cursor.next() || word32() != 0xFFFF_FFFFL)) {
                unknown = Option.some("option markmask of set " + Cursor.shorten(name) + " is not modelled");
            }
        }
        Vector<IpSet.Part> parts = parts(type);
        if (parts.isEmpty() && !type.equals("list:set")) {
            unknown = Option.some(
                    type.equals("hash:mac") || type.equals("hash:ip,mac") || type.equals("bitmap:ip,mac")
                            ? "set " + Cursor.shorten(name)
                                    + " holds hardware addresses, and that of the packet is not known"
                            : "sets of type " + Cursor.shorten(type) + " are not modelled");
        }
        IpSetBuilder set = new IpSetBuilder(name, type, v6, cursor.line(), parts, unknown);
        if (sets.containsKey(name)) {
            problems.at(cursor.line(), "set " + Cursor.shorten(name) + " a second time", "each set created once");
            set.unknown("the document creates set " + Cursor.shorten(name) + " twice");
        }
        sets.put(name, set);
        lastName = name;
        last = Option.some(set);
    }

    private static Vector<IpSet.Part> parts(String type) {
        return switch (type) {
            case "hash:ip", "bitmap:ip" -> Vector.of(IpSet.Part.IP);
            case "hash:net" -> Vector.of(IpSet.Part.NET);
            case "bitmap:port" -> Vector.of(IpSet.Part.PORT);
            case "hash:ip,port" -> Vector.of(IpSet.Part.IP, IpSet.Part.PORT);
            case "hash:net,port" -> Vector.of(IpSet.Part.NET, IpSet.Part.PORT);
            case "hash:ip,port,ip" -> Vector.of(IpSet.Part.IP, IpSet.Part.PORT, IpSet.Part.IP);
            case "hash:ip,port,net" -> Vector.of(IpSet.Part.IP, IpSet.Part.PORT, IpSet.Part.NET);
            case "hash:net,net" -> Vector.of(IpSet.Part.NET, IpSet.Part.NET);
            case "hash:net,port,net" -> Vector.of(IpSet.Part.NET, IpSet.Part.PORT, IpSet.Part.NET);
            case "hash:net,iface" -> Vector.of(IpSet.Part.NET, IpSet.Part.IFACE);
            case "hash:ip,mark" -> Vector.of(IpSet.Part.IP, IpSet.Part.MARK);
            default -> Vector.empty();
        };
    }

    private long word32() {
        return Scan.word(cursor.text(), cursor.from(), cursor.to());
    }

    private void add() {
        if (!cursor.next()) {
            problems.at(cursor.line(), "add at the end of the line", EXPECTED);
            return;
        }
        if (!cursor.is(lastName)) {
            lastName = word();
            last = Option.of(sets.get(lastName));
        }
        if (last.isEmpty()) {
            problems.at(
                    cursor.line(),
                    "an element of set " + Cursor.shorten(lastName),
                    "create " + Cursor.shorten(lastName) + " before its elements");
            return;
        }
        IpSetBuilder set = last.get();
        if (!cursor.next()) {
            problems.at(cursor.line(), "an element that is missing", EXPECTED);
            set.unknown("line " + cursor.line() + " cannot be read");
            return;
        }
        if (set.type().equals("list:set")) {
            set.member(word());
            elements++;
        } else if (set.partCount() == 0) {
            unknownElements++;
        } else {
            element(set);
        }
    }

    private void element(IpSetBuilder set) {
        long[] values = new long[2 * set.partCount() + 1];
        long lengths = 0;
        int shift = 0;
        int from = cursor.from();
        int to = cursor.to();
        boolean good = true;
        for (int i = 0; i < set.partCount() && good; i++) {
            int comma = i == set.partCount() - 1 ? to : Scan.find(cursor.text(), from, to, ',');
            if (set.part(i) == IpSet.Part.PORT) {
                good = port(set, values, i, from, comma);
            } else if (set.part(i) == IpSet.Part.IFACE) {
                good = networkInterface(set, values, i, from, comma);
            } else if (set.part(i) == IpSet.Part.MARK) {
                values[2 * i + 1] = Scan.word(cursor.text(), from, comma);
                good = values[2 * i + 1] >= 0;
            } else {
                int length = address(set, values, i, from, comma);
                good = length >= 0;
                if (set.part(i) == IpSet.Part.NET) {
                    lengths |= (long) length << shift;
                    shift += 8;
                }
            }
            good &= i == set.partCount() - 1 || comma < to;
            from = comma + 1;
        }
        if (!good) {
            problems.at(cursor.line(), cursor.show(), "an element of a set of type " + set.type());
            set.unknown("line " + cursor.line() + " cannot be read");
            return;
        }
        boolean nomatch = false;
        while (cursor.next()) {
            nomatch |= cursor.is("nomatch");
            if (cursor.is("comment")) {
                cursor.skipWord();
            } else if (cursor.is("wildcard")) {
                set.unknown("line " + cursor.line() + " stands for every interface whose name begins so");
            }
        }
        set.element(values, nomatch, lengths, cursor.line());
        elements++;
    }

    private boolean networkInterface(IpSetBuilder set, long[] values, int part, int from, int to) {
        String name = Scan.string(cursor.text(), from, Math.min(to, from + 32));
        if (name.startsWith("physdev:")) {
            set.unknown("line " + cursor.line() + " is about a bridge port, which is not known of the packet");
            return name.length() > "physdev:".length();
        }
        values[2 * part] = IpSet.interfaceHigh(name);
        values[2 * part + 1] = IpSet.interfaceLow(name);
        return !name.isEmpty() && name.length() < 16;
    }

    private boolean port(IpSetBuilder set, long[] values, int part, int from, int to) {
        int colon = Scan.find(cursor.text(), from, to, ':');
        if (set.type().equals("bitmap:port")) {
            values[2 * part + 1] = Scan.decimal(cursor.text(), from, to, 65535);
            return values[2 * part + 1] >= 0;
        }
        int protocol = colon == to ? 6 : Protocols.number(cursor.text(), from, colon);
        long port = Scan.decimal(cursor.text(), colon == to ? from : colon + 1, to, 65535);
        boolean icmp = protocol == 1 || protocol == 58;
        values[2 * part + 1] = (long) protocol << 16 | Math.max(0, port);
        return protocol >= 0 && protocol < 256 && (port >= 0 || icmp);
    }

    private int address(IpSetBuilder set, long[] values, int part, int from, int to) {
        int slash = Scan.find(cursor.text(), from, to, '/');
        int bits = set.isV6() ? 128 : 32;
        int length = slash == to ? bits : (int) Scan.decimal(cursor.text(), slash + 1, to, bits);
        if (length < 0 || set.part(part) == IpSet.Part.IP && length != bits) {
            return -1;
        }
        if (!set.isV6()) {
            long address = Scan.v4(cursor.text(), from, slash);
            if (address < 0) {
                return -1;
            }
            values[2 * part + 1] = length == 0 ? 0 : address & 0xFFFF_FFFFL << (32 - length) & 0xFFFF_FFFFL;
            return length;
        }
        Option<IpAddress> address = Scan.v6(cursor.text(), from, slash);
        if (address.isEmpty()) {
            return -1;
        }
        IpAddress masked = new IpPrefix(address.get(), length).address();
        values[2 * part] = masked.high();
        values[2 * part + 1] = masked.low();
        return length;
    }
}
