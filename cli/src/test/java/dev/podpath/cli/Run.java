package dev.podpath.cli;

import dev.podpath.cli.render.Style;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a run of the program came to.
 *
 * @param status exit status
 * @param out standard output
 * @param err standard error
 */
record Run(int status, String out, String err) {
    static Run of(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Terminal terminal = new Terminal(new PrintWriter(out), new PrintWriter(err), new Style(false, true));
        int status = Main.run(terminal, arguments);
        return new Run(status, out.toString(), err.toString());
    }

    /** A bundled example in a directory, to be changed. */
    static Path copy(String example, Path target) {
        Path source = Path.of("src/main/resources/examples", example);
        try (Stream<Path> files = Files.walk(source)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path to = target.resolve(source.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(to);
                } else {
                    try (InputStream in = Files.newInputStream(file)) {
                        Files.write(to, in.readAllBytes());
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return target;
    }

    /** Replaces a text in a file, which must be there. */
    static void edit(Path file, String found, String replacement) {
        try {
            String text = Files.readString(file);
            if (!text.contains(found)) {
                throw new AssertionError(file + " does not contain " + found);
            }
            Files.writeString(file, text.replace(found, replacement));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The words of a command line that our own quoting wrote. */
    static String[] words(String command) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < command.length(); i++) {
            char c = command.charAt(i);
            if (c == '\'') {
                quoted = !quoted;
            } else if (c == ' ' && !quoted) {
                words.add(word.toString());
                word.setLength(0);
            } else {
                word.append(c);
            }
        }
        words.add(word.toString());
        return words.toArray(String[]::new);
    }
}
