package dev.podpath.cli;

import dev.podpath.cli.verify.ReportJson;
import dev.podpath.cli.verify.ReportJunit;
import dev.podpath.cli.verify.ReportSarif;
import dev.podpath.cli.verify.ReportText;
import dev.podpath.cli.verify.VerifyReport;
import dev.podpath.core.finding.Severity;
import dev.podpath.core.verify.Result;
import dev.podpath.ports.Podpath;
import jakarta.inject.Inject;
import jakarta.inject.Provider;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;

/** Writes a report in the form that is asked for, and says what the exit status is. */
final class ReportWriter {
    private final Provider<Podpath> podpath;
    private final Terminal terminal;

    @Inject
    ReportWriter(Provider<Podpath> podpath, Terminal terminal) {
        this.podpath = podpath;
        this.terminal = terminal;
    }

    /** How a report is written. */
    enum Format {
        /** For people. */
        text,
        /** For programs; the shards of a fleet are merged from it. */
        json,
        /** SARIF 2.1.0, for code scanning. */
        sarif,
        /** JUnit XML, for CI. */
        junit
    }

    /** From which severity on a violation makes the run fail. */
    enum FailOn {
        /** Also a violation with which requests still work. */
        warning(Severity.INFO),
        /** Only one with which requests fail or go where they must not. */
        error(Severity.ERROR);

        private final Severity least;

        FailOn(Severity least) {
            this.least = least;
        }
    }

    /**
     * Writes the report.
     *
     * @return the exit status
     */
    int write(VerifyReport report, Format format, FailOn failOn) {
        PrintWriter out = terminal.out();
        try {
            switch (format) {
                case text -> out.print(ReportText.of(report, terminal.style()));
                case json -> ReportJson.write(report, out);
                case sarif -> ReportSarif.write(report, Version.current(), podpath.get()::explain, out);
                case junit -> ReportJunit.write(report, out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        out.flush();
        return status(report, failOn);
    }

    /** Unreadable input before everything else: what it would have shown is not known. */
    static int status(VerifyReport report, FailOn failOn) {
        if (report.problems().nonEmpty()) {
            return ExitCode.BAD_INPUT;
        }
        if (report.fails(failOn.least)) {
            return ExitCode.NOT_DELIVERED;
        }
        return report.unknowns().nonEmpty() || report.result() == Result.UNKNOWN ? ExitCode.UNKNOWN : ExitCode.OK;
    }
}
