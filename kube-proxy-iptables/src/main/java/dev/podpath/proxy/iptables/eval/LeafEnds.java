package dev.podpath.proxy.iptables.eval;

import dev.podpath.core.proxy.Ends;
import dev.podpath.core.proxy.SourceNat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes ends of the leaves of a survey, joining the leaves that {@link Verdicts} joins into one branch. */
final class LeafEnds {
    private LeafEnds() {}

    /** Whether the leaves tell all; where one does not, the ends are those of the verdict. */
    static boolean isTold(List<Path> leaves) {
        for (int i = 0; i < leaves.size(); i++) {
            Path leaf = leaves.get(i);
            if (leaf.uncertain || leaf.ending == Path.LOST) {
                return false;
            }
        }
        return true;
    }

    /**
     * The ends; null where it takes the verdict to tell whether two leaves are one branch.
     *
     * @param port the port that all packets go to; 0 where they go to several
     */
    static @Nullable Ends of(List<Path> leaves, boolean v6, int port) {
        int count = leaves.size();
        int[] same = new int[count];
        double[] shares = new double[count];
        int distinct = 0;
        int affinitySeconds = 0;
        for (int i = 0; i < count; i++) {
            Path leaf = leaves.get(i);
            affinitySeconds = Math.max(affinitySeconds, leaf.affinitySeconds);
            int known = 0;
            while (known < distinct && !isSame(leaves.get(same[known]), leaf)) {
                if (isUnsure(leaves.get(same[known]), leaf)) {
                    return null;
                }
                known++;
            }
            if (known == distinct) {
                same[distinct++] = i;
            }
            shares[known] += leaf.share;
        }
        Ends.Builder ends = new Ends.Builder(distinct).affinitySeconds(affinitySeconds);
        for (int i = 0; i < distinct; i++) {
            Path leaf = leaves.get(same[i]);
            Ends.Kind kind = kind(leaf);
            if (kind == Ends.Kind.ENDPOINT) {
                int to = leaf.portOriginal ? port : leaf.destinationPort;
                ends.v6(v6).add(kind, leaf.dstHigh, leaf.dstLow, to, source(leaf.sourceNat), shares[i]);
            } else {
                ends.add(kind, 0, 0, 0, source(leaf.sourceNat), shares[i]);
            }
        }
        return ends.build();
    }

    private static boolean isSame(Path one, Path two) {
        if (one.ending != two.ending || one.seen != two.seen || !isSameSource(one, two)) {
            return false;
        }
        if (one.ending == Path.PASSED) {
            return one.translated == two.translated
                    && (!one.translated
                            || isSameDestination(one, two)
                                    && (one.portOriginal && two.portOriginal
                                            || one.destinationPort == two.destinationPort));
        }
        return one.detail.equals(two.detail);
    }

    /** Each leaf has a sample of its own; where the destination is still the one it came with, it is the same for all. */
    private static boolean isSameDestination(Path one, Path two) {
        return one.destinationOriginal && two.destinationOriginal
                || one.dstLow == two.dstLow && one.dstHigh == two.dstHigh;
    }

    /** Packets that are masqueraded on one way out get the same source. */
    private static boolean isSameSource(Path one, Path two) {
        SourceNat nat = one.sourceNat;
        if (nat instanceof SourceNat.Masquerade) {
            return two.sourceNat instanceof SourceNat.Masquerade
                    && isSameDestination(one, two)
                    && one.out.equals(two.out);
        }
        return nat == two.sourceNat || nat.equals(two.sourceNat);
    }

    /** Ways out over different interfaces may still give the same source. */
    private static boolean isUnsure(Path one, Path two) {
        return one.sourceNat instanceof SourceNat.Masquerade
                && two.sourceNat instanceof SourceNat.Masquerade
                && one.ending == two.ending
                && (one.ending != Path.PASSED || isSameDestination(one, two))
                && !isSameSource(one, two);
    }

    private static Ends.Kind kind(Path leaf) {
        return switch (leaf.ending) {
            case Path.DROPPED -> Ends.Kind.DROPPED;
            case Path.REJECTED -> Ends.Kind.REJECTED;
            case Path.PASSED -> leaf.translated ? Ends.Kind.ENDPOINT : Ends.Kind.UNTOUCHED;
            default -> Ends.Kind.UNKNOWN;
        };
    }

    private static Ends.Source source(SourceNat nat) {
        if (nat instanceof SourceNat.Kept) {
            return Ends.Source.KEPT;
        }
        if (nat instanceof SourceNat.Masquerade) {
            return Ends.Source.MASQUERADED;
        }
        return nat instanceof SourceNat.Snat ? Ends.Source.TRANSLATED : Ends.Source.UNKNOWN;
    }
}
