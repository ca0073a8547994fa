package dev.podpath.cli;

import dev.podpath.cli.render.VerdictJson;
import dev.podpath.cli.render.VerdictText;
import dev.podpath.core.proxy.ProxyVerdict;
import dev.podpath.ports.Analysis;
import dev.podpath.ports.Podpath;
import dev.podpath.ports.request.PacketRequest;
import io.vavr.control.Either;
import jakarta.inject.Inject;
import jakarta.inject.Provider;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** {@code podpath packet}. */
@CommandLine.Command(
        name = "packet",
        description = "Say what a node does with one packet, rule by rule.",
        footer = {
            "",
            "Example:",
            "  podpath packet --snapshot example:kubeadm-plain --node cp1 --in external \\",
            "      --src 198.51.100.7 --dst 192.0.2.11:30080/tcp",
            "",
            "Exit status: 0 with any verdict but UNKNOWN (3), 2 usage or unreadable input."
        })
final class PacketCommand implements Callable<Integer> {
    private final Provider<Podpath> podpath;
    private final Terminal terminal;

    @CommandLine.Mixin
    private SnapshotOption snapshot = new SnapshotOption();

    @CommandLine.Option(names = "--node", required = true, paramLabel = "NAME", description = "The node.")
    private String node = "";

    @CommandLine.Option(
            names = "--in",
            required = true,
            paramLabel = "WAY",
            description = "How the packet enters: pod, node, external or other-node; pod@IFACE names the interface.")
    private String in = "";

    @CommandLine.Option(
            names = "--src",
            required = true,
            paramLabel = "ADDRESS[:PORT]",
            description = "Where it comes from.")
    private String source = "";

    @CommandLine.Option(
            names = "--dst",
            required = true,
            paramLabel = "ADDRESS:PORT[/PROTO]",
            description = "Where it goes. PROTO is tcp, udp or sctp; default tcp.")
    private String destination = "";

    @CommandLine.Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "text or json. Default: text.")
    private Tracing.Format format = Tracing.Format.text;

    @Inject
    PacketCommand(Provider<Podpath> podpath, Terminal terminal) {
        this.podpath = podpath;
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Either<String, PacketRequest> request = PacketRequest.parse(node, in, source, destination);
        Either<String, Analysis> analysis = request.flatMap(asked -> snapshot.where())
                .flatMap(where -> podpath.get().open(where).mapLeft(Object::toString));
        Either<String, ProxyVerdict> verdict = analysis.flatMap(opened -> opened.packet(request.get()));
        if (verdict.isLeft()) {
            terminal.problem(verdict.getLeft());
            return ExitCode.BAD_INPUT;
        }
        analysis.get().problems().forEach(problem -> terminal.problem(problem.toString()));
        terminal.out()
                .print(
                        format == Tracing.Format.json
                                ? VerdictJson.of(verdict.get())
                                : VerdictText.of(request.get(), verdict.get(), terminal.style()));
        terminal.out().flush();
        if (!analysis.get().problems().isEmpty()) {
            return ExitCode.BAD_INPUT;
        }
        return verdict.get().kind() == ProxyVerdict.Kind.UNKNOWN ? ExitCode.UNKNOWN : ExitCode.OK;
    }
}
