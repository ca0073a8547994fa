package dev.podpath.it.ipvslab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Decisions made now, by a kernel that runs in user mode, for tables made up now. */
class FreshDecisionsTest {
    private static final int CASES = 176;
    private static final int SECONDS = Integer.getInteger("podpath.ipvslab.seconds", 60);

    @Test
    void aKernelInUserModeDecidesTheSame() throws IOException, InterruptedException {
        Path scripts = Path.of(System.getProperty("podpath.root", "."), "it", "src", "test", "sh")
                .toAbsolutePath()
                .normalize();
        for (String tool : new String[] {"bash", "dpkg-deb", "cpio", "gcc", "busybox", "ipvsadm", "depmod"}) {
            Oracles.need(onPath(tool), "skipped: no IPVS to ask: " + tool + " is not installed");
        }
        Path guest = guest();
        Oracles.need(
                run(170, guest.getParent(), scripts.resolve("uml-setup.sh").toString(), guest.toString()) == 0,
                "skipped: no IPVS to ask: the guest cannot be made (apt-get download user-mode-linux)");
        long seed = Long.getLong("podpath.ipvslab.seed", System.nanoTime());
        Path job = Files.createTempDirectory("podpath-ipvs");
        Path in = Files.createDirectory(job.resolve("in"));
        FreshCases.write(in, seed, CASES);
        Files.writeString(
                job.resolve("run.sh"),
                "SECONDS_TO_RUN=" + SECONDS + "\n" + Files.readString(scripts.resolve("ipvs-cases.run.sh")));
        int ended = run(
                SECONDS + 60,
                guest,
                "env",
                "KLAB_LINUX=" + guest.resolve("linux.uml"),
                "KLAB_INITRD=" + guest.resolve("uml.cpio.gz"),
                "KLAB_TIMEOUT=" + (SECONDS + 45),
                scripts.resolve("uml-lab.sh").toString(),
                job.toString());
        Tally tally = new Tally();
        if (Files.isDirectory(job.resolve("out"))) {
            try (Stream<Path> files = Files.list(job.resolve("out"))) {
                for (Path file : files.sorted().toList()) {
                    new Replay(Recording.read(in, file), tally).run();
                }
            }
        }
        System.out.println("IPVS in user mode, seed " + seed + ": " + tally);
        Oracles.need(tally.recordings > 0, "skipped: no IPVS to ask: the guest did not start (exit " + ended + ")");
        assertThat(tally.wrong).as("seed " + seed + ", " + job).isEmpty();
        assertThat(tally.stepped).isEqualTo(tally.decisions).isPositive();
        delete(job);
    }

    /** Where the guest is kept between runs. */
    private static Path guest() throws IOException {
        String given = System.getenv("PODPATH_UML_DIR");
        Path guest = given != null
                ? Path.of(given)
                : Path.of(System.getProperty("podpath.root", "."), "it", "target", "uml");
        return Files.createDirectories(guest.toAbsolutePath().normalize());
    }

    private static boolean onPath(String tool) {
        return Stream.of("/bin/", "/sbin/", "/usr/bin/", "/usr/sbin/", "/usr/local/bin/", "/usr/local/sbin/")
                .anyMatch(folder -> Files.isExecutable(Path.of(folder + tool)));
    }

    private static int run(int seconds, Path folder, String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .start();
        if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            return -1;
        }
        return process.exitValue();
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(file);
            }
        }
    }
}
