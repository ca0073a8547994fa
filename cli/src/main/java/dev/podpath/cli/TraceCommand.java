package dev.podpath.cli;

import dev.podpath.core.location.RequestHead;
import dev.podpath.ports.capture.CaptureScope;
import dev.podpath.ports.capture.NodeScope;
import dev.podpath.ports.request.Source;
import dev.podpath.ports.request.TraceRequest;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** {@code podpath trace}. */
@CommandLine.Command(
        name = "trace",
        description = "Follow a request to the pod it reaches, or a pod's request out of the cluster.",
        footer = {
            "",
            "Examples:",
            "  podpath trace http://app1.qas.abc.com/ --snapshot example:ack-article",
            "  podpath trace http://app3.qas.abc.com/ --from 10.8.3.4 --snapshot example:ack-article",
            "  podpath trace http://shop.example.com/pay -X POST -H 'x-canary: always' --snapshot DIR",
            "  podpath trace pod:app/app1 --to partner.example.com:443 --snapshot example:ack-article",
            "  podpath trace http://shop.example.com/ --live --context prod",
            "  podpath trace http://shop.example.com/ --live --cloud CLOUD --region REGION",
            "",
            "Exit status: 0 all branches delivered, 1 some branch is not, 2 usage or unreadable input,",
            "3 not known for want of evidence."
        })
final class TraceCommand implements Callable<Integer> {
    private final Tracing tracing;
    private final Terminal terminal;

    @CommandLine.Parameters(
            paramLabel = "URL",
            description = "URL, HOST:PORT or HOST:PORT/udp; or pod:NS/NAME with --to, for the way out.")
    private String subject = "";

    @CommandLine.Option(
            names = "--from",
            paramLabel = "SOURCE",
            description =
                    "Who asks: a client's IP address, pod:NS/NAME or node:NAME. Default: a client on the Internet.")
    private @Nullable String from;

    @CommandLine.Option(
            names = "--to",
            paramLabel = "HOST:PORT",
            description = "Destination, where the first argument is the pod or node that asks.")
    private @Nullable String to;

    @CommandLine.Option(
            names = {"-X", "--method"},
            paramLabel = "METHOD",
            description = "Method of the HTTP request. Default: GET.")
    private String method = "GET";

    @CommandLine.Option(
            names = {"-H", "--header"},
            paramLabel = "'NAME: VALUE'",
            description =
                    "A header field of the HTTP request; may be given again. Host takes the place of the URL's host.")
    private List<String> headers = new ArrayList<>();

    @CommandLine.Mixin
    private SnapshotOption snapshot = new SnapshotOption();

    @CommandLine.Option(
            names = "--node",
            paramLabel = "NAME",
            description = "Look at the request as it arrives at this node.")
    private @Nullable String node;

    @CommandLine.Option(
            names = "--live",
            description = "Capture what the request needs from the living cluster first, into a directory that goes"
                    + " afterwards.")
    private boolean live;

    @CommandLine.Mixin
    private ScopeOptions scope = new ScopeOptions();

    @CommandLine.Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "text or json. Default: text.")
    private Tracing.Format format = Tracing.Format.text;

    @CommandLine.Option(names = "--verbose", description = "Say how well each document was understood.")
    private boolean verbose;

    @Inject
    TraceCommand(Tracing tracing, Terminal terminal) {
        this.tracing = tracing;
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Either<String, TraceRequest> wanted = request().map(found -> node == null ? found : found.at(node));
        if (live && wanted.isRight()) {
            Either<String, CaptureScope> scoped = scope.scope(NodeScope.onPath());
            if (scoped.isLeft()) {
                terminal.problem(scoped.getLeft());
                return ExitCode.BAD_INPUT;
            }
            return tracing.live(scoped.get(), wanted.get(), format, verbose);
        }
        Either<String, String> where = live ? Either.right("") : snapshot.where();
        Either<String, TraceRequest> request = where.flatMap(found -> wanted);
        if (request.isLeft()) {
            terminal.problem(request.getLeft());
            return ExitCode.BAD_INPUT;
        }
        return tracing.run(where.get(), request.get(), format, verbose);
    }

    private Either<String, TraceRequest> request() {
        boolean outward = subject.startsWith("pod:") || subject.startsWith("node:");
        if (outward && to == null) {
            return Either.left("'" + subject + "' is a source; add --to HOST:PORT");
        }
        if (outward && from != null) {
            return Either.left("give the source once: either '" + subject + "' or --from " + from);
        }
        if (!outward && to != null) {
            return Either.left(
                    "--to goes with pod:NS/NAME or node:NAME as the first argument, not with '" + subject + "'");
        }
        String source = outward ? subject : from;
        String destination = outward && to != null ? to : subject;
        return (source == null ? Either.<String, Source>right(anyClient()) : Source.parse(source))
                .flatMap(found -> TraceRequest.parse(destination, found))
                .flatMap(this::withHead);
    }

    private Either<String, TraceRequest> withHead(TraceRequest request) {
        boolean plain = method.equals("GET") && headers.isEmpty();
        return plain
                ? Either.right(request)
                : RequestHead.parse(method, Vector.ofAll(headers)).flatMap(request::with);
    }

    private static Source anyClient() {
        return new Source.Client(io.vavr.control.Option.none());
    }
}
