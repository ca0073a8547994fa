package dev.podpath.proxy.nftables;

import dev.podpath.core.finding.FindingCode;
import dev.podpath.core.proxy.ServiceProxy;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Evidence;
import dev.podpath.core.trace.Missing;
import dev.podpath.ports.node.NodeState;
import dev.podpath.ports.plugin.ProxyModeProvider;
import dev.podpath.ports.plugin.Reading;
import dev.podpath.ports.snapshot.Document;
import dev.podpath.proxy.nftables.eval.NftablesRules;
import dev.podpath.proxy.nftables.parse.RulesetReader;
import dev.podpath.proxy.nftables.rule.Ruleset;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.nio.charset.StandardCharsets;

/** The mode {@code nftables} of kube-proxy. */
public final class NftablesMode implements ProxyModeProvider {
    /** Name of the mode. */
    static final String ID = "nftables";

    private static final String TEXT = "nft-ruleset.txt";
    private static final String JSON = "nft-ruleset.json";
    private static final byte[] NAME = "kube-proxy".getBytes(StandardCharsets.US_ASCII);

    /** Made by the ServiceLoader. */
    public NftablesMode() {}

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String description() {
        return "kube-proxy in nftables mode: nft list ruleset of each node, as text or as JSON";
    }

    @Override
    public Vector<FindingCode> findings() {
        return Vector.of(NftablesFindings.LEFTOVERS);
    }

    /** A table {@code kube-proxy}, which only this mode has. */
    @Override
    public Option<Evidence> detect(NodeState node) {
        return node.document(TEXT)
                .flatMap(NftablesMode::tableLine)
                .orElse(() -> node.document(JSON).flatMap(NftablesMode::tableName));
    }

    private static Option<Evidence> tableLine(Document document) {
        byte[] bytes = document.bytes();
        int line = 1;
        int start = 0;
        for (int i = 0; i < bytes.length; i++) {
            boolean end = i + NAME.length <= bytes.length && bytes[i] == 'k' && i > start && bytes[start] == 't';
            if (end && isName(bytes, i) && isTable(bytes, start)) {
                return Option.some(document.line(line));
            }
            if (bytes[i] == '\n') {
                line++;
                start = i + 1;
            }
        }
        return Option.none();
    }

    private static boolean isTable(byte[] bytes, int at) {
        return at + 6 < bytes.length
                && bytes[at] == 't'
                && bytes[at + 1] == 'a'
                && bytes[at + 2] == 'b'
                && bytes[at + 3] == 'l'
                && bytes[at + 4] == 'e'
                && bytes[at + 5] == ' ';
    }

    private static boolean isName(byte[] bytes, int at) {
        for (int i = 0; i < NAME.length; i++) {
            if (at + i >= bytes.length || bytes[at + i] != NAME[i]) {
                return false;
            }
        }
        int after = at + NAME.length;
        return after == bytes.length || bytes[after] <= ' ' || bytes[after] == '"' || bytes[after] == '{';
    }

    private static Option<Evidence> tableName(Document document) {
        byte[] bytes = document.bytes();
        for (int i = 1; i + NAME.length < bytes.length; i++) {
            if (bytes[i] == 'k' && bytes[i - 1] == '"' && isName(bytes, i) && bytes[i + NAME.length] == '"') {
                return Option.some(Evidence.document(document.path(), "\"kube-proxy\""));
            }
        }
        return Option.none();
    }

    @Override
    public Reading<Either<Decision, ServiceProxy>> open(NodeState node) {
        Option<Document> document = node.document(TEXT).orElse(() -> node.document(JSON));
        if (document.isEmpty()) {
            return Reading.of(Either.left(nothing(node)));
        }
        Reading<Ruleset> reading = RulesetReader.read(document.get());
        Ruleset rules = reading.value();
        Either<Decision, ServiceProxy> opened = rules.tables().isEmpty()
                ? Either.left(nothing(node))
                : Either.right(new NftablesProxy(new NftablesRules(node, rules), Leftovers.of(node, rules)));
        return new Reading<>(opened, reading.problems(), reading.reports());
    }

    private static Decision nothing(NodeState node) {
        return Decision.unknown(
                "the rules of node " + node.name() + " were not captured, or nothing in them can be read",
                new Missing(node.path(TEXT), "nft list ruleset > " + TEXT + "   # on node " + node.name()));
    }
}
