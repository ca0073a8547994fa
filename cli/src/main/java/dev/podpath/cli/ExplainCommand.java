package dev.podpath.cli;

import dev.podpath.core.finding.FindingCode;
import dev.podpath.ports.Podpath;
import io.vavr.control.Option;
import jakarta.inject.Inject;
import jakarta.inject.Provider;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** {@code podpath explain CODE}. */
@CommandLine.Command(name = "explain", description = "Explain a finding's code; without one, list all codes.")
final class ExplainCommand implements Callable<Integer> {
    private final Provider<Podpath> podpath;
    private final Terminal terminal;

    @CommandLine.Parameters(paramLabel = "CODE", arity = "0..1", description = "A code such as PP-LB-010.")
    private String code = "";

    @Inject
    ExplainCommand(Provider<Podpath> podpath, Terminal terminal) {
        this.podpath = podpath;
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Podpath program = podpath.get();
        if (code.isEmpty()) {
            program.findings().forEach(finding -> terminal.out().printf("%-14s %s%n", finding.code(), finding.title()));
            terminal.out().flush();
            return ExitCode.OK;
        }
        Option<FindingCode> found = program.explain(code);
        if (found.isEmpty()) {
            terminal.problem("no finding has the code " + code + "; 'podpath explain' lists all");
            return ExitCode.BAD_INPUT;
        }
        FindingCode finding = found.get();
        terminal.out().println(finding.code() + "  " + finding.title());
        terminal.out().println("severity: " + finding.severity().name().toLowerCase(Locale.ROOT));
        terminal.out().println();
        terminal.out().println(finding.explanation());
        terminal.out().println();
        terminal.out().println("Remedy: " + finding.remedy());
        terminal.out().flush();
        return ExitCode.OK;
    }
}
