package dev.podpath.it.golden;

import dev.podpath.cli.render.TraceJson;
import dev.podpath.core.trace.Trace;
import dev.podpath.ports.Analysis;
import dev.podpath.ports.request.Source;
import dev.podpath.ports.request.TraceRequest;
import io.vavr.control.Option;

/**
 * A request into one of the bundled examples.
 *
 * @param example name of the example
 * @param name name of the golden file
 * @param destination what is asked for
 * @param from who asks; empty text for a client that is not named
 */
public record ExampleRequest(String example, String name, String destination, String from) {
    public TraceRequest request() {
        Source source = from.isEmpty()
                ? new Source.Client(Option.none())
                : Source.parse(from).getOrElseThrow(problem -> new AssertionError(problem));
        return TraceRequest.parse(destination, source).getOrElseThrow(problem -> new AssertionError(problem));
    }

    public Trace trace(Analysis analysis) {
        return analysis.trace(request()).getOrElseThrow(problem -> new AssertionError(problem));
    }

    public String json(Analysis analysis) {
        Trace trace = trace(analysis);
        return TraceJson.of(trace, analysis.problems());
    }

    @Override
    public String toString() {
        return example + "/" + name;
    }
}
