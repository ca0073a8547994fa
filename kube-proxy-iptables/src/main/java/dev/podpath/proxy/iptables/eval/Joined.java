package dev.podpath.proxy.iptables.eval;

import dev.podpath.core.net.AddressSet;
import dev.podpath.core.proxy.walk.Box;
import dev.podpath.core.proxy.walk.Link;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Joins parts that differ in the destination port only and meet the very same rules: an index tells ports apart by what
 * rules want, even where such a rule is not for these packets for another reason.
 */
final class Joined {
    private Joined() {}

    /** Packets but for their destination ports, and the rules they meet. */
    private record Alike(AddressSet sources, AddressSet destinations, AddressSet sourcePorts, List<Object> way) {}

    static List<Tree.Part> parts(List<Tree.Part> parts, boolean v6) {
        Map<Alike, List<Tree.Part>> joined = new HashMap<>();
        List<List<Tree.Part>> all = new ArrayList<>(parts.size());
        for (Tree.Part part : parts) {
            List<Object> way = way(part.leaves());
            if (way == null) {
                all.add(List.of(part));
                continue;
            }
            Alike key = new Alike(
                    set(part, Box.SOURCE, v6), set(part, Box.DESTINATION, v6), set(part, Box.SOURCE_PORT, v6), way);
            joined.computeIfAbsent(key, k -> {
                        List<Tree.Part> same = new ArrayList<>(1);
                        all.add(same);
                        return same;
                    })
                    .add(part);
        }
        return all.stream().map(Joined::join).toList();
    }

    private static Tree.Part join(List<Tree.Part> same) {
        Tree.Part first = same.get(0);
        if (same.size() == 1) {
            return first;
        }
        PortList.Union ports = new PortList.Union();
        same.forEach(part -> ports.add(part.region().field(Box.DESTINATION_PORT)));
        return new Tree.Part(first.region().with(Box.DESTINATION_PORT, ports.ranges()), first.leaves());
    }

    private static AddressSet set(Tree.Part part, int field, boolean v6) {
        return AddressSet.ofBounds(v6, part.region().field(field).bounds());
    }

    /** The rules a part meets and how it ends; null where more than these make its verdict. */
    private static @Nullable List<Object> way(List<Path> leaves) {
        Path leaf = leaves.get(0);
        boolean simple = leaves.size() == 1
                && !leaf.translated
                && !leaf.shortened
                && !leaf.uncertain
                && leaf.seen == 0
                && leaf.ending != Path.LOST;
        if (!simple) {
            return null;
        }
        List<Object> way = new ArrayList<>();
        way.add(leaf.ending);
        way.add(leaf.detail);
        way.add(leaf.sourceNat);
        way.add(leaf.usedDevices);
        way.add(leaf.out);
        for (Link<Path.Step> link = leaf.trail; link != null; link = link.before()) {
            way.add(link.value());
        }
        return way;
    }
}
