package dev.podpath.cli;

import dev.podpath.core.trace.Trace;

/** What the program's exit status means. */
final class ExitCode {
    /** Every branch is delivered. */
    static final int OK = 0;
    /** Some branch is known not to be. */
    static final int NOT_DELIVERED = 1;
    /** Usage, or input that cannot be read. */
    static final int BAD_INPUT = 2;
    /** It cannot be told for want of evidence. */
    static final int UNKNOWN = 3;
    /** No answer: the program failed ({@code EX_SOFTWARE} of sysexits.h). Never one of the above, which are answers. */
    static final int FAILED = 70;

    private ExitCode() {}

    static int of(Trace.Verdict verdict) {
        return switch (verdict) {
            case DELIVERED -> OK;
            case NOT_DELIVERED -> NOT_DELIVERED;
            case UNKNOWN -> UNKNOWN;
        };
    }
}
