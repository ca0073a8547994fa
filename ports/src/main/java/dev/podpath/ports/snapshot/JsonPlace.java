package dev.podpath.ports.snapshot;

import dev.podpath.core.trace.Evidence;
import io.vavr.control.Option;
import java.util.function.Supplier;

/**
 * A place in a JSON document that can be quoted.
 *
 * @param source gives the tape the value is on
 * @param value the value on it
 * @param excerpt what is shown of it
 */
record JsonPlace(TapeSource source, int value, JsonExcerpt excerpt) implements Supplier<Evidence.Quote> {
    @Override
    public Evidence.Quote get() {
        JsonTape tape = source.tape();
        return new Evidence.Quote(
                tape.source().line(tape.from(value)),
                Option.some(tape.pointer(value)),
                Document.shorten(excerpt.of(tape, value)));
    }
}
