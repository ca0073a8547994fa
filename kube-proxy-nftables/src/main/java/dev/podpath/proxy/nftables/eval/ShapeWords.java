package dev.podpath.proxy.nftables.eval;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The words of a shape, to be compared. */
final class ShapeWords {
    private final int[] words;
    private final int count;
    private final int hash;

    ShapeWords(int[] words, int count) {
        this.words = words;
        this.count = count;
        int sum = count;
        for (int i = 0; i < count; i++) {
            sum = 31 * sum + words[i];
        }
        this.hash = sum;
    }

    /** With words of its own. */
    ShapeWords copy() {
        return new ShapeWords(Arrays.copyOf(words, count), count);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ShapeWords that
                && hash == that.hash
                && Arrays.equals(words, 0, count, that.words, 0, that.count);
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
