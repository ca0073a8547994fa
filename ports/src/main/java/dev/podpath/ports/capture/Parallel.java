package dev.podpath.ports.capture;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Does many like things, a bounded number at a time. */
public final class Parallel {
    private Parallel() {}

    /**
     * Does something to each, and returns when all is done. The items are taken one by one, so that their source may be
     * long. Nothing new is begun after one has thrown or the run is cancelled; what was begun comes to its end.
     *
     * @param items what to do something to
     * @param most how many at a time, at least 1
     * @param cancelled whether to stop
     * @param action what to do
     */
    public static <T> void each(Iterable<T> items, int most, BooleanSupplier cancelled, Consumer<T> action) {
        Iterator<T> source = items.iterator();
        ExecutorService threads = Executors.newFixedThreadPool(most, runnable -> {
            Thread thread = new Thread(runnable, "podpath-capture");
            thread.setDaemon(true);
            return thread;
        });
        boolean[] failed = {false};
        try {
            List<Future<?>> workers = new ArrayList<>();
            for (int i = 0; i < most; i++) {
                workers.add(threads.submit(() -> work(source, cancelled, action, failed)));
            }
            finish(workers);
        } finally {
            threads.shutdown();
        }
    }

    private static <T> void work(Iterator<T> source, BooleanSupplier cancelled, Consumer<T> action, boolean[] failed) {
        while (true) {
            T item;
            synchronized (failed) {
                if (failed[0] || cancelled.getAsBoolean() || !source.hasNext()) {
                    return;
                }
                item = source.next();
            }
            boolean well = false;
            try {
                action.accept(item);
                well = true;
            } finally {
                if (!well) {
                    synchronized (failed) {
                        failed[0] = true;
                    }
                }
            }
        }
    }

    private static void finish(List<Future<?>> workers) {
        RuntimeException thrown = null;
        for (Future<?> worker : workers) {
            try {
                worker.get();
            } catch (ExecutionException e) {
                thrown = e.getCause() instanceof RuntimeException unchecked
                        ? unchecked
                        : new IllegalStateException(e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                thrown = new IllegalStateException("interrupted", e);
            }
        }
        if (thrown != null) {
            throw thrown;
        }
    }
}
