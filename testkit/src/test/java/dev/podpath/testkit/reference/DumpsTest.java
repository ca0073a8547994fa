package dev.podpath.testkit.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.testkit.conformance.ConformanceCase;
import dev.podpath.testkit.conformance.Oracles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The writer against rule sets that kube-proxy itself wrote. */
class DumpsTest {
    @TestFactory
    @DisplayName("the rules of each chain are those kube-proxy writes for the same objects")
    Stream<DynamicTest> rules() {
        Path dumps = Oracles.conformance().resolve("dumps");
        List<ConformanceCase> cases = Oracles.cases("iptables")
                .filter(test -> test.dump().exists(file -> Files.exists(dumps.resolve(file))))
                .asJava();
        assertThat(cases).isNotEmpty();
        return cases.stream()
                .map(test -> DynamicTest.dynamicTest(
                        test.id(), () -> compare(test, dumps.resolve(test.dump().get()))));
    }

    private static void compare(ConformanceCase test, Path dump) throws IOException {
        String written = new IptablesWriter().save(test.cluster(), test.node(), test.config(), test.v6());
        Map<String, List<String>> expected = chains(Files.readAllLines(dump));
        assertThat(chains(written.replace("--nfacct-name  ", "--nfacct-name ")
                        .lines()
                        .toList()))
                .isEqualTo(expected);
    }

    /**
     * Rules by table and chain. The order counts, but for the chains that hold one block for each service: kube-proxy
     * writes the blocks in no particular order.
     */
    private static Map<String, List<String>> chains(List<String> lines) {
        return SavedText.chains(lines).entrySet().stream()
                .filter(entry -> !entry.getValue().isEmpty())
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        entry -> entry.getKey().matches(".* KUBE-(SERVICES|EXTERNAL-SERVICES|NODEPORTS|PROXY-FIREWALL)")
                                ? List.copyOf(new TreeSet<>(entry.getValue()))
                                : entry.getValue(),
                        (a, b) -> a,
                        TreeMap::new));
    }
}
