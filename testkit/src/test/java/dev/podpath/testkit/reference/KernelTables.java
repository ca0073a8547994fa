package dev.podpath.testkit.reference;

import dev.podpath.testkit.conformance.Oracles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The kernel's own tools, in a network of their own. */
public final class KernelTables {
    private KernelTables() {}

    /** Ends the test where the tools cannot be used. */
    public static void require() throws IOException, InterruptedException {
        Oracles.require(
                run("", "unshare", "-n", "iptables-legacy-save").exit() == 0,
                "no right to make a network namespace, or no iptables-legacy");
    }

    /** Loads rules, after a trial, and prints what was loaded. */
    public static Run load(String rules, boolean v6) throws IOException, InterruptedException {
        String tool = v6 ? "ip6tables-legacy" : "iptables-legacy";
        String script = tool + "-restore --test \"$1\" && " + tool + "-restore \"$1\" && " + tool + "-save";
        return run(rules, "unshare", "-n", "sh", "-c", script, "sh");
    }

    /** Makes sets and loads rules that look at them, after a trial; prints the sets, then the rules. */
    public static Run load(String sets, String rules, boolean v6) throws IOException, InterruptedException {
        String tool = v6 ? "ip6tables-legacy" : "iptables-legacy";
        String script = "sed '/^[*:#-]/,$d' \"$1\" | ipset restore && sed -n '/^[*:#-]/,$p' \"$1\" > \"$1\".rules && "
                + tool + "-restore --test \"$1\".rules && " + tool + "-restore \"$1\".rules && ipset save && " + tool
                + "-save; status=$?; rm -f \"$1\".rules; exit $status";
        return run(sets + rules, "unshare", "-n", "sh", "-c", script, "sh");
    }

    /** Runs a command whose last argument is a file with this text. */
    private static Run run(String text, String... command) throws IOException, InterruptedException {
        Path file = Files.createTempFile("podpath-rules", ".txt");
        Path output = Files.createTempFile("podpath-rules", ".out");
        try {
            Files.writeString(file, text);
            List<String> words = new ArrayList<>(List.of(command));
            if (!text.isEmpty()) {
                words.add(file.toString());
            }
            Process process = new ProcessBuilder(words)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            boolean ended = process.waitFor(30, TimeUnit.SECONDS);
            if (!ended) {
                process.destroyForcibly();
            }
            String printed = Files.readString(output, StandardCharsets.UTF_8);
            return new Run(ended ? process.exitValue() : -1, printed);
        } catch (IOException e) {
            return new Run(-1, String.valueOf(e.getMessage()));
        } finally {
            Files.deleteIfExists(file);
            Files.deleteIfExists(output);
        }
    }

    /** What a program printed, and its exit status. */
    public record Run(int exit, String output) {}
}
