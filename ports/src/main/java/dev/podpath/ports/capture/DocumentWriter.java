package dev.podpath.ports.capture;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A document on its way into a snapshot. It appears there whole, by {@link #commit()}, or not at all. What was written since
 * a {@linkplain #mark() mark} can be taken back. For one thread.
 */
public final class DocumentWriter extends OutputStream {
    private final Path target;
    private final Path draft;
    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
    private boolean open = true;

    DocumentWriter(Path target, Path draft) throws IOException {
        this.target = target;
        this.draft = draft;
        Files.createDirectories(draft.getParent());
        this.channel = FileChannel.open(
                draft, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
    }

    @Override
    public void write(int b) throws IOException {
        if (!buffer.hasRemaining()) {
            flush();
        }
        buffer.put((byte) b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int from = offset;
        int left = length;
        while (left > 0) {
            if (!buffer.hasRemaining()) {
                flush();
            }
            int part = Math.min(left, buffer.remaining());
            buffer.put(bytes, from, part);
            from += part;
            left -= part;
        }
    }

    @Override
    public void flush() throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }

    /** How many bytes were written. */
    public long mark() throws IOException {
        return channel.position() + buffer.position();
    }

    /** Takes back what was written since a mark. */
    public void rollback(long mark) throws IOException {
        flush();
        channel.truncate(mark);
        channel.position(mark);
    }

    /** Puts the document into the snapshot, in the place of an older one. */
    public void commit() throws IOException {
        flush();
        channel.close();
        open = false;
        Files.createDirectories(target.getParent());
        Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Forgets the document where it was not committed. */
    @Override
    public void close() throws IOException {
        if (open) {
            open = false;
            channel.close();
            Files.deleteIfExists(draft);
        }
    }
}
