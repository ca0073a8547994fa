package dev.podpath.core.proxy;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Shapes of a {@link Likeness} by words that say all there is to say: equal words are one shape. Safe for use from several
 * threads.
 */
public final class WordShapes {
    private final Map<Words, Words> shapes = new ConcurrentHashMap<>();

    /** No shapes yet. */
    public WordShapes() {}

    /**
     * The shape of some words.
     *
     * @param words an array that begins with them; it may be written to afterwards
     * @param count how many they are
     * @return the same object for equal words
     */
    public Object of(int[] words, int count) {
        Words asked = new Words(words, count);
        Words known = shapes.get(asked);
        if (known != null) {
            return known;
        }
        Words lasting = new Words(Arrays.copyOf(words, count), count);
        Words earlier = shapes.putIfAbsent(lasting, lasting);
        return earlier == null ? lasting : earlier;
    }

    private static final class Words {
        private final int[] words;
        private final int count;
        private final int hash;

        Words(int[] words, int count) {
            this.words = words;
            this.count = count;
            int sum = count;
            for (int i = 0; i < count; i++) {
                sum = 31 * sum + words[i];
            }
            this.hash = sum;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Words that
                    && hash == that.hash
                    && Arrays.equals(words, 0, count, that.words, 0, that.count);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }
}
