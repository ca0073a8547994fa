package dev.podpath.ports.capture;

import dev.podpath.ports.snapshot.NotCaptured;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What of a capture is complete, one line each, so that a capture that stopped can go on. The first line says what is
 * captured; a last line that was cut is not believed.
 */
final class Journal {
    private static final String SEPARATOR = "\t";

    private final FileChannel channel;
    private final Set<String> done = new LinkedHashSet<>();
    private final List<NotCaptured> gaps = new ArrayList<>();

    private Journal(FileChannel channel) {
        this.channel = channel;
    }

    /** Why a journal cannot be used. */
    static final class Refused extends IOException {
        Refused(String message) {
            super(message);
        }
    }

    static Journal open(Path file, String identity) throws IOException {
        String head = "podpath-capture 1" + SEPARATOR + escape(identity);
        List<String> lines = Files.exists(file) ? whole(file) : List.of();
        if (!lines.isEmpty() && !lines.get(0).equals(head)) {
            throw new Refused("another capture, which did not end");
        }
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        Journal journal = new Journal(channel);
        try {
            FileLock lock = channel.tryLock();
            if (lock == null) {
                throw new Refused("a capture that is still under way");
            }
            channel.truncate(0);
            journal.append(head);
            for (String line : lines.subList(Math.min(1, lines.size()), lines.size())) {
                journal.take(line);
            }
            return journal;
        } catch (OverlappingFileLockException e) {
            channel.close();
            throw new Refused("a capture that is still under way");
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static List<String> whole(Path file) throws IOException {
        String text = Files.readString(file, StandardCharsets.UTF_8);
        int end = text.lastIndexOf('\n');
        return end < 0 ? List.of() : List.of(text.substring(0, end).split("\n", -1));
    }

    private void take(String line) throws IOException {
        String[] fields = line.split(SEPARATOR, -1);
        if (fields[0].equals("done") && fields.length == 2) {
            done.add(unescape(fields[1]));
        } else if (fields[0].equals("gap") && fields.length == 5) {
            Option<NotCaptured.Reason> reason =
                    Vector.of(NotCaptured.Reason.values()).find(r -> r.name().equals(fields[2]));
            reason.forEach(known -> gaps.add(new NotCaptured(
                    unescape(fields[1]),
                    known,
                    unescape(fields[3]),
                    Option.of(unescape(fields[4])).filter(text -> !text.isEmpty()))));
        } else {
            return;
        }
        append(line);
    }

    synchronized boolean isDone(String step) {
        return done.contains(step);
    }

    synchronized Vector<NotCaptured> gaps() {
        return Vector.ofAll(gaps);
    }

    /** A step is complete, as far as it can be; its gaps come before it, so that it is not believed without them. */
    synchronized void done(String step, Vector<NotCaptured> stepGaps) throws IOException {
        StringBuilder text = new StringBuilder();
        for (NotCaptured gap : stepGaps) {
            text.append("gap")
                    .append(SEPARATOR)
                    .append(escape(gap.document()))
                    .append(SEPARATOR)
                    .append(gap.reason().name())
                    .append(SEPARATOR)
                    .append(escape(gap.why()))
                    .append(SEPARATOR)
                    .append(escape(gap.permission().getOrElse("")))
                    .append('\n');
        }
        append(text + "done" + SEPARATOR + escape(step));
        gaps.addAll(stepGaps.asJava());
        done.add(step);
    }

    private void append(String line) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    void close() throws IOException {
        channel.close();
    }

    private static String escape(String text) {
        return text.replace("\\", "\\\\")
                .replace("\t", "\\t")
                .replace("\n", "\\n")
                .replace("\r", "\\r");
    }

    private static String unescape(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\\' || i + 1 == text.length()) {
                out.append(c);
                continue;
            }
            char next = text.charAt(++i);
            out.append(next == 't' ? '\t' : next == 'n' ? '\n' : next == 'r' ? '\r' : next);
        }
        return out.toString();
    }
}
