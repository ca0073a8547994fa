package dev.podpath.core.trace;

import io.vavr.control.Option;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The place in a captured document that decided something.
 *
 * <p>Immutable. Of a hundred thousand objects few are ever quoted, so what stands at the place can be left to be looked up
 * when it is first asked for.
 */
public final class Evidence {
    private final String document;
    private final Supplier<Quote> source;
    private volatile @Nullable Quote quote;

    /**
     * A place that is known.
     *
     * @param document path of the document in the snapshot, with {@code /}
     * @param line one-based line number, where the document has lines or the pointer could be located
     * @param pointer JSON pointer (RFC 6901) into the document, where it is JSON or YAML
     * @param excerpt the text at that place, as the document has it; long values are shortened
     */
    public Evidence(String document, Option<Integer> line, Option<String> pointer, String excerpt) {
        this(document, new Quote(line, pointer, excerpt));
    }

    private Evidence(String document, Quote quote) {
        this.document = document;
        this.source = quote;
        this.quote = quote;
    }

    private Evidence(String document, Supplier<Quote> source) {
        this.document = document;
        this.source = source;
    }

    /** A line of a text document. */
    public static Evidence line(String document, int line, String excerpt) {
        return new Evidence(document, Option.some(line), Option.none(), excerpt);
    }

    /** A value of a JSON document. */
    public static Evidence pointer(String document, String pointer, String excerpt) {
        return new Evidence(document, Option.none(), Option.some(pointer), excerpt);
    }

    /** The document as a whole. */
    public static Evidence document(String document, String excerpt) {
        return new Evidence(document, Option.none(), Option.none(), excerpt);
    }

    /**
     * A place that is looked up when it is asked for.
     *
     * @param document path of the document in the snapshot
     * @param source gives the same answer every time, from any thread
     */
    public static Evidence lookedUp(String document, Supplier<Quote> source) {
        return new Evidence(document, source);
    }

    /** Path of the document in the snapshot, with {@code /}. */
    public String document() {
        return document;
    }

    /** One-based line number, where the document has lines or the pointer could be located. */
    public Option<Integer> line() {
        return quote().line();
    }

    /** JSON pointer (RFC 6901) into the document, where it is JSON or YAML. */
    public Option<String> pointer() {
        return quote().pointer();
    }

    /** The text at that place, as the document has it; long values are shortened. */
    public String excerpt() {
        return quote().excerpt();
    }

    /** {@code document:line} or {@code document#pointer}, for people. */
    public String where() {
        return document
                + line().map(n -> ":" + n).getOrElse("")
                + pointer().filter(p -> !p.isEmpty()).map(p -> "#" + p).getOrElse("");
    }

    private Quote quote() {
        Quote known = quote;
        if (known == null) {
            known = source.get();
            quote = known;
        }
        return known;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof Evidence that && document.equals(that.document) && quote().equals(that.quote()));
    }

    @Override
    public int hashCode() {
        return Objects.hash(document, quote());
    }

    @Override
    public String toString() {
        return where() + " " + excerpt();
    }

    /**
     * What stands at a place of a document.
     *
     * @param line one-based line number, where there is one
     * @param pointer JSON pointer, where there is one
     * @param excerpt the text
     */
    public record Quote(Option<Integer> line, Option<String> pointer, String excerpt) implements Supplier<Quote> {
        @Override
        public Quote get() {
            return this;
        }
    }
}
