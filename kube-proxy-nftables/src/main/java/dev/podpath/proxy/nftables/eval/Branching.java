package dev.podpath.proxy.nftables.eval;

import dev.podpath.core.proxy.walk.Forks;
import dev.podpath.core.proxy.walk.Link;
import dev.podpath.core.trace.Missing;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** The ways of a packet that are still to be gone, and where and why they parted. */
final class Branching {
    private final Forks<Path.Step> forks = new Forks<>();
    private final ArrayDeque<Path> waiting = new ArrayDeque<>(4);

    static Path copy(Path path) {
        Path made = new Path();
        made.copy(path);
        return made;
    }

    Forks<Path.Step> forks() {
        return forks;
    }

    /** How many ways are still to be gone. */
    int size() {
        return waiting.size();
    }

    /** Will be gone later. */
    void later(Path path) {
        waiting.push(path);
    }

    /** The path to go next; null where none is left. */
    @Nullable
    Path next() {
        return waiting.poll();
    }

    private Path fork(Path path) {
        Path other = copy(path);
        waiting.push(other);
        return other;
    }

    /** Both ways, for something that is not known or not decided by the packet. */
    void fork(Path path, byte kind, String why, @Nullable Missing missing) {
        int parent = path.node;
        Path other = fork(path);
        if (missing != null) {
            path.missing = new Link<>(missing, path.missing);
            other.missing = path.missing;
        }
        path.node = forks.add(parent, 1, 1);
        other.node = forks.add(parent, 1, 1);
        forks.mark(parent, kind, new Forks.Reason<>(why, path.trail, other.node));
    }

    /** Both ways, the given one with this part. */
    void chance(Path path, long part, long whole) {
        int parent = path.node;
        Path other = fork(path);
        path.node = forks.add(parent, part, whole);
        other.node = forks.add(parent, whole - part, whole);
    }

    /** A way of several: the path itself where it is the first, else a copy. */
    Path way(Path path, boolean first, int parent, long part, long whole) {
        Path one = first ? path : copy(path);
        one.node = forks.add(parent, part, whole);
        return one;
    }
}
