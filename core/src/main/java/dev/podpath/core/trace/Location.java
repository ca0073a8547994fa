package dev.podpath.core.trace;

/**
 * Where a request is on its way. Two locations that are {@code equals} are one place of the trace: the tracer joins
 * them, and meets a loop when it comes back to one. Implementations are records or otherwise have value equality.
 *
 * <p>The common ones are in {@code dev.podpath.core.location}; a plugin may bring its own, with a {@link
 * dev.podpath.core.resolve.HopResolver} that handles it.
 */
public interface Location {
    /** One short line for people, such as {@code app1.example.com:80}. */
    String label();
}
