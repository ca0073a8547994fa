package dev.podpath.capture.k8s;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Closes streams that stand still for too long, so that nobody waits on them for ever. */
final class Watchdog implements AutoCloseable {
    private final Set<Guarded> guarded = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(runnable -> {
        Thread thread = new Thread(runnable, "podpath-capture-watch");
        thread.setDaemon(true);
        return thread;
    });

    private final ScheduledFuture<?> rounds;

    Watchdog() {
        this.rounds =
                timer.scheduleWithFixedDelay(() -> guarded.forEach(Guarded::check), 100, 100, TimeUnit.MILLISECONDS);
    }

    /** The stream, closed when a read of it takes longer than this or the run is cancelled. */
    Guarded guard(InputStream in, Duration longest, BooleanSupplier cancelled) {
        Guarded stream = new Guarded(in, longest.toNanos(), cancelled);
        guarded.add(stream);
        return stream;
    }

    @Override
    public void close() {
        rounds.cancel(false);
        timer.shutdownNow();
    }

    /** A stream under guard. */
    final class Guarded extends FilterInputStream {
        private static final long IDLE = Long.MAX_VALUE;

        private final long longest;
        private final BooleanSupplier cancelled;
        private volatile long readingSince = IDLE;
        private volatile boolean stood;

        private Guarded(InputStream in, long longest, BooleanSupplier cancelled) {
            super(in);
            this.longest = longest;
            this.cancelled = cancelled;
        }

        private void check() {
            long since = readingSince;
            if (since != IDLE && (System.nanoTime() - since > longest || cancelled.getAsBoolean())) {
                stood = true;
                try {
                    in.close();
                } catch (IOException e) {
                    // The reader hears of it.
                }
            }
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            int got = read(one, 0, 1);
            return got < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            readingSince = System.nanoTime();
            try {
                return in.read(bytes, offset, length);
            } catch (IOException e) {
                throw stood ? new IOException("no more came within " + longest / 1_000_000_000.0 + " s", e) : e;
            } finally {
                readingSince = IDLE;
            }
        }

        @Override
        public void close() throws IOException {
            guarded.remove(this);
            super.close();
        }
    }
}
