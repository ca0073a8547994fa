package dev.podpath.testkit.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.testkit.arbitrary.Scene;
import dev.podpath.testkit.arbitrary.SceneArbitraries.AnyScene;
import dev.podpath.testkit.conformance.Oracles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.BeforeContainer;

/** The kernel's own tools are the judges of the form: they load the text and print it again, in a network of its own. */
class KernelAcceptsRulesProperties {
    @BeforeContainer
    static void needsTheTools() throws Exception {
        Oracles.require(
                run("", "unshare", "-n", "iptables-legacy-save").exit == 0,
                "no right to make a network namespace, or no iptables-legacy");
    }

    @Property(tries = 40, shrinking = ShrinkingMode.OFF)
    @Label("iptables-save prints what was written, word for word")
    void roundTrip(@ForAll(supplier = AnyScene.class) Scene scene) throws Exception {
        check(scene, false, "iptables-legacy");
    }

    @Property(tries = 40, shrinking = ShrinkingMode.OFF)
    @Label("ip6tables-save prints what was written, word for word")
    void roundTripV6(@ForAll(supplier = AnyScene.class) Scene scene) throws Exception {
        check(scene, true, "ip6tables-legacy");
    }

    private static void check(Scene scene, boolean v6, String tool) throws Exception {
        String written = new IptablesWriter().save(scene.cluster(), scene.node(), scene.config(), v6);
        String script = tool + "-restore --test \"$1\" && " + tool + "-restore \"$1\" && " + tool + "-save";
        Run run = run(written, "unshare", "-n", "sh", "-c", script, "sh");
        assertThat(run.exit).as(run.output).isZero();
        assertThat(SavedText.chains(run.output.lines().toList()))
                .isEqualTo(SavedText.chains(written.lines().toList()));
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

    private record Run(int exit, String output) {}
}
