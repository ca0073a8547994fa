package dev.podpath.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.cli.render.Style;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchLoopTest {
    private static final long PATIENCE_MILLIS = 60_000;

    @TempDir
    private Path directory = Path.of("");

    @Test
    @DisplayName("a change of a file is verified and told; an interrupt ends the watch")
    void watch() throws InterruptedException {
        Path snapshot = Run.copy("eks-basic", directory.resolve("snapshot"));
        Path rules = snapshot.resolve("nodes/ip-10-40-16-11.us-west-2.compute.internal/iptables-save.txt");
        StringWriter out = new StringWriter();
        Terminal terminal =
                new Terminal(new PrintWriter(out), new PrintWriter(new StringWriter()), new Style(false, true));
        AtomicInteger status = new AtomicInteger(-1);
        Thread watch =
                new Thread(() -> status.set(Main.run(terminal, "verify", "--watch", snapshot.toString())), "watch");
        watch.start();
        try {
            await(out, "HOLDS: 2 nodes");
            Run.edit(rules, "--to-destination 10.40.16.32:8443", "--to-destination 10.40.16.99:8443");
            await(out, "HOLDS -> VIOLATED: 2 nodes");
            await(out, "+ PP-");
            Run.edit(rules, "--to-destination 10.40.16.99:8443", "--to-destination 10.40.16.32:8443");
            await(out, "VIOLATED -> HOLDS: 2 nodes");
            await(out, "- PP-");
        } finally {
            watch.interrupt();
            watch.join(PATIENCE_MILLIS);
        }
        assertThat(watch.isAlive()).isFalse();
        assertThat(status).hasValue(0);
    }

    private static void await(StringWriter out, String text) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
        while (!out.toString().contains(text)) {
            assertThat(System.nanoTime()).as(out.toString()).isLessThan(deadline);
            Thread.sleep(20);
        }
    }
}
