package dev.podpath.proxy.iptables.rule;

import dev.podpath.ports.snapshot.Document;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Collects the elements of one set. */
public final class IpSetBuilder {
    private final String name;
    private final String type;
    private final boolean v6;
    private final int line;
    private final IpSet.Part[] parts;
    private final List<String> members = new ArrayList<>();
    private Option<String> unknown;
    private long[] words = new long[32];
    private int used;
    private int[] lines = new int[8];
    private int count;

    /**
     * A set without elements.
     *
     * @param unknown why membership cannot be told, where it cannot
     */
    public IpSetBuilder(
            String name, String type, boolean v6, int line, Vector<IpSet.Part> parts, Option<String> unknown) {
        this.name = name;
        this.type = type;
        this.v6 = v6;
        this.line = line;
        this.parts = parts.toJavaArray(IpSet.Part[]::new);
        this.unknown = unknown;
    }

    /** Name of the set. */
    public String name() {
        return name;
    }

    /** Type of the set. */
    public String type() {
        return type;
    }

    /** Whether its addresses are IPv6. */
    public boolean isV6() {
        return v6;
    }

    /** What the parts of an element are. */
    public IpSet.Part part(int index) {
        return parts[index];
    }

    /** How many parts an element has. */
    public int partCount() {
        return parts.length;
    }

    /** Whether membership can be told so far. */
    public boolean isKnown() {
        return unknown.isEmpty();
    }

    /** Something about the set was not understood. */
    public void unknown(String why) {
        unknown = unknown.orElse(Option.some(why));
    }

    /** Adds a member of a {@code list:set}. */
    public void member(String set) {
        members.add(set);
    }

    /** Adds an element: two words for each part, and the flags. */
    public void element(long[] values, boolean nomatch, long lengths, int elementLine) {
        int stride = IpSet.stride(parts.length);
        if (used + stride > words.length) {
            words = Arrays.copyOf(words, words.length * 2 + stride);
        }
        if (count == lines.length) {
            lines = Arrays.copyOf(lines, count * 2);
        }
        System.arraycopy(values, 0, words, used, stride - 1);
        words[used + stride - 1] = lengths << 8 | (nomatch ? IpSet.NOMATCH : 0);
        used += stride;
        lines[count++] = elementLine;
    }

    private IpSet build() {
        return new IpSet(
                name, type, v6, line, parts, unknown, Arrays.copyOf(words, used), count, Arrays.copyOf(lines, count));
    }

    /** All sets of a document. */
    public static IpSets build(Document document, Iterable<IpSetBuilder> builders) {
        Map<String, IpSet> sets = new HashMap<>();
        Map<String, Vector<String>> lists = new HashMap<>();
        for (IpSetBuilder builder : builders) {
            if (builder.type.equals("list:set")) {
                lists.put(builder.name, Vector.ofAll(builder.members));
            } else {
                sets.put(builder.name, builder.build());
            }
        }
        return new IpSets(Option.some(document), sets, lists);
    }
}
