package dev.podpath.cli;

import dev.podpath.ports.request.Source;
import dev.podpath.ports.request.TraceRequest;
import io.vavr.control.Option;
import jakarta.inject.Inject;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** {@code podpath demo}. */
@CommandLine.Command(name = "demo", description = "Trace a request through the bundled example cluster ack-article.")
final class DemoCommand implements Callable<Integer> {
    private static final String SNAPSHOT = "example:ack-article";
    private static final String URL = "http://app1.qas.abc.com/";

    private final Tracing tracing;
    private final Terminal terminal;

    @CommandLine.Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "text or json. Default: text.")
    private Tracing.Format format = Tracing.Format.text;

    @CommandLine.Option(names = "--verbose", description = "Say how well each document was understood.")
    private boolean verbose;

    @Inject
    DemoCommand(Tracing tracing, Terminal terminal) {
        this.tracing = tracing;
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        TraceRequest request = TraceRequest.parse(URL, new Source.Client(Option.none()))
                .getOrElseThrow(problem -> new IllegalStateException(problem));
        int status = tracing.run(SNAPSHOT, request, format, verbose);
        if (format == Tracing.Format.text) {
            terminal.err().println();
            terminal.err().println("This was: podpath trace " + URL + " --snapshot " + SNAPSHOT);
            terminal.err()
                    .println("Try also: podpath trace http://app3.qas.abc.com/ --from 10.8.3.4 --snapshot " + SNAPSHOT);
            terminal.err()
                    .println(
                            "          podpath trace pod:app/app1 --to partner.example.com:443 --snapshot " + SNAPSHOT);
            terminal.err().flush();
        }
        return status;
    }
}
