package dev.podpath.ports.capture;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;

/**
 * How long to wait for answers, and how often to ask again.
 *
 * @param answer how long an answer may stay away or stand still
 * @param attempts how often to ask at all
 * @param pause how long to wait before the second attempt; doubled for each further one
 */
public record Patience(Duration answer, int attempts, Duration pause) {
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    /** Pauses that fit: a quarter of a second where an answer may take half a minute. */
    public static Patience of(Duration answer) {
        return new Patience(answer, 6, answer.dividedBy(120));
    }

    /**
     * Waits before the attempt after this one, with a little chance so that workers do not come back all at once.
     *
     * @param attempt the attempt that failed, from 0
     * @param asked how long the server asked to wait; zero where it did not say
     * @return whether to go on
     */
    public boolean rest(int attempt, Duration asked, BooleanSupplier cancelled) {
        Duration wished = pause.multipliedBy(1L << Math.min(attempt, 16));
        Duration longer = asked.compareTo(wished) > 0 ? asked : wished;
        long millis = Math.min(longer.toMillis(), LONGEST_PAUSE.toMillis());
        long end = System.nanoTime()
                + Duration.ofMillis(millis + ThreadLocalRandom.current().nextLong(millis / 4 + 1))
                        .toNanos();
        while (System.nanoTime() < end && !cancelled.getAsBoolean()) {
            try {
                Thread.sleep(Math.max(1, Math.min(100, (end - System.nanoTime()) / 1_000_000)));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return !cancelled.getAsBoolean();
    }
}
