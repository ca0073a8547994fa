package dev.podpath.it.kernel;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * A throw-away node in network namespaces of the running kernel: pods and the outside world are TUN devices, and a small
 * program writes packets into them and tells what came out where.
 */
final class KernelLab implements AutoCloseable {
    /** How many pods the node has: {@code pod1} with 10.244.0.11 and fd00:10:244::11, and so on. */
    static final int PODS = 6;

    private static final String DONE = "-- done --";

    private final Process process;
    private final BufferedWriter in;
    private final BufferedReader out;
    private final Path directory;

    private KernelLab(Process process, Path directory) {
        this.process = process;
        this.directory = directory;
        this.in = new BufferedWriter(
                new OutputStreamWriter(process.getOutputStream(), StandardCharsets.US_ASCII), 1 << 16);
        this.out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII), 1 << 16);
    }

    /** Starts a node whose {@code iptables} is this back end: {@code legacy} or {@code nft}. Skips where it cannot. */
    static KernelLab start(String backEnd) throws IOException, InterruptedException {
        String missing = missing(backEnd);
        if (!missing.isEmpty() && "1".equals(System.getenv("PODPATH_REQUIRE_ORACLES"))) {
            throw new AssertionError("no kernel to ask: " + missing);
        }
        Assumptions.assumeTrue(missing.isEmpty(), () -> "skipped: no kernel to ask: " + missing);
        Path directory = Files.createTempDirectory("podpath-lab");
        Path sources = Path.of(System.getProperty("podpath.root", ".."), "it", "src", "test");
        Path oracle = directory.resolve("tunoracle");
        int compiled = new ProcessBuilder(
                        "gcc",
                        "-O2",
                        "-o",
                        oracle.toString(),
                        sources.resolve("c/tunoracle.c").toString())
                .inheritIO()
                .start()
                .waitFor();
        if (compiled != 0) {
            throw new AssertionError("gcc failed");
        }
        List<String> command = new ArrayList<>(List.of(
                "bash",
                sources.resolve("sh/netns-lab.sh").toString(),
                "tun",
                backEnd,
                oracle.toString(),
                "-t",
                "280",
                "-n",
                "100000000",
                "-g",
                "0",
                "ext0"));
        for (int i = 1; i <= PODS; i++) {
            command.add("pod" + i);
        }
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("TUNORACLE_LINEBUF", "1");
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        KernelLab lab = new KernelLab(builder.start(), directory);
        lab.shell("echo ready");
        return lab;
    }

    private static String missing(String backEnd) {
        if (!Files.isWritable(Path.of("/dev/net/tun"))) {
            return "/dev/net/tun is not writable";
        }
        for (String tool : new String[] {"gcc", "unshare", "ip", "ipset", "nft", "xtables-" + backEnd + "-multi"}) {
            boolean found = false;
            for (String path : new String[] {"/usr/bin/", "/usr/sbin/", "/bin/", "/sbin/", "/usr/local/bin/"}) {
                found |= Files.isExecutable(Path.of(path + tool));
            }
            if (!found) {
                return "no " + tool;
            }
        }
        try {
            Process probe = new ProcessBuilder("unshare", "-m", "-n", "true").start();
            return probe.waitFor() == 0 ? "" : "unshare is not allowed";
        } catch (IOException e) {
            return e.toString();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }

    /** Runs a command on the node and returns the lines it prints. */
    List<String> shell(String command) {
        return ask(List.of("! " + command + " 2>&1"));
    }

    /** What {@code ip -j addr} prints on the node. */
    String addresses() {
        return String.join("", shell("ip -j addr"));
    }

    /** What {@code ip -j route} prints on the node, for both families. */
    String routes() {
        String v4 = String.join("", shell("ip -j route")).strip();
        String v6 = String.join("", shell("ip -j -6 route")).strip();
        return v4.substring(0, v4.length() - 1) + "," + v6.substring(1);
    }

    /** Loads rules; returns what the tool said, nothing where it took them. */
    List<String> restore(String tool, String rules) {
        Path file = directory.resolve("rules");
        try {
            Files.writeString(file, rules);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return shell(tool + " < " + file);
    }

    /** Sends requests and returns the answers, in order. */
    List<String> ask(List<String> requests) {
        Thread writer = new Thread(() -> {
            try {
                for (String request : requests) {
                    in.write(request);
                    in.write('\n');
                }
                in.write("T " + DONE + "\n");
                in.flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        writer.start();
        List<String> answers = new ArrayList<>(requests.size());
        try {
            String line = out.readLine();
            while (line != null && !line.equals(DONE)) {
                answers.add(line);
                line = out.readLine();
            }
            if (line == null) {
                throw new AssertionError("the laboratory ended: exit code " + process.waitFor() + ", " + answers);
            }
            writer.join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
        return answers;
    }

    @Override
    public void close() throws IOException {
        in.close();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        try (var files = Files.list(directory)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }
}
