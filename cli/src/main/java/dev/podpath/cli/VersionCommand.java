package dev.podpath.cli;

import jakarta.inject.Inject;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** {@code podpath version}. */
@CommandLine.Command(name = "version", description = "Print the version.")
final class VersionCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Inject
    VersionCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        terminal.out().println("podpath " + Version.current() + " (Java " + Runtime.version() + ")");
        terminal.out().flush();
        return ExitCode.OK;
    }
}
