package dev.podpath.core.proxy;

import dev.podpath.core.net.AddressSet;
import dev.podpath.core.net.AddressSetEditor;

/** Sources of packets to the first address of a shape, and what they are for others that are alike. Immutable. */
final class LikeSources {
    private static final ThreadLocal<AddressSetEditor> EDITORS = ThreadLocal.withInitial(AddressSetEditor::new);

    private final AddressSet sources;
    private final boolean any;
    private final Likeness pattern;
    /** For each address of the pattern whether it is a source. */
    private final boolean[] inside;

    LikeSources(AddressSet sources, Likeness pattern) {
        this.sources = sources;
        this.any = sources.equals(AddressSet.all(sources.isV6()));
        this.pattern = pattern;
        this.inside = new boolean[pattern.count()];
        for (int i = 0; i < inside.length; i++) {
            inside[i] = sources.contains(pattern.high(i), pattern.low(i));
        }
    }

    /** The sources with the addresses of the pattern exchanged for those of another likeness, each for that at its place. */
    AddressSet of(Likeness like) {
        AddressSetEditor edited = null;
        for (int i = 0; !any && i < inside.length; i++) {
            long high = like.high(i);
            long low = like.low(i);
            if (inside[i] == sources.contains(high, low)) {
                continue;
            }
            if (edited == null) {
                edited = EDITORS.get();
                edited.start(sources);
            }
            if (inside[i]) {
                edited.without(pattern.high(i), pattern.low(i));
                edited.plus(high, low);
            } else {
                edited.plus(pattern.high(i), pattern.low(i));
                edited.without(high, low);
            }
        }
        return edited == null ? sources : edited.set();
    }

    boolean holds(long high, long low) {
        return any || sources.contains(high, low);
    }
}
