package dev.podpath.bench;

import dev.podpath.bench.cluster.ClusterShape;
import dev.podpath.bench.cluster.Mode;
import dev.podpath.bench.cluster.NftJsonWriter;
import dev.podpath.ports.plugin.ProxyModeProvider;
import dev.podpath.ports.snapshot.Document;
import dev.podpath.proxy.iptables.IptablesMode;
import dev.podpath.proxy.iptables.parse.RulesReader;
import dev.podpath.proxy.ipvs.IpvsMode;
import dev.podpath.proxy.ipvs.parse.IpvsText;
import dev.podpath.proxy.nftables.NftablesMode;
import dev.podpath.proxy.nftables.parse.RulesetReader;
import dev.podpath.testkit.reference.NodeWriter;
import java.util.Locale;
import java.util.function.Function;

/** A proxy mode to be measured: its plugin, and the document it reads most of. Another mode is a line here. */
enum Subject {
    /** iptables mode. */
    IPTABLES(Mode.IPTABLES, new IptablesMode(), "iptables-save.txt", document -> RulesReader.read(document, false)),
    /** IPVS mode. */
    IPVS(Mode.IPVS, new IpvsMode(), "ipvsadm-save.txt", IpvsText::read),
    /** nftables mode. */
    NFTABLES(Mode.NFTABLES, new NftablesMode(), "nft-ruleset.txt", RulesetReader::read),
    /** The same from the rules as JSON. */
    NFTABLES_JSON(Mode.NFTABLES, new NftJsonWriter(), new NftablesMode(), "nft-ruleset.json", RulesetReader::read);

    private final Mode mode;
    private final NodeWriter writer;
    private final ProxyModeProvider provider;
    private final String document;
    private final Function<Document, Object> reader;

    Subject(Mode mode, ProxyModeProvider provider, String document, Function<Document, Object> reader) {
        this(mode, mode.writer(), provider, document, reader);
    }

    Subject(
            Mode mode,
            NodeWriter writer,
            ProxyModeProvider provider,
            String document,
            Function<Document, Object> reader) {
        this.mode = mode;
        this.writer = writer;
        this.provider = provider;
        this.document = document;
        this.reader = reader;
    }

    /** A node in memory, of a cluster. */
    Scenes scenes(ClusterShape shape) {
        return Scenes.of(shape, mode, writer);
    }

    ProxyModeProvider provider() {
        return provider;
    }

    String document() {
        return document;
    }

    /** Reads the document alone; nothing of it is remembered. */
    Object read(Document text) {
        return reader.apply(text);
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
