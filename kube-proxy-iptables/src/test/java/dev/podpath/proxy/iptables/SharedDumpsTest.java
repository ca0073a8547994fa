package dev.podpath.proxy.iptables;

import static dev.podpath.proxy.iptables.Nodes.node;
import static dev.podpath.proxy.iptables.Nodes.read;
import static dev.podpath.proxy.iptables.Nodes.shared;
import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.ports.plugin.DocumentReport;
import dev.podpath.ports.plugin.Reading;
import dev.podpath.ports.plugin.Support;
import dev.podpath.proxy.iptables.eval.Netfilter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every reference dump is read without a problem, and in kube-proxy's own nothing is unknown. */
class SharedDumpsTest {
    private static List<Path> files(String directory, String part) throws IOException {
        try (Stream<Path> all = Files.list(shared(directory))) {
            return all.filter(file -> file.getFileName().toString().contains(part))
                    .sorted()
                    .collect(Collectors.toList());
        }
    }

    @Test
    void nothingIsUnknownInDumpsOfKubeProxy() throws IOException {
        List<Path> dumps = files("conformance/dumps", ".txt");
        assertThat(dumps).isNotEmpty();
        for (Path dump : dumps) {
            boolean v6 = dump.toString().contains("IPv6");
            Reading<Netfilter> reading =
                    Netfilter.read(node(v6 ? "ip6tables-save.txt" : "iptables-save.txt", read(dump)));
            assertThat(reading.problems()).as(dump.toString()).isEmpty();
            DocumentReport report = reading.reports().head();
            assertThat(report.count(Support.UNRECOGNIZED) + report.count(Support.UNIMPLEMENTED))
                    .as(dump.toString())
                    .isZero();
            assertThat(report.count(Support.FULL)).isPositive();
        }
    }

    @Test
    void samplesOfTheLaboratoryAreReadWithoutAProblem() throws IOException {
        List<Path> samples = files("kernel-lab/samples", "tables-save");
        assertThat(samples).isNotEmpty();
        for (Path sample : samples) {
            boolean v6 = sample.getFileName().toString().startsWith("ip6");
            String text = read(sample);
            Reading<Netfilter> reading = Netfilter.read(node(v6 ? "ip6tables-save.txt" : "iptables-save.txt", text));
            assertThat(reading.problems()).as(sample.toString()).isEmpty();
            DocumentReport report = reading.reports().head();
            assertThat(report.count(Support.UNRECOGNIZED)).as(sample.toString()).isZero();
            long rules = text.lines().filter(line -> line.contains("-A ")).count();
            assertThat(report.counts().values().sum().intValue())
                    .as(sample.toString())
                    .isEqualTo((int) rules);
        }
    }

    @Test
    void setsOfTheLaboratoryAreReadWithoutAProblem() throws IOException {
        for (Path sample : files("kernel-lab/samples", "ipset-save")) {
            Reading<Netfilter> reading = Netfilter.read(node("ipset-save.txt", read(sample)));
            assertThat(reading.problems()).as(sample.toString()).isEmpty();
            assertThat(reading.value().sets().names()).as(sample.toString()).contains("KUBE-CLUSTER-IP");
        }
    }
}
