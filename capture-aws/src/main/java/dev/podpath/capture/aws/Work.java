package dev.podpath.capture.aws;

import java.nio.channels.ClosedByInterruptException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Tasks that beget tasks, so many at a time; over when none is left. */
final class Work {
    private static final long LONGEST_STOP_SECONDS = 5;

    private final BooleanSupplier stopped;
    private final ExecutorService pool;
    private final AtomicLong open = new AtomicLong();
    private final AtomicReference<@Nullable Throwable> broken = new AtomicReference<>();

    Work(int parallelism, BooleanSupplier stopped) {
        this.stopped = stopped;
        AtomicInteger count = new AtomicInteger();
        this.pool = Executors.newFixedThreadPool(parallelism, task -> {
            Thread thread = new Thread(task, "aws-capture-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    void add(Runnable task) {
        open.incrementAndGet();
        try {
            pool.execute(() -> run(task));
        } catch (RejectedExecutionException e) {
            open.decrementAndGet();
        }
    }

    private void run(Runnable task) {
        try {
            if (!stopped.getAsBoolean() && broken.get() == null) {
                task.run();
            }
        } catch (RuntimeException | Error e) {
            // Who is stopped while writing has its file closed.
            if (!(stopped.getAsBoolean() && e.getCause() instanceof ClosedByInterruptException)) {
                broken.compareAndSet(null, e);
            }
        } finally {
            open.decrementAndGet();
        }
    }

    /** Returns when all tasks are done, or soon after it is stopped; throws what a task threw. */
    void await() {
        try {
            while (open.get() > 0 && !stopped.getAsBoolean()) {
                Thread.sleep(10);
            }
            pool.shutdownNow();
            if (!pool.awaitTermination(LONGEST_STOP_SECONDS, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            pool.shutdownNow();
            Thread.currentThread().interrupt();
        }
        Throwable thrown = broken.get();
        if (thrown instanceof RuntimeException bug) {
            throw bug;
        }
        if (thrown instanceof Error error) {
            throw error;
        }
    }
}
