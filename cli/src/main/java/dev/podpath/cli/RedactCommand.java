package dev.podpath.cli;

import io.vavr.control.Either;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** {@code podpath redact}. */
@CommandLine.Command(
        name = "redact",
        description = "Make a snapshot that can be shared: names and addresses replaced, the answers the same.",
        footer = {
            "",
            "Every address and name is replaced, everywhere by the same; prefixes keep their relations, private addresses",
            "stay private. The key is made anew each time and forgotten. Look through the result before you share it.",
            "",
            "Exit status: 0 it was written, 2 it was not."
        })
final class RedactCommand implements Callable<Integer> {
    private final Redacting redacting;
    private final Terminal terminal;

    @CommandLine.Mixin
    private SnapshotOption snapshot = new SnapshotOption();

    @CommandLine.Option(names = "--out", required = true, paramLabel = "DIR", description = "Where the new one goes.")
    private Path out = Path.of("");

    @Inject
    RedactCommand(Redacting redacting, Terminal terminal) {
        this.redacting = redacting;
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Either<String, Integer> written = snapshot.where().flatMap(where -> redacting.redact(where, out));
        if (written.isLeft()) {
            terminal.problem(written.getLeft());
            return ExitCode.BAD_INPUT;
        }
        terminal.err().println(written.get() + " documents in " + out);
        terminal.err().flush();
        return ExitCode.OK;
    }
}
