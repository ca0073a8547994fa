package dev.podpath.ports.capture;

import dev.podpath.ports.plugin.Plugin;
import io.vavr.control.Option;

/**
 * Collects documents from a living system into a snapshot. Listed under this name in {@code META-INF/services}; loaded
 * only when something is captured, so that a client library costs other commands nothing.
 *
 * <p>A collector only reads, asks for nothing it does not document, never asks for secrets, and never prints or stores
 * credentials.
 */
public interface Collector extends Plugin {
    /** Whether there is anything for this collector to do. */
    boolean serves(CaptureScope scope);

    /**
     * Collects what the scope names. What the other side denies or does not have becomes a {@link NotCaptured} of the run
     * and never stops the rest; what the run says is {@linkplain CaptureRun#isDone(String) done} is not asked for again.
     * May be called several times for one snapshot, with a scope that names further nodes. Returns soon after the run is
     * {@linkplain CaptureRun#cancelled() cancelled}, having undone whatever it made elsewhere.
     *
     * @throws java.io.UncheckedIOException where the snapshot cannot be written
     */
    void collect(CaptureScope scope, CaptureRun run);

    /** A plain POSIX shell script that makes the same documents with the system's own tool; empty where there is none. */
    default Option<String> script(CaptureScope scope) {
        return Option.none();
    }
}
