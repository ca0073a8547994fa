package dev.podpath.testkit.contract;

import dev.podpath.core.net.AddressPort;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.packet.Packet;
import dev.podpath.core.proxy.ProxyBranch;
import dev.podpath.core.proxy.ProxyOutcome;
import dev.podpath.core.proxy.ProxyVerdict;
import dev.podpath.core.proxy.RuleStep;
import dev.podpath.core.proxy.ServiceProxy;
import dev.podpath.core.proxy.SourceNat;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Evidence;
import dev.podpath.core.trace.Missing;
import dev.podpath.core.trace.Share;
import dev.podpath.ports.node.NodeState;
import dev.podpath.ports.plugin.ProxyModeProvider;
import dev.podpath.ports.plugin.Reading;
import dev.podpath.testkit.arbitrary.Probe;
import dev.podpath.testkit.arbitrary.Scene;
import dev.podpath.testkit.reference.NodeWriter;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.List;

/** A made-up mode that does what is meant, but for one flaw. Its document names the scene, so it needs no rules. */
final class FlawedMode {
    enum Flaw {
        NONE,
        FORGETS_AN_ENDPOINT,
        KEEPS_EVERY_SOURCE,
        LOSES_A_SHARE,
        SKEWS_SHARES,
        DROPS_INSTEAD_OF_REJECTING,
        QUOTES_ANOTHER_LINE,
        STUMBLES_OVER_DAMAGE,
        GUESSES_WITHOUT_DOCUMENTS,
        SENDS_TO_ANYBODY,
        ANSWERS_AT_RANDOM
    }

    private final Flaw flaw;
    private final List<Scene> scenes = new ArrayList<>();

    FlawedMode(Flaw flaw) {
        this.flaw = flaw;
    }

    /** The contract as a plugin of this mode would take it on. */
    ProxyModeContract contract() {
        return new ProxyModeContract() {
            @Override
            public ProxyModeProvider provider() {
                return FlawedMode.this.provider();
            }

            @Override
            public NodeWriter writer() {
                return FlawedMode.this.writer();
            }
        };
    }

    NodeWriter writer() {
        return (cluster, node, config) -> {
            scenes.add(new Scene(cluster, node, config));
            return HashMap.of("flawed.txt", "scene\n" + (scenes.size() - 1) + "\n");
        };
    }

    ProxyModeProvider provider() {
        return new Provider();
    }

    private final class Provider implements ProxyModeProvider {
        @Override
        public String id() {
            return "flawed";
        }

        @Override
        public String description() {
            return "a made-up mode";
        }

        @Override
        public Option<Evidence> detect(NodeState node) {
            return node.document("flawed.txt")
                    .filter(d -> d.lines().count() > 0)
                    .map(d -> d.line(1));
        }

        @Override
        public Reading<Either<Decision, ServiceProxy>> open(NodeState node) {
            Option<String> text = node.document("flawed.txt")
                    .filter(document -> document.lines().count() >= 2)
                    .map(document -> document.lines().line(2));
            if (text.isEmpty() && flaw == Flaw.GUESSES_WITHOUT_DOCUMENTS) {
                return Reading.of(Either.right(new Proxy(scenes.get(0), node)));
            }
            int scene = flaw == Flaw.STUMBLES_OVER_DAMAGE && text.isDefined()
                    ? Integer.parseInt(text.get())
                    : text.flatMap(AddressPort::parsePort).getOrElse(-1);
            return Reading.of(
                    scene < 0 || scene >= scenes.size()
                            ? Either.left(
                                    Decision.unknown("no scene", new Missing(node.path("flawed.txt"), "make one")))
                            : Either.right(new Proxy(scenes.get(scene), node)));
        }
    }

    private final class Proxy implements ServiceProxy {
        private final Scene scene;
        private final NodeState node;
        private int calls;

        Proxy(Scene scene, NodeState node) {
            this.scene = scene;
            this.node = node;
        }

        @Override
        public String mode() {
            return "flawed";
        }

        @Override
        public ProxyVerdict route(Packet packet, Arrival arrival) {
            Intended intended = Intent.of(scene, new Probe(packet, arrival), IntentCheck.ALL_TRAITS);
            Vector<AddressPort> endpoints = intended.endpoints();
            if (flaw == Flaw.FORGETS_AN_ENDPOINT && endpoints.size() > 1) {
                endpoints = endpoints.tail();
            }
            if (flaw == Flaw.SENDS_TO_ANYBODY && !endpoints.isEmpty()) {
                endpoints = Vector.of(new AddressPort(packet.source(), 1));
            }
            if (flaw == Flaw.ANSWERS_AT_RANDOM && endpoints.size() > 1 && calls++ % 2 == 0) {
                endpoints = endpoints.reverse();
            }
            if (endpoints.isEmpty()) {
                return one(ended(intended));
            }
            int last = endpoints.size() - 1;
            int parts = endpoints.size() + (flaw == Flaw.LOSES_A_SHARE ? 1 : 0);
            Vector<AddressPort> all = endpoints;
            return ProxyVerdict.builder()
                    .branches(Vector.range(0, all.size())
                            .map(i -> branch(
                                    new ProxyOutcome.ToEndpoint(all.get(i)),
                                    flaw == Flaw.SKEWS_SHARES && last > 0
                                            ? Share.of(i == 0 ? 2 : i == last ? 0 : 1, parts)
                                            : Share.of(1, parts),
                                    intended.isMasqueraded(packet.source(), all.get(i)))))
                    .build();
        }

        private ProxyOutcome ended(Intended intended) {
            return switch (intended.kind()) {
                case REJECTED ->
                    flaw == Flaw.DROPS_INSTEAD_OF_REJECTING
                            ? new ProxyOutcome.Dropped()
                            : new ProxyOutcome.Rejected("icmp-port-unreachable");
                case DROPPED -> new ProxyOutcome.Dropped();
                case SENT, ELSEWHERE, UNSPECIFIED -> new ProxyOutcome.Untouched();
            };
        }

        private ProxyVerdict one(ProxyOutcome outcome) {
            return ProxyVerdict.builder()
                    .branches(Vector.of(branch(outcome, Share.all(), false)))
                    .build();
        }

        private ProxyBranch branch(ProxyOutcome outcome, Share share, boolean masquerade) {
            Evidence line = Evidence.line(node.path("flawed.txt"), flaw == Flaw.QUOTES_ANOTHER_LINE ? 2 : 1, "scene");
            boolean changed = masquerade && flaw != Flaw.KEEPS_EVERY_SOURCE;
            return ProxyBranch.builder()
                    .outcome(outcome)
                    .share(share)
                    .sourceNat(changed ? new SourceNat.Masquerade(Vector.empty()) : SourceNat.kept())
                    .trail(Vector.of(new RuleStep("flawed", "chain", line)))
                    .build();
        }
    }
}
