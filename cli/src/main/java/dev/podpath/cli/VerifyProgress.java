package dev.podpath.cli;

import dev.podpath.ports.request.VerifyRequest;

/** How many nodes are verified, on a terminal and where the work is long; elsewhere nothing. */
final class VerifyProgress implements VerifyRequest.Progress {
    private static final long PATIENCE_NANOS = 700_000_000L;

    private final ProgressBar bar;
    private final boolean watched = ProgressBar.onTerminal();
    private final long start = System.nanoTime();

    VerifyProgress(Terminal terminal) {
        this.bar = new ProgressBar(terminal.err(), watched);
    }

    @Override
    public void done(String node, int done, int total) {
        if (watched && System.nanoTime() - start > PATIENCE_NANOS) {
            bar.at("nodes verified", done, total);
        }
    }

    /** Takes the line away. */
    void end() {
        bar.end();
    }
}
