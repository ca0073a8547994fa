package dev.podpath.cli.verify;

import io.vavr.control.Either;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * A part of the nodes. Which node is in which part depends on its name alone (CRC-32 of it, modulo the number of parts), so
 * the parts are the same wherever and whenever they are made.
 *
 * @param index from 0
 * @param of how many parts there are
 */
public record Shard(int index, int of) {
    private static final int MOST = 100_000;

    /** Checks the range. */
    public Shard {
        if (of < 1 || of > MOST || index < 0 || index >= of) {
            throw new IllegalArgumentException("no shard: " + index + "/" + of);
        }
    }

    /** Reads {@code I/N}, where I is from 0 to N-1, as an indexed job counts. */
    public static Either<String, Shard> parse(String text) {
        String[] parts = text.split("/", -1);
        if (parts.length == 2 && parts[0].matches("[0-9]{1,6}") && parts[1].matches("[0-9]{1,6}")) {
            int index = Integer.parseInt(parts[0]);
            int of = Integer.parseInt(parts[1]);
            if (of >= 1 && of <= MOST && index < of) {
                return Either.right(new Shard(index, of));
            }
        }
        return Either.left("'" + text + "' is no shard; expected I/N with I from 0 to N-1, such as 0/4");
    }

    /** Whether a node belongs to it. */
    public boolean has(String node) {
        CRC32 hash = new CRC32();
        hash.update(node.getBytes(StandardCharsets.UTF_8));
        return hash.getValue() % of == index;
    }

    @Override
    public String toString() {
        return index + "/" + of;
    }
}
