package dev.podpath.ports.snapshot;

import dev.podpath.core.trace.Evidence;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.util.function.Supplier;

/**
 * A captured document, as the tool or the API gave it.
 *
 * <p>Immutable; what is derived (lines, JSON) is made on first use and kept.
 */
public final class Document {
    private static final int EXCERPT = 400;

    private final String path;
    private final byte[] bytes;
    private final Memo<TextLines> lines = new Memo<>();
    private final Memo<Either<DocumentProblem, Json>> json = new Memo<>();

    /** A document at a path of the snapshot. The bytes are not copied and must not be changed afterwards. */
    public Document(String path, byte[] bytes) {
        this.path = path;
        this.bytes = bytes;
    }

    /** Path in the snapshot, with {@code /}. */
    public String path() {
        return path;
    }

    /** Last segment of the path. */
    public String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** The bytes themselves, for parsers; not a copy, never to be changed. */
    @SuppressWarnings("EI_EXPOSE_REP")
    public byte[] bytes() {
        return bytes;
    }

    /** The document as lines of text. */
    public TextLines lines() {
        return lines.get(() -> TextLines.of(bytes));
    }

    /**
     * The document as JSON, or as YAML where its name ends in {@code .yaml} or {@code .yml}, a stream of several YAML
     * documents being an array of them; or what is wrong.
     */
    public Either<DocumentProblem, Json> json() {
        return json.get(() -> JsonReader.read(this));
    }

    /**
     * Reads a document whose field {@code items} is a list of objects, as {@code kubectl get -o json} prints it, in one pass
     * and on all processors: {@link #json} reads its text once to know that it is well formed, and each item again.
     *
     * @param takers makes what takes the items of one part of the list; the parts are taken at the same time
     * @return empty where the document is no such list or is not well formed, or where an item was refused, which {@link
     *     #json} is there for; what was taken then means nothing
     */
    public <T extends ItemTaker> Option<ItemList<T>> items(Supplier<T> takers) {
        return name().endsWith(".json") ? ListReader.read(this, takers) : Option.none();
    }

    /** A line as evidence. */
    public Evidence line(int number) {
        return Evidence.line(path, number, shorten(lines().line(number).strip()));
    }

    /** The document as a whole as evidence, with its first line. */
    public Evidence whole() {
        return Evidence.document(
                path, lines().count() == 0 ? "" : shorten(lines().line(1).strip()));
    }

    static String shorten(String text) {
        return text.length() <= EXCERPT ? text : text.substring(0, EXCERPT - 1) + "…";
    }

    @Override
    public String toString() {
        return path;
    }
}
