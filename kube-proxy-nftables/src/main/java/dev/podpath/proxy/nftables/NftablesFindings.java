package dev.podpath.proxy.nftables;

import dev.podpath.core.finding.FindingCode;
import dev.podpath.core.finding.Severity;

/** The kinds of findings made about nftables. */
final class NftablesFindings {
    /** Rules of another mode are still on the node. */
    static final FindingCode LEFTOVERS = new FindingCode(
            "PP-PROXY-031",
            Severity.WARNING,
            "Rules of another proxy mode are still on the node",
            "kube-proxy runs in one mode, and the node still has what it wrote in another one: chains of iptables mode or"
                    + " virtual servers of IPVS mode. Nobody keeps them up to date. They may refuse or translate packets"
                    + " before the rules in force see them, and send them to pods that are gone.",
            "Run kube-proxy --cleanup on the node with the version that wrote them, or restart the node. Then capture its"
                    + " state again.");

    private NftablesFindings() {}
}
