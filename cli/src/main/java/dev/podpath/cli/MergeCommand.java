package dev.podpath.cli;

import dev.podpath.cli.verify.ReportMerge;
import dev.podpath.cli.verify.ReportReader;
import dev.podpath.cli.verify.VerifyReport;
import dev.podpath.ports.snapshot.Document;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** {@code podpath merge}. */
@CommandLine.Command(
        name = "merge",
        description = "Put the reports of podpath verify --shard I/N -o json together into one on all nodes.",
        footer = {
            "",
            "Example:",
            "  podpath merge part-0.json part-1.json -o text",
            "",
            "Exit status: as of podpath verify; 2 also where a shard is missing or comes twice."
        })
final class MergeCommand implements Callable<Integer> {
    private final ReportWriter writer;
    private final Terminal terminal;

    @CommandLine.Parameters(paramLabel = "FILE", arity = "1..*", description = "Reports, as -o json wrote them.")
    private List<String> files = new ArrayList<>();

    @CommandLine.Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "text, json, sarif or junit. Default: text.")
    private ReportWriter.Format format = ReportWriter.Format.text;

    @CommandLine.Option(
            names = "--fail-on",
            paramLabel = "SEVERITY",
            description = "Exit with 1 from this severity on: warning or error. Default: warning.")
    private ReportWriter.FailOn failOn = ReportWriter.FailOn.warning;

    @Inject
    MergeCommand(ReportWriter writer, Terminal terminal) {
        this.writer = writer;
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Either<String, Vector<ReportMerge.Part>> parts = Vector.ofAll(files)
                .foldLeft(
                        Either.right(Vector.empty()),
                        (all, file) -> all.flatMap(list -> part(file).map(list::append)));
        Either<String, VerifyReport> report = parts.flatMap(ReportMerge::merge);
        if (report.isLeft()) {
            terminal.problem(report.getLeft());
            return ExitCode.BAD_INPUT;
        }
        return writer.write(report.get(), format, failOn);
    }

    private static Either<String, ReportMerge.Part> part(String file) {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(Path.of(file));
        } catch (IOException | InvalidPathException e) {
            return Either.left(
                    file + ": cannot be read, expected a report of podpath verify -o json; name another file");
        }
        return ReportReader.read(new Document(file, bytes)).map(report -> new ReportMerge.Part(file, report));
    }
}
