package dev.podpath.cli;

import dev.podpath.cli.verify.ReportChanges;
import dev.podpath.cli.verify.VerifyReport;
import dev.podpath.ports.Analysis;
import dev.podpath.ports.snapshot.Snapshots;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;

/** Verifies a snapshot directory again and again, and tells what changes. Ends when the process or its thread does. */
final class WatchLoop {
    private final Verifier verifier;
    private final Terminal terminal;

    WatchLoop(Verifier verifier, Terminal terminal) {
        this.verifier = verifier;
        this.terminal = terminal;
    }

    /**
     * Watches until the thread is interrupted.
     *
     * @return the exit status of the last result
     */
    int run(String directory, Verifier.Question question) {
        try (DirectoryWatch watch = DirectoryWatch.of(Path.of(directory))) {
            Option<VerifyReport> known = Option.none();
            Option<Analysis> analysis = Option.none();
            Option<DirectoryWatch.Changes> changes = Option.none();
            do {
                long start = System.nanoTime();
                Either<String, Analysis> opened = open(directory, analysis, changes);
                Either<String, VerifyReport> now =
                        opened.flatMap(state -> Verifier.verify(state, question, (node, done, total) -> {}));
                tell(known, now, (System.nanoTime() - start) / 1_000_000);
                known = now.toOption().orElse(known);
                analysis = opened.toOption();
                changes = watch.awaitChange();
            } while (changes.isDefined());
            return known.map(report -> ReportWriter.status(report, ReportWriter.FailOn.warning))
                    .getOrElse(ExitCode.BAD_INPUT);
        } catch (IOException | InvalidPathException e) {
            terminal.problem("cannot watch " + directory + ": " + e.getMessage() + "; expected a snapshot directory");
            return ExitCode.BAD_INPUT;
        }
    }

    /** The state of now; what is known from the one before and still holds is kept. */
    private Either<String, Analysis> open(
            String directory, Option<Analysis> before, Option<DirectoryWatch.Changes> changes) {
        if (before.isEmpty() || changes.isEmpty()) {
            return verifier.open(directory);
        }
        return Snapshots.open(directory)
                .mapLeft(Object::toString)
                .map(snapshot -> before.get().after(snapshot, changes.get()::holds));
    }

    private void tell(Option<VerifyReport> known, Either<String, VerifyReport> now, long millis) {
        String time = LocalTime.now(ZoneId.systemDefault())
                .truncatedTo(ChronoUnit.SECONDS)
                .format(DateTimeFormatter.ISO_LOCAL_TIME);
        if (now.isLeft()) {
            terminal.out().println(time + "  " + now.getLeft());
        } else {
            terminal.out().println(time + "  " + ReportChanges.headline(known, now.get()) + "  (" + millis + " ms)");
            ReportChanges.lines(known, now.get()).forEach(line -> terminal.out().println("          " + line));
        }
        terminal.out().flush();
    }
}
