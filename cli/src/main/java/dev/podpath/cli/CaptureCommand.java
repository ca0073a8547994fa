package dev.podpath.cli;

import dev.podpath.ports.capture.CaptureScope;
import dev.podpath.ports.capture.NodeScope;
import dev.podpath.ports.request.Source;
import dev.podpath.ports.request.TraceRequest;
import dev.podpath.ports.snapshot.NotCaptured;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** {@code podpath capture}. */
@CommandLine.Command(
        name = "capture",
        description = "Capture a living cluster, and its cloud, into a snapshot directory. Reads only, and no Secrets.",
        footer = {
            "",
            "Examples:",
            "  podpath capture --out snapshot",
            "  podpath capture --out snapshot --nodes on-path --for http://shop.example.com/",
            "  podpath capture --out snapshot --cloud CLOUD --region REGION",
            "  podpath capture --script > capture.sh",
            "",
            "What may not be read is left out; the snapshot says so, and so does every answer that would need it.",
            "A capture that was stopped goes on when the same command is given again.",
            "",
            "Exit status: 0 everything was captured, 3 something was not, 2 there is no snapshot."
        })
final class CaptureCommand implements Callable<Integer> {
    private static final int LISTED = 12;

    private final Capturing capturing;
    private final Redacting redacting;
    private final Terminal terminal;

    @CommandLine.Option(names = "--out", paramLabel = "DIR", description = "Where the snapshot goes.")
    private @Nullable Path out;

    @CommandLine.Mixin
    private ScopeOptions scope = new ScopeOptions();

    @CommandLine.Option(
            names = "--nodes",
            paramLabel = "WHICH",
            description = "all, on-path (those that the requests of --for meet), or names with commas between them."
                    + " Default: on-path with --for, else all.")
    private @Nullable String nodes;

    @CommandLine.Option(
            names = "--for",
            paramLabel = "URL",
            description = "A request whose nodes are wanted, as trace takes it. May be given several times.")
    private List<String> requests = new ArrayList<>();

    @CommandLine.Option(
            names = "--from",
            paramLabel = "SOURCE",
            description = "Who makes these requests: an IP address, pod:NS/NAME or node:NAME.")
    private @Nullable String from;

    @CommandLine.Option(
            names = "--redact",
            description = "Replace names and addresses, so that the snapshot can be shared; see podpath redact.")
    private boolean redact;

    @CommandLine.Option(
            names = "--script",
            description = "Capture nothing; print a POSIX shell script that does it with kubectl alone.")
    private boolean script;

    @Inject
    CaptureCommand(Capturing capturing, Redacting redacting, Terminal terminal) {
        this.capturing = capturing;
        this.redacting = redacting;
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        NodeScope which =
                nodes == null ? (requests.isEmpty() ? NodeScope.all() : NodeScope.onPath()) : NodeScope.parse(nodes);
        Either<String, CaptureScope> scoped = scope.scope(which);
        if (scoped.isLeft()) {
            terminal.problem(scoped.getLeft());
            return ExitCode.BAD_INPUT;
        }
        CaptureScope wanted = scoped.get();
        if (script) {
            Vector<String> scripts = capturing
                    .collectors()
                    .collectors()
                    .filter(collector -> collector.serves(wanted))
                    .flatMap(collector -> collector.script(wanted));
            scripts.forEach(terminal.out()::print);
            return scripts.isEmpty() ? ExitCode.BAD_INPUT : ExitCode.OK;
        }
        Either<String, Vector<NotCaptured>> gaps = Either.<String, Path>right(Path.of(""))
                .flatMap(any -> target(which))
                .flatMap(target -> asked().flatMap(paths -> redact
                        ? redacting.capture(capturing, target, wanted, paths)
                        : capturing.run(target, wanted, paths)));
        if (gaps.isLeft()) {
            terminal.problem(gaps.getLeft());
            return ExitCode.BAD_INPUT;
        }
        return told(gaps.get());
    }

    private Either<String, Path> target(NodeScope which) {
        if (which.kind() == NodeScope.Kind.ON_PATH && requests.isEmpty()) {
            return Either.left("--nodes on-path needs a path: add --for URL");
        }
        return Option.of(out).toEither("say where the snapshot goes: --out DIR");
    }

    private Either<String, Vector<TraceRequest>> asked() {
        Either<String, Source> source =
                from == null ? Either.right(new Source.Client(Option.none())) : Source.parse(from);
        return source.flatMap(asker -> Either.sequenceRight(
                        Vector.ofAll(requests).map(request -> TraceRequest.parse(request, asker)))
                .map(Vector::ofAll));
    }

    private int told(Vector<NotCaptured> gaps) {
        gaps.take(LISTED)
                .forEach(gap -> terminal.err().println("not captured: " + gap.document() + ": " + gap.sentence()));
        if (gaps.size() > LISTED) {
            terminal.err().println("… and " + (gaps.size() - LISTED) + " more; podpath.yaml lists them all");
        }
        terminal.err().println("snapshot in " + out);
        terminal.err().flush();
        return gaps.isEmpty() ? ExitCode.OK : ExitCode.UNKNOWN;
    }
}
