package dev.podpath.cli;

import java.io.PrintWriter;

/** What the program says where it fails itself: it has no answer then, and must not look as if it had. */
final class Failure {
    private Failure() {}

    /**
     * Tells of it.
     *
     * @return the exit status
     */
    static int tell(Terminal terminal, Throwable thrown) {
        PrintWriter err = terminal.err();
        if (isWantOfMemory(thrown)) {
            err.println("podpath: found too little memory: the heap may take "
                    + (Runtime.getRuntime().maxMemory() >> 20)
                    + " MB, expected about three times the size of what is read; set"
                    + " PODPATH_JAVA_OPTS=-Xmx4g, or verify nodes one at a time with --node");
        } else {
            err.println("podpath: a fault of the program, please report it with what follows; there is no answer");
            thrown.printStackTrace(err);
        }
        terminal.out().flush();
        err.flush();
        return ExitCode.FAILED;
    }

    /** Threads that work for others wrap what they throw. */
    private static boolean isWantOfMemory(Throwable thrown) {
        int depth = 0;
        for (Throwable cause = thrown; cause != null && depth < 20; cause = cause.getCause()) {
            if (cause instanceof OutOfMemoryError) {
                return true;
            }
            depth++;
        }
        return false;
    }
}
