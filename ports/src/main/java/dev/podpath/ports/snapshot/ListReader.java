package dev.podpath.ports.snapshot;

import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Reads a document that is a list, as {@code kubectl get -o json} prints it, in one pass and on all processors.
 *
 * <p>Where the parts of the list begin is guessed by the text between its bracket and the first name of its first item,
 * which stands before every item alike. Nothing rests on the guess: a part is read up to where the next one begins, and the
 * whole is given up where it does not end there.
 */
final class ListReader<T extends ItemTaker> {
    private static final int GIVEN_UP = -1;

    /** Bytes of a part, about. */
    private static final int PART = 1 << 20;

    /** Longer than any indent with a name. */
    private static final int LONGEST_SIGN = 128;

    private final JsonText text;
    private final byte[] bytes;
    private final Supplier<T> takers;
    private final int size;
    private List<Part<T>> parts = List.of();

    private ListReader(JsonText text, Supplier<T> takers, int size) {
        this.text = text;
        this.bytes = text.bytes();
        this.takers = takers;
        this.size = size;
    }

    static <T extends ItemTaker> Option<ItemList<T>> read(Document document, Supplier<T> takers) {
        return read(document, takers, PART);
    }

    /**
     * Reads a document.
     *
     * @param takers makes what takes the items of a part
     * @param size of a part, about, in bytes
     * @return empty where it is not well formed, no such list, or was given up
     */
    static <T extends ItemTaker> Option<ItemList<T>> read(Document document, Supplier<T> takers, int size) {
        JsonText text = JsonText.of(document);
        ListReader<T> reader = new ListReader<>(text, takers, size);
        JsonTape tape = new JsonScanner(text, reader::end).scan(0, text.bytes().length);
        return tape == null || !reader.isRead(tape)
                ? Option.none()
                : Option.some(new ItemList<>(
                        Json.root(tape), Vector.ofAll(reader.parts).map(Part::taker)));
    }

    /** Whether what was read is what the document calls its items: of several fields of one name the last one counts. */
    private boolean isRead(JsonTape tape) {
        int list = parts.isEmpty() ? JsonTape.ABSENT : tape.field(0, "items");
        return list != JsonTape.ABSENT
                && tape.kind(list) == JsonTape.ARRAY
                && tape.to(list) == parts.get(parts.size() - 1).end() + 1;
    }

    /** Some items that were read. */
    private record Part<T>(T taker, ItemRun run, int count, int end) {}

    /** Reads the items, the first of which begins here; gives where the list ends. */
    private int end(int first) {
        if (!parts.isEmpty()) {
            // Of two fields of one name the last one counts, and the first one was taken already.
            return GIVEN_UP;
        }
        int[] starts = starts(first);
        List<Part<T>> guessed = IntStream.range(0, starts.length - 1)
                .parallel()
                .mapToObj(i -> part(first, starts[i], starts[i + 1]))
                .toList();
        List<Part<T>> read = new ArrayList<>();
        int at = first;
        int before = 0;
        for (int i = 0; bytes[at] != ']'; i++) {
            if (at < starts[i + 1]) {
                Part<T> part = at == starts[i] ? guessed.get(i) : part(first, at, starts[i + 1]);
                if (part.end() == GIVEN_UP) {
                    return GIVEN_UP;
                }
                part.run().follow(before);
                before += part.count();
                at = part.end();
                read.add(part);
            }
        }
        parts = read;
        return at;
    }

    /** The items from one on, up to the first one that begins behind an offset, or the end of the list. */
    private Part<T> part(int list, int first, int until) {
        T taker = takers.get();
        ItemRun run = ItemRun.some(text, "/items", list, first);
        JsonScanner scanner = new JsonScanner(text, 0);
        int count = 0;
        int at = first;
        int length = 0;
        while (at >= 0 && at < until && bytes[at] != ']') {
            JsonTape tape = scanner.item(new JsonTape.Item(run, count, at, length), at);
            if (tape == null || !taker.take(Json.root(tape))) {
                return new Part<>(taker, run, count, GIVEN_UP);
            }
            count++;
            length = -at;
            at = scanner.next();
            length += at;
        }
        return new Part<>(taker, run, count, at);
    }

    /** Where parts begin, and the end of the text. */
    private int[] starts(int first) {
        byte[] sign = sign(first);
        int[] starts = new int[2 + (bytes.length - first) / size];
        int count = 1;
        starts[0] = first;
        for (long target = (long) first + size; sign.length > 0 && target < bytes.length; target += size) {
            int found = find(sign, (int) target, (int) Math.min(bytes.length, target + size));
            if (found >= 0) {
                starts[count++] = found;
            }
        }
        starts[count] = bytes.length;
        return Arrays.copyOf(starts, count + 1);
    }

    /** What stands before each item after the first, and the item up to the end of its first name; empty where that is long. */
    private byte[] sign(int first) {
        int from = first;
        while (bytes[from - 1] != '[') {
            from--;
        }
        int quotes = 0;
        int to = first;
        while (to < bytes.length && quotes < 2) {
            quotes += bytes[to] == '"' ? 1 : 0;
            to++;
        }
        if (to - from > LONGEST_SIGN) {
            return new byte[0];
        }
        byte[] sign = new byte[2 + to - from];
        sign[0] = '}';
        sign[1] = ',';
        System.arraycopy(bytes, from, sign, 2, to - from);
        return sign;
    }

    /** Where an item begins that the sign announces; negative where there is none. */
    private int find(byte[] sign, int from, int to) {
        for (int i = from; i + sign.length <= to; i++) {
            if (bytes[i] == '}' && Arrays.mismatch(bytes, i, i + sign.length, sign, 0, sign.length) < 0) {
                int item = i + 2;
                while (bytes[item] != '{') {
                    item++;
                }
                return item;
            }
        }
        return GIVEN_UP;
    }
}
