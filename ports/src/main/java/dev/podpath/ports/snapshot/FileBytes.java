package dev.podpath.ports.snapshot;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Set;

/**
 * Reads files in pieces. A channel that is asked for a whole file at once (as {@link Files#readAllBytes} asks it, Java 17)
 * first reads it into as large a buffer outside the heap and keeps that for the thread.
 */
final class FileBytes {
    private static final int PIECE = 256 << 10;

    private static final Set<OpenOption> HOW = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);

    private FileBytes() {}

    /**
     * All bytes of a regular file, also where it grows or shrinks meanwhile.
     *
     * @throws IOException where it cannot be read, or is a link
     * @throws OutOfMemoryError where there is no room for it
     */
    static byte[] read(Path file) throws IOException {
        try (SeekableByteChannel channel = Files.newByteChannel(file, HOW)) {
            long size = channel.size();
            if (size > Integer.MAX_VALUE - 16) {
                throw new OutOfMemoryError("a file of " + size + " bytes");
            }
            byte[] bytes = new byte[(int) size];
            int count = 0;
            while (true) {
                int read = channel.read(ByteBuffer.wrap(bytes, count, Math.min(PIECE, bytes.length - count)));
                if (read < 0) {
                    return Arrays.copyOf(bytes, count);
                }
                count += read;
                if (count == bytes.length) {
                    ByteBuffer more = ByteBuffer.allocate(PIECE);
                    if (channel.read(more) < 0) {
                        return bytes;
                    }
                    bytes = Arrays.copyOf(bytes, count + Math.max(more.position(), count >> 1));
                    more.flip().get(bytes, count, more.remaining());
                    count += more.limit();
                }
            }
        }
    }
}
