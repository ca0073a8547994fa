package dev.podpath.cli;

import dev.podpath.cli.render.ReportText;
import dev.podpath.cli.render.TraceJson;
import dev.podpath.cli.render.TraceText;
import dev.podpath.core.trace.Trace;
import dev.podpath.ports.Analysis;
import dev.podpath.ports.Podpath;
import dev.podpath.ports.capture.CaptureScope;
import dev.podpath.ports.request.TraceRequest;
import dev.podpath.ports.snapshot.DocumentProblem;
import dev.podpath.ports.snapshot.NotCaptured;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import jakarta.inject.Inject;
import jakarta.inject.Provider;
import java.io.IOException;
import java.nio.file.Path;

/** Traces a request and prints the result; what {@code trace} and {@code demo} share. */
final class Tracing {
    private final Provider<Podpath> podpath;
    private final Terminal terminal;

    private final Provider<Capturing> capturing;

    @Inject
    Tracing(Provider<Podpath> podpath, Provider<Capturing> capturing, Terminal terminal) {
        this.podpath = podpath;
        this.capturing = capturing;
        this.terminal = terminal;
    }

    /** How the result is written. */
    enum Format {
        /** For people. */
        text,
        /** For programs. */
        json
    }

    /** Captures what the request needs into a directory that goes afterwards, then runs and prints. */
    int live(CaptureScope scope, TraceRequest request, Format format, boolean verbose) {
        try (TemporaryDirectory directory = TemporaryDirectory.make()) {
            Path snapshot = directory.path().resolve("live");
            Either<String, Vector<NotCaptured>> captured = capturing.get().run(snapshot, scope, Vector.of(request));
            if (captured.isLeft()) {
                terminal.problem(captured.getLeft());
                return ExitCode.BAD_INPUT;
            }
            captured.get()
                    .forEach(gap -> terminal.err().println("not captured: " + gap.document() + ": " + gap.sentence()));
            terminal.err().flush();
            return run(snapshot.toString(), request, format, verbose);
        } catch (IOException e) {
            terminal.problem("no directory for the snapshot: " + e);
            return ExitCode.BAD_INPUT;
        }
    }

    /**
     * Runs and prints.
     *
     * @param verbose whether to say how well each document was understood
     * @return the exit status
     */
    int run(String snapshot, TraceRequest request, Format format, boolean verbose) {
        Podpath program = podpath.get();
        program.plugins().problems().forEach(terminal::problem);
        Either<DocumentProblem, Analysis> opened = program.open(snapshot);
        if (opened.isLeft()) {
            terminal.problem(opened.getLeft().toString());
            return ExitCode.BAD_INPUT;
        }
        Analysis analysis = opened.get();
        Either<String, Trace> traced = analysis.trace(request);
        analysis.problems().forEach(problem -> terminal.problem(problem.toString()));
        if (traced.isLeft()) {
            terminal.problem(traced.getLeft());
            return ExitCode.BAD_INPUT;
        }
        Trace trace = traced.get();
        terminal.out()
                .print(
                        format == Format.json
                                ? TraceJson.of(trace, analysis.problems())
                                : TraceText.of(trace, terminal.style()));
        if (verbose) {
            terminal.err().print(ReportText.of(analysis.reports()));
            terminal.err().flush();
        }
        terminal.out().flush();
        return analysis.problems().isEmpty() ? ExitCode.of(trace.verdict()) : ExitCode.BAD_INPUT;
    }
}
