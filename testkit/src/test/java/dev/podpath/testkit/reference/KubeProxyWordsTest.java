package dev.podpath.testkit.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.testkit.conformance.ConformanceCase;
import dev.podpath.testkit.conformance.Oracles;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The very text kube-proxy hands to iptables-restore, loaded into the kernel and printed by iptables-save. */
class KubeProxyWordsTest {
    @TestFactory
    @DisplayName("the kernel holds the same rules whether kube-proxy's own words were loaded or the written ones")
    Stream<DynamicTest> rules() throws Exception {
        KernelTables.require();
        // The counters of nfacct are objects of their own that a fresh network does not have.
        List<ConformanceCase> cases = Oracles.cases("iptables")
                .filter(test -> test.data().textOr("", "version").equals("~v1.27")
                        && test.data().text("ruleset", "text").isDefined())
                .asJava();
        assertThat(cases).hasSizeGreaterThan(20);
        return cases.stream().map(test -> DynamicTest.dynamicTest(test.id(), () -> compare(test)));
    }

    private static void compare(ConformanceCase test) throws Exception {
        String words = test.data().text("ruleset", "text").get();
        String written = new IptablesWriter().save(test.cluster(), test.node(), test.config(), test.v6());
        assertThat(loaded(written, test)).isEqualTo(loaded(words, test));
    }

    /** The rules of kube-proxy's chains; those of the built-in ones are not part of what it restores. */
    private static Map<String, List<String>> loaded(String text, ConformanceCase test) throws Exception {
        KernelTables.Run run = KernelTables.load(text, test.v6());
        assertThat(run.exit()).as(run.output()).isZero();
        Map<String, List<String>> chains = new TreeMap<>();
        SavedText.chains(run.output().lines().toList()).forEach((chain, rules) -> {
            if (chain.contains(" KUBE-") && !rules.isEmpty()) {
                boolean unordered = chain.matches(".* KUBE-(SERVICES|EXTERNAL-SERVICES|NODEPORTS|PROXY-FIREWALL)");
                chains.put(chain, unordered ? rules.stream().sorted().toList() : rules);
            }
        });
        return chains;
    }
}
