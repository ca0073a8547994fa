package dev.podpath.proxy.nftables;

import dev.podpath.core.finding.Finding;
import dev.podpath.core.trace.Evidence;
import dev.podpath.ports.node.NodeState;
import dev.podpath.ports.snapshot.Document;
import dev.podpath.proxy.nftables.rule.Chain;
import dev.podpath.proxy.nftables.rule.Ruleset;
import dev.podpath.proxy.nftables.rule.Table;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.nio.charset.StandardCharsets;

/** Looks for what kube-proxy wrote in another mode and left on the node. */
final class Leftovers {
    /** Begin the names of chains that only kube-proxy in iptables mode makes; the kubelet makes others. */
    private static final String[] CHAINS = {"KUBE-SVC-", "KUBE-SEP-", "KUBE-EXT-", "KUBE-XLB-"};

    private Leftovers() {}

    /** What is found, one finding for each other mode. */
    static Vector<Finding> of(NodeState node, Ruleset rules) {
        return iptables(node, rules)
                .map(evidence -> Finding.of(
                        NftablesFindings.LEFTOVERS,
                        "node " + node.name()
                                + " still has chains of iptables mode, and kube-proxy runs in nftables mode",
                        evidence))
                .toVector()
                .appendAll(ipvs(node)
                        .map(evidence -> Finding.of(
                                NftablesFindings.LEFTOVERS,
                                "node " + node.name()
                                        + " still has virtual servers of IPVS mode, and kube-proxy runs in nftables mode",
                                evidence)));
    }

    private static Option<Evidence> iptables(NodeState node, Ruleset rules) {
        for (Table table : rules.tables()) {
            if (!table.name().equals("nat")) {
                continue;
            }
            for (int i = 0; i < table.chainCount(); i++) {
                Chain chain = table.chain(i);
                if (chain.size() > 0 && isServiceChain(chain.name())) {
                    return Option.some(rules.evidence(chain.place()));
                }
            }
        }
        return line(node, "iptables-save.txt", ":", CHAINS).orElse(() -> line(node, "ip6tables-save.txt", ":", CHAINS));
    }

    private static boolean isServiceChain(String name) {
        for (String prefix : CHAINS) {
            if (name.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }

    private static Option<Evidence> ipvs(NodeState node) {
        return line(node, "ipvsadm-save.txt", "-A ", "-t ", "-u ", "--sctp-service ")
                .orElse(() -> line(node, "ipvsadm-Ln.txt", "", "TCP ", "UDP ", "SCTP "));
    }

    /** The first line of a document that begins with a word and one of these. */
    private static Option<Evidence> line(NodeState node, String file, String first, String... then) {
        Option<Document> document = node.document(file);
        if (document.isEmpty()) {
            return Option.none();
        }
        byte[] bytes = document.get().bytes();
        int line = 1;
        for (int at = 0; at < bytes.length; line++) {
            for (String second : then) {
                if (startsWith(bytes, at, first + second)) {
                    return Option.some(document.get().line(line));
                }
            }
            while (at < bytes.length && bytes[at] != '\n') {
                at++;
            }
            at++;
        }
        return Option.none();
    }

    private static boolean startsWith(byte[] bytes, int at, String text) {
        byte[] wanted = text.getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < wanted.length; i++) {
            if (at + i >= bytes.length || bytes[at + i] != wanted[i]) {
                return false;
            }
        }
        return true;
    }
}
