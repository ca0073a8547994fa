package dev.podpath.proxy.nftables.eval;

import dev.podpath.core.proxy.Ends;
import dev.podpath.core.proxy.SourceNat;
import java.util.List;
import java.util.Objects;

/** Makes the ends of a walk without the reasoning; just those that the verdict of the same walk has. */
final class Results {
    private Results() {}

    /** Whether the ends can be told without the reasoning: only chance forks the way. */
    static boolean suffices(Walk walk) {
        return !walk.exhausted() && !walk.forks().isUncertain();
    }

    /** The ends; see {@link Verdicts#of}. */
    static Ends of(Walk walk, boolean v6, boolean openPort) {
        List<Path> leaves = walk.leaves();
        int count = leaves.size();
        int[] into = new int[count];
        double[] shares = new double[count];
        int distinct = 0;
        boolean anyEndpoint = false;
        for (int i = 0; i < count; i++) {
            Path path = leaves.get(i);
            into[i] = -1;
            for (int j = 0; j < i; j++) {
                if (into[j] == j && same(leaves.get(j), path, openPort)) {
                    into[i] = j;
                    break;
                }
            }
            if (into[i] < 0) {
                into[i] = i;
                distinct++;
            }
            shares[into[i]] += walk.forks().share(path.node);
            anyEndpoint |= kind(path) == Ends.Kind.ENDPOINT;
        }
        Ends.Builder ends = new Ends.Builder(distinct).v6(v6 && anyEndpoint).affinitySeconds(walk.affinitySeconds());
        for (int i = 0; i < count; i++) {
            if (into[i] != i) {
                continue;
            }
            Path path = leaves.get(i);
            Ends.Kind kind = kind(path);
            if (kind == Ends.Kind.ENDPOINT) {
                int port = openPort && path.is(Path.PORT_ORIGINAL) ? 0 : path.destinationPort;
                ends.add(kind, path.dstHigh, path.dstLow, port, source(path), shares[i]);
            } else {
                ends.add(kind, 0, 0, 0, source(path), shares[i]);
            }
        }
        return ends.build();
    }

    private static Ends.Kind kind(Path path) {
        return switch (path.ending) {
            case Path.DROPPED -> Ends.Kind.DROPPED;
            case Path.REJECTED -> Ends.Kind.REJECTED;
            case Path.LOST -> Ends.Kind.UNKNOWN;
            default -> path.is(Path.TRANSLATED) ? Ends.Kind.ENDPOINT : Ends.Kind.UNTOUCHED;
        };
    }

    private static Ends.Source source(Path path) {
        SourceNat nat = path.sourceNat;
        if (nat instanceof SourceNat.Kept) {
            return Ends.Source.KEPT;
        }
        return nat instanceof SourceNat.Masquerade ? Ends.Source.MASQUERADED : Ends.Source.TRANSLATED;
    }

    private static boolean same(Path one, Path two, boolean openPort) {
        if (one.ending != two.ending || one.seen != two.seen || source(one) != source(two)) {
            return false;
        }
        if (!Objects.equals(one.conditions, two.conditions)) {
            return false;
        }
        if (one.ending != Path.PASSED) {
            return one.detail.equals(two.detail) && sameSource(one, two);
        }
        if (one.is(Path.TRANSLATED) != two.is(Path.TRANSLATED)) {
            return false;
        }
        if (!one.is(Path.TRANSLATED)) {
            return sameSource(one, two);
        }
        boolean port = openPort && one.is(Path.PORT_ORIGINAL)
                ? two.is(Path.PORT_ORIGINAL)
                : one.destinationPort == two.destinationPort && !(openPort && two.is(Path.PORT_ORIGINAL));
        return port && one.dstHigh == two.dstHigh && one.dstLow == two.dstLow && sameSource(one, two);
    }

    private static boolean sameSource(Path one, Path two) {
        if (one.sourceNat instanceof SourceNat.Masquerade) {
            return one.out.equals(two.out) && one.dstHigh == two.dstHigh && one.dstLow == two.dstLow;
        }
        return one.sourceNat.equals(two.sourceNat);
    }
}
