package dev.podpath.bench.cluster;

import dev.podpath.testkit.reference.IptablesWriter;
import dev.podpath.testkit.reference.IpvsWriter;
import dev.podpath.testkit.reference.NftablesWriter;
import dev.podpath.testkit.reference.NodeWriter;
import java.util.Locale;

/** The modes of kube-proxy that a snapshot can be written for: another mode is a line here. */
public enum Mode {
    /** iptables mode. */
    IPTABLES(new IptablesWriter()),
    /** IPVS mode. */
    IPVS(new IpvsWriter()),
    /** nftables mode. */
    NFTABLES(new NftablesWriter());

    private final NodeWriter writer;

    Mode(NodeWriter writer) {
        this.writer = writer;
    }

    /** What writes a node's documents. */
    public NodeWriter writer() {
        return writer;
    }

    /** As kube-proxy's configuration gives it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
