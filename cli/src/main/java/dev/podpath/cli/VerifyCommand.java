package dev.podpath.cli;

import dev.podpath.cli.verify.Shard;
import dev.podpath.cli.verify.VerifyReport;
import dev.podpath.core.cluster.ServiceKey;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** {@code podpath verify}. */
@CommandLine.Command(
        name = "verify",
        description = "Prove for every packet to a service address that it ends at a live endpoint of that service,"
                + " as Kubernetes intends, on every node with captured rules.",
        footer = {
            "",
            "Examples:",
            "  podpath verify --snapshot example:kubeadm-plain",
            "  podpath verify --snapshot snapshots/prod --node cp1 --service shop/web -o json",
            "  podpath verify --snapshot snapshots/prod --shard 0/4 -o json > part-0.json",
            "  podpath verify --watch snapshots/prod",
            "",
            "Exit status: 0 holds, 1 violated, 2 usage or unreadable input, 3 not known for want of evidence."
        })
final class VerifyCommand implements Callable<Integer> {
    /** What is verified where nothing is named and nothing is here. */
    private static final String EXAMPLE = "example:kubeadm-plain";

    private final Verifier verifier;
    private final ReportWriter writer;
    private final Terminal terminal;

    @CommandLine.Mixin
    private SnapshotOption snapshot = new SnapshotOption();

    @CommandLine.Option(
            names = "--node",
            paramLabel = "NAME",
            arity = "1..*",
            description = "Only these nodes. Default: all of which state was captured.")
    private List<String> nodes = new ArrayList<>();

    @CommandLine.Option(
            names = "--service",
            paramLabel = "NS/NAME",
            arity = "1..*",
            description = "Only these services. Default: all, and rules that belong to none.")
    private List<String> services = new ArrayList<>();

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

    @CommandLine.Option(
            names = "--shard",
            paramLabel = "I/N",
            description = "Only part I, from 0, of N parts of the nodes; podpath merge puts the reports together.")
    private @Nullable String shard;

    @CommandLine.Option(
            names = "--watch",
            paramLabel = "DIR",
            description = "Verify the snapshot in DIR again whenever its files change, and tell what became otherwise.")
    private @Nullable String watched;

    @Inject
    VerifyCommand(Verifier verifier, ReportWriter writer, Terminal terminal) {
        this.verifier = verifier;
        this.writer = writer;
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Either<String, Verifier.Question> question = question();
        if (question.isRight() && watched != null) {
            return new WatchLoop(verifier, terminal).run(watched, question.get());
        }
        VerifyProgress progress = new VerifyProgress(terminal);
        Either<String, VerifyReport> report = question.flatMap(asked -> verifier.verify(asked, progress));
        progress.end();
        if (report.isLeft()) {
            terminal.problem(report.getLeft());
            return ExitCode.BAD_INPUT;
        }
        report.get()
                .problems()
                .forEach(problem -> terminal.problem(problem.document()
                        + problem.line().map(line -> ":" + line).getOrElse("") + ": " + problem.message()));
        return writer.write(report.get(), format, failOn);
    }

    private Either<String, Verifier.Question> question() {
        Either<String, Vector<ServiceKey>> keys = Vector.ofAll(services)
                .foldLeft(
                        Either.right(Vector.empty()),
                        (all, text) -> all.flatMap(list -> key(text).map(list::append)));
        Either<String, Option<Shard>> part =
                shard == null ? Either.right(Option.none()) : Shard.parse(shard).map(Option::some);
        return keys.flatMap(list -> part.map(
                chosen -> new Verifier.Question(where(), Vector.ofAll(nodes).distinct(), list, chosen)));
    }

    private String where() {
        if (watched != null) {
            return watched;
        }
        Either<String, String> named = snapshot.where();
        if (named.isLeft()) {
            terminal.err().println("podpath: no snapshot is named and none is here; verifying the bundled " + EXAMPLE);
            terminal.err().flush();
        }
        return named.getOrElse(EXAMPLE);
    }

    private static Either<String, ServiceKey> key(String text) {
        int slash = text.indexOf('/');
        return slash > 0 && slash < text.length() - 1 && text.indexOf('/', slash + 1) < 0
                ? Either.right(new ServiceKey(text.substring(0, slash), text.substring(slash + 1)))
                : Either.left("'" + text + "' is no service; expected NAMESPACE/NAME");
    }
}
