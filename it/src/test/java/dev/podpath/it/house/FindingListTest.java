package dev.podpath.it.house;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.finding.FindingCode;
import dev.podpath.ports.Podpath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The list of findings is complete, and no finding is without a test. */
class FindingListTest {
    private static final Path ROOT = Path.of(System.getProperty("podpath.root", ".."));
    private static final Path LIST = ROOT.resolve("docs/findings.md");
    private static final boolean WRITE = "write".equals(System.getProperty("podpath.golden"));
    private static final String BEGIN = "<!-- codes -->\n";
    private static final String END = "<!-- end of codes -->\n";
    private static final Pattern CODE =
            Pattern.compile("FindingCode\\s+(\\w+)\\s*=\\s*(?:new\\s+FindingCode|\\w+)\\(\\s*\"(PP-[A-Z]+-[0-9]{3})\"");

    @Test
    @DisplayName("docs/findings.md lists what 'podpath explain' knows")
    void list() throws IOException {
        String text = Files.readString(LIST);
        int from = text.indexOf(BEGIN) + BEGIN.length();
        int to = text.indexOf(END);
        if (WRITE) {
            Files.writeString(LIST, text.substring(0, from) + table() + text.substring(to));
        }
        assertThat(Files.readString(LIST)).contains(BEGIN + table() + END);
    }

    private static String table() {
        TreeMap<String, FindingCode> sorted = new TreeMap<>();
        Podpath.create().findings().forEach(code -> sorted.putIfAbsent(code.code(), code));
        return "| code | severity | says |\n|---|---|---|\n"
                + sorted.values().stream()
                        .map(code -> "| " + code.code() + " | "
                                + code.severity().name().toLowerCase(Locale.ROOT) + " | "
                                + code.title().replace("|", "\\|") + " |\n")
                        .collect(Collectors.joining());
    }

    @Test
    @DisplayName("every code is named in a test")
    void tested() throws IOException {
        String tests = sources("src/test/java");
        List<String> untested = Stream.of(CODE.matcher(sources("src/main/java")))
                .flatMap(Matcher::results)
                .filter(found -> !tests.contains(found.group(2))
                        && !Pattern.compile("\\b" + found.group(1) + "\\b")
                                .matcher(tests)
                                .find())
                .map(found -> found.group(2))
                .toList();
        assertThat(untested).isEmpty();
    }

    private static String sources(String below) throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> modules = Files.list(ROOT)) {
            for (Path module : modules.sorted().toList()) {
                Path sources = module.resolve(below);
                if (Files.isDirectory(sources)) {
                    try (Stream<Path> files = Files.walk(sources)) {
                        for (Path file : files.filter(path -> path.toString().endsWith(".java"))
                                .toList()) {
                            all.append(Files.readString(file, StandardCharsets.UTF_8));
                        }
                    }
                }
            }
        }
        return all.toString();
    }
}
