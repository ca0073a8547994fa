package dev.podpath.core.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class SparesTest {
    @Test
    void whatWasGivenBackIsTakenAgain() {
        AtomicInteger made = new AtomicInteger();
        Spares<Integer> spares = new Spares<>(made::incrementAndGet);
        Integer first = spares.take();
        assertThat(spares.take()).as("while the first is in use").isEqualTo(2);
        spares.give(first);
        assertThat(spares.take()).isEqualTo(1);
        assertThat(made).hasValue(2);
    }

    @Test
    void nobodyElseHasWhatWasTaken() {
        Spares<AtomicBoolean> spares = new Spares<>(AtomicBoolean::new);
        long shared = IntStream.range(0, 200_000)
                .parallel()
                .filter(i -> {
                    AtomicBoolean mine = spares.take();
                    boolean used = mine.getAndSet(true);
                    mine.set(false);
                    spares.give(mine);
                    return used;
                })
                .count();
        assertThat(shared).isZero();
    }

    /** As the rules of a node own what is used to evaluate them, and are known to it. */
    private static final class Owner {
        private final Spares<Runnable> spares = new Spares<>(() -> this::use);

        void use() {
            spares.give(spares.take());
        }
    }

    @Test
    @Timeout(20)
    void theyGoWithTheirOwner() throws InterruptedException {
        Owner owner = new Owner();
        owner.use();
        WeakReference<Owner> left = new WeakReference<>(owner);
        owner = null;
        while (left.get() != null) {
            System.gc();
            Thread.sleep(10);
        }
        assertThat(left.get()).isNull();
    }
}
