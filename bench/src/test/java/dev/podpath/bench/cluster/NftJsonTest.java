package dev.podpath.bench.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.ports.plugin.Reading;
import dev.podpath.ports.snapshot.Document;
import dev.podpath.proxy.nftables.parse.RulesetReader;
import dev.podpath.proxy.nftables.rule.RulePrinter;
import dev.podpath.proxy.nftables.rule.Ruleset;
import dev.podpath.testkit.reference.NftablesWriter;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The rules as JSON are those of the text. */
class NftJsonTest {
    private static TreeMap<String, String> chains(String name, String text) {
        Reading<Ruleset> reading =
                RulesetReader.read(new Document("nodes/n1/" + name, text.getBytes(StandardCharsets.UTF_8)));
        assertThat(reading.problems()).isEmpty();
        TreeMap<String, String> blocks = new TreeMap<>();
        for (String block : RulePrinter.print(reading.value()).split("\n\\t(?=chain |set |map |\\})", -1)) {
            // Comments are left out.
            String said = block.replaceAll(" comment \"[^\"]*\"", "").replaceAll("\\s+", " ");
            blocks.merge(block.lines().findFirst().orElse(""), said, String::concat);
        }
        return blocks;
    }

    @Test
    void sameModel() {
        for (long seed = 1; seed <= 2; seed++) {
            ClusterShape shape = new ClusterShape(60, 3, 0.2, 0.2, 0.2, 0.1, seed);
            Cluster cluster = LargeCluster.of(shape, "nftables");
            String node = LargeCluster.nodeName(0);
            String text = new NftablesWriter()
                    .documents(cluster, node, SnapshotDirectory.kubeProxy())
                    .getOrElse("nft-ruleset.txt", "");
            String json = new NftJsonWriter()
                    .documents(cluster, node, SnapshotDirectory.kubeProxy())
                    .getOrElse("nft-ruleset.json", "");
            TreeMap<String, String> expected = chains("nft-ruleset.txt", text);
            TreeMap<String, String> read = chains("nft-ruleset.json", json);
            assertThat(read.keySet()).isEqualTo(expected.keySet());
            expected.forEach((head, block) -> assertThat(read.get(head)).isEqualTo(block));
        }
    }
}
