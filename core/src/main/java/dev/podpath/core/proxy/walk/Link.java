package dev.podpath.core.proxy.walk;

import io.vavr.collection.Vector;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An entry of a list that grows at its head and is shared by the paths that forked after it. The empty list is null: a walk
 * makes many.
 *
 * @param value the entry
 * @param before the entry before it; null at the beginning
 */
public record Link<T>(T value, @Nullable Link<T> before) {
    /** The entries of a list, in the order in which they were added. */
    public static <T> Vector<T> values(@Nullable Link<T> last) {
        return values(last, Function.identity());
    }

    /** What is made of the entries of a list, in the order in which they were added. */
    public static <T, R> Vector<R> values(@Nullable Link<T> last, Function<T, R> of) {
        if (last == null) {
            return Vector.empty();
        }
        Deque<R> values = new ArrayDeque<>();
        for (Link<T> link = last; link != null; link = link.before()) {
            values.addFirst(of.apply(link.value()));
        }
        return Vector.ofAll(values);
    }
}
