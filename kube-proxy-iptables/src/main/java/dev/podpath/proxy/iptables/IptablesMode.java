package dev.podpath.proxy.iptables;

import dev.podpath.core.proxy.ServiceProxy;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Evidence;
import dev.podpath.core.trace.Missing;
import dev.podpath.ports.node.NodeState;
import dev.podpath.ports.plugin.ProxyModeProvider;
import dev.podpath.ports.plugin.Reading;
import dev.podpath.ports.snapshot.Document;
import dev.podpath.proxy.iptables.eval.Netfilter;
import dev.podpath.proxy.iptables.rule.Ruleset;
import dev.podpath.proxy.iptables.rule.TableName;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.nio.charset.StandardCharsets;

/** The mode {@code iptables} of kube-proxy. */
public final class IptablesMode implements ProxyModeProvider {
    /** Name of the mode. */
    static final String ID = "iptables";

    private static final String RULES = "iptables-save.txt";
    private static final String RULES6 = "ip6tables-save.txt";
    /** Begins the jump to the chain of a service, which only this mode has. */
    private static final byte[] SERVICE_CHAIN = ":KUBE-SVC-".getBytes(StandardCharsets.US_ASCII);

    /** Made by the ServiceLoader. */
    public IptablesMode() {}

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String description() {
        return "kube-proxy in iptables mode: iptables-save, ip6tables-save and ipset save of each node";
    }

    @Override
    public Option<Evidence> detect(NodeState node) {
        return node.document(RULES)
                .flatMap(IptablesMode::serviceChain)
                .orElse(() -> node.document(RULES6).flatMap(IptablesMode::serviceChain));
    }

    private static Option<Evidence> serviceChain(Document document) {
        byte[] bytes = document.bytes();
        int line = 1;
        boolean lineStart = true;
        for (int i = 0; i < bytes.length; i++) {
            if (lineStart && bytes[i] == ':' && startsWith(bytes, i)) {
                return Option.some(document.line(line));
            }
            line += bytes[i] == '\n' ? 1 : 0;
            lineStart = bytes[i] == '\n' || lineStart && (bytes[i] == ' ' || bytes[i] == '\t');
        }
        return Option.none();
    }

    private static boolean startsWith(byte[] bytes, int at) {
        if (at + SERVICE_CHAIN.length > bytes.length) {
            return false;
        }
        for (int i = 0; i < SERVICE_CHAIN.length; i++) {
            if (bytes[at + i] != SERVICE_CHAIN[i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public Reading<Either<Decision, ServiceProxy>> open(NodeState node) {
        Reading<Netfilter> reading = Netfilter.read(node);
        Netfilter netfilter = reading.value();
        boolean any = has(netfilter.rules(false)) || has(netfilter.rules(true));
        Either<Decision, ServiceProxy> opened =
                any ? Either.right(new IptablesProxy(netfilter)) : Either.left(nothing(node));
        return new Reading<>(opened, reading.problems(), reading.reports());
    }

    private static boolean has(Option<Ruleset> rules) {
        return rules.exists(found -> Vector.of(TableName.values()).exists(found::has));
    }

    private static Decision nothing(NodeState node) {
        return Decision.unknown(
                "the rules of node " + node.name() + " were not captured, or nothing in them can be read",
                new Missing(node.path(RULES), "iptables-save > " + RULES + "   # on node " + node.name()),
                new Missing(node.path(RULES6), "ip6tables-save > " + RULES6 + "   # on node " + node.name()));
    }
}
