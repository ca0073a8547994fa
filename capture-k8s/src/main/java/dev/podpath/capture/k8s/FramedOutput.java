package dev.podpath.capture.k8s;

import dev.podpath.ports.capture.DocumentWriter;
import dev.podpath.ports.capture.SnapshotWriter;
import io.vavr.collection.Vector;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes apart the output of {@link Scripts}: each document stands between the lines {@code MARK begin NAME} and {@code MARK
 * end NAME STATUS}, with one line break added before the latter. A document whose command succeeded goes into the snapshot;
 * one that was cut does not.
 */
final class FramedOutput {
    private static final int LONGEST_LINE = 256 << 20;

    private final SnapshotWriter snapshot;
    private final String directory;
    private final Set<String> names;
    private final String begin;
    private final String end;
    private @Nullable DocumentWriter document;
    private String name = "";
    private boolean first;
    private Vector<String> taken = Vector.empty();
    private Vector<Failed> failed = Vector.empty();

    /**
     * For one script's output.
     *
     * @param snapshot where documents go
     * @param directory their directory, ending in {@code /}
     * @param names the names that are expected; others are left out
     * @param mark the script's mark
     */
    FramedOutput(SnapshotWriter snapshot, String directory, Set<String> names, String mark) {
        this.snapshot = snapshot;
        this.directory = directory;
        this.names = names;
        this.begin = mark + " begin ";
        this.end = mark + " end ";
    }

    /**
     * A document whose command failed.
     *
     * @param name file name
     * @param status exit status of the command; 127 where there is no such command
     */
    record Failed(String name, int status) {}

    /** The documents that were taken, by file name. */
    Vector<String> taken() {
        return taken;
    }

    /** The documents whose command failed. */
    Vector<Failed> failed() {
        return failed;
    }

    /**
     * Reads to the end.
     *
     * @throws IOException where the output broke off; whole documents before are taken
     * @throws UncheckedIOException where the snapshot cannot be written
     */
    void read(InputStream output) throws IOException {
        BufferedInputStream in = new BufferedInputStream(output, 1 << 16);
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try {
            for (int b = in.read(); b >= 0; b = in.read()) {
                if (b != '\n') {
                    line.write(b);
                    if (line.size() > LONGEST_LINE) {
                        throw new IOException("a line longer than " + LONGEST_LINE + " bytes");
                    }
                } else {
                    line(line);
                    line.reset();
                }
            }
        } finally {
            forget();
        }
    }

    private void line(ByteArrayOutputStream line) {
        DocumentWriter open = document;
        if (startsWith(line, begin)) {
            forget();
            name = line.toString(StandardCharsets.UTF_8).substring(begin.length());
            if (names.contains(name) && !taken.contains(name)) {
                open();
            }
        } else if (startsWith(line, end)) {
            String status = line.toString(StandardCharsets.UTF_8).substring(end.length());
            if (open != null && status.startsWith(name + " ")) {
                end(open, status.substring(name.length() + 1));
            }
        } else if (open != null) {
            try {
                if (!first) {
                    open.write('\n');
                }
                line.writeTo(open);
                first = false;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void open() {
        try {
            document = snapshot.document(directory + name);
            first = true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void end(DocumentWriter open, String status) {
        if (status.equals("0")) {
            try {
                open.commit();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            taken = taken.append(name);
        } else {
            failed = failed.append(new Failed(name, status.matches("[0-9]{1,3}") ? Integer.parseInt(status) : -1));
        }
        forget();
    }

    private void forget() {
        DocumentWriter open = document;
        document = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static boolean startsWith(ByteArrayOutputStream line, String prefix) {
        if (line.size() < prefix.length() || line.size() > prefix.length() + 100) {
            return false;
        }
        return line.toString(StandardCharsets.ISO_8859_1).startsWith(prefix);
    }
}
