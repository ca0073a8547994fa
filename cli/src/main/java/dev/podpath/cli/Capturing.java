package dev.podpath.cli;

import dev.podpath.ports.OnPath;
import dev.podpath.ports.Podpath;
import dev.podpath.ports.capture.Capture;
import dev.podpath.ports.capture.CaptureScope;
import dev.podpath.ports.capture.Collector;
import dev.podpath.ports.capture.Collectors;
import dev.podpath.ports.request.TraceRequest;
import dev.podpath.ports.snapshot.NotCaptured;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import jakarta.inject.Inject;
import jakarta.inject.Provider;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Captures with a progress bar, and stops in order when the user stops it; what {@code capture} and {@code trace --live} share. */
final class Capturing {
    /** Enough to delete what was made on nodes. */
    private static final Duration LONGEST_STOP = Duration.ofSeconds(40);

    private final Provider<Podpath> podpath;
    private final Terminal terminal;

    @Inject
    Capturing(Provider<Podpath> podpath, Terminal terminal) {
        this.podpath = podpath;
        this.terminal = terminal;
    }

    /** The collectors, complaints about them told. */
    Collectors collectors() {
        Collectors collectors = CollectorLoader.load();
        collectors.problems().forEach(terminal::problem);
        return collectors;
    }

    /**
     * Captures into a directory.
     *
     * @param requests whose nodes are captured besides those the scope names
     * @return what could not be captured, or why there is no snapshot
     */
    Either<String, Vector<NotCaptured>> run(Path directory, CaptureScope scope, Vector<TraceRequest> requests) {
        Collectors collectors = collectors();
        Vector<String> ids = collectors.collectors().map(Collector::id);
        Vector<String> strange = scope.clouds().reject(ids::contains);
        if (!strange.isEmpty()) {
            return Either.left("no collector for the cloud '" + strange.head() + "' is installed; installed: "
                    + ids.mkString(", "));
        }
        if (!collectors.collectors().exists(collector -> collector.serves(scope))) {
            return Either.left("no collector is installed; add podpath-capture-k8s to the class path");
        }
        AtomicBoolean stop = new AtomicBoolean();
        CountDownLatch ended = new CountDownLatch(1);
        Thread hook = new Thread(() -> {
            stop.set(true);
            try {
                if (!ended.await(LONGEST_STOP.toSeconds(), TimeUnit.SECONDS)) {
                    terminal.problem("stopped before everything was cleaned up");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Runtime.getRuntime().addShutdownHook(hook);
        ProgressBar bar = new ProgressBar(terminal.err(), ProgressBar.onTerminal());
        try {
            return new Capture(collectors.collectors(), bar, stop::get)
                    .into(directory, scope, new OnPath(podpath.get(), requests))
                    .mapLeft(Object::toString);
        } finally {
            bar.end();
            ended.countDown();
            if (!stop.get()) {
                Runtime.getRuntime().removeShutdownHook(hook);
            }
        }
    }
}
