package dev.podpath.cli;

import dev.podpath.ports.capture.Progress;
import java.io.PrintWriter;

/** Shows progress: one line that is written over on a terminal, elsewhere a line for each thing that is complete. */
final class ProgressBar implements Progress {
    private static final int WIDTH = 30;
    private static final long PERIOD = 100_000_000;

    private final PrintWriter out;
    private final boolean terminal;
    private long last;
    private String told = "";
    private boolean shown;

    ProgressBar(PrintWriter out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /** Whether the start script saw a terminal behind standard error. */
    static boolean onTerminal() {
        return Boolean.getBoolean("podpath.progress") && !"dumb".equals(System.getenv("TERM"));
    }

    @Override
    public synchronized void at(String what, long done, long total) {
        boolean complete = total > 0 && done >= total;
        if (terminal) {
            long now = System.nanoTime();
            if (complete || now - last > PERIOD) {
                last = now;
                out.print("\r\u001b[K" + line(what, done, total));
                out.flush();
                shown = true;
            }
        } else if (complete && !told.equals(what + done)) {
            told = what + done;
            out.println("captured " + done + " " + what);
            out.flush();
        }
    }

    private static String line(String what, long done, long total) {
        int filled = total > 0 ? (int) Math.min(WIDTH, done * WIDTH / total) : 0;
        return "[" + "#".repeat(filled) + " ".repeat(WIDTH - filled) + "] " + done + (total > 0 ? "/" + total : "")
                + " " + what;
    }

    @Override
    public synchronized void note(String text) {
        clear();
        out.println("podpath: " + text);
        out.flush();
    }

    /** Takes the line away. */
    synchronized void end() {
        clear();
        out.flush();
    }

    private void clear() {
        if (shown) {
            out.print("\r\u001b[K");
            shown = false;
        }
    }
}
