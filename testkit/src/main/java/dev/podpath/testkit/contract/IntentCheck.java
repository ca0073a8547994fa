package dev.podpath.testkit.contract;

import dev.podpath.core.net.AddressPort;
import dev.podpath.core.packet.Packet;
import dev.podpath.core.proxy.ProxyBranch;
import dev.podpath.core.proxy.ProxyOutcome;
import dev.podpath.core.proxy.ProxyVerdict;
import dev.podpath.core.proxy.SourceNat;
import dev.podpath.core.trace.Share;
import dev.podpath.testkit.arbitrary.Probe;
import dev.podpath.testkit.arbitrary.Scene;
import io.vavr.collection.HashSet;
import io.vavr.collection.Set;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.math.BigDecimal;
import java.math.MathContext;

/** Compares verdicts with what Kubernetes means. */
public final class IntentCheck {
    /** Everything that holds for iptables mode. */
    public static final Set<ModeTrait> ALL_TRAITS = HashSet.of(ModeTrait.values());

    /** What holds for IPVS mode with the scheduler rr. */
    public static final Set<ModeTrait> IPVS_TRAITS =
            HashSet.of(ModeTrait.NODE_PORTS_EVERYWHERE, ModeTrait.EQUAL_SHARES, ModeTrait.SOURCE_RANGES_DROP);

    /** How far a share may be from its even part: five decimals were written once, and the kernel keeps 31 bits. */
    private static final double TOLERANCE = 2e-5;

    private IntentCheck() {}

    /**
     * In what a verdict differs from what is meant.
     *
     * @param scene the cluster and the node
     * @param probe a packet that can really come about there
     * @param verdict what the node's proxy does with it
     * @param traits what holds for the proxy's mode
     * @return one sentence; empty where the verdict is as it should be, or where modes and versions do not agree on it
     */
    public static Option<String> difference(Scene scene, Probe probe, ProxyVerdict verdict, Set<ModeTrait> traits) {
        Intended intended = Intent.of(scene, probe, traits);
        if (intended.kind() == Intended.Kind.UNSPECIFIED) {
            return Option.none();
        }
        Option<String> kind = kind(intended, verdict);
        if (kind.isDefined() || intended.kind() != Intended.Kind.SENT) {
            return kind;
        }
        return endpoints(intended, verdict)
                .orElse(() -> masquerade(intended, probe.packet(), verdict))
                .orElse(() -> traits.contains(ModeTrait.EQUAL_SHARES) && !intended.affinity()
                        ? shares(intended, verdict)
                        : Option.none());
    }

    private static Option<String> kind(Intended intended, ProxyVerdict verdict) {
        boolean agrees = switch (intended.kind()) {
            case SENT -> verdict.kind() == ProxyVerdict.Kind.ENDPOINTS;
            case REJECTED -> all(verdict, ProxyOutcome.Rejected.class);
            case DROPPED -> all(verdict, ProxyOutcome.Dropped.class);
            case ELSEWHERE ->
                verdict.kind() != ProxyVerdict.Kind.ENDPOINTS && verdict.kind() != ProxyVerdict.Kind.UNKNOWN;
            case UNSPECIFIED -> true;
        };
        return agrees
                ? Option.none()
                : Option.some("meant to be " + intended.kind() + " "
                        + intended.endpoints().mkString(", ") + ", but is "
                        + verdict.branches().map(ProxyBranch::outcome).mkString(", "));
    }

    private static boolean all(ProxyVerdict verdict, Class<? extends ProxyOutcome> kind) {
        return verdict.branches().forAll(branch -> kind.isInstance(branch.outcome()));
    }

    private static Option<String> endpoints(Intended intended, ProxyVerdict verdict) {
        Vector<ProxyOutcome> others = verdict.branches()
                .map(ProxyBranch::outcome)
                .reject(outcome -> outcome instanceof ProxyOutcome.ToEndpoint);
        Vector<AddressPort> reached = reached(verdict).distinct().sorted();
        if (!others.isEmpty()) {
            return Option.some("a part does not reach an endpoint: " + others.mkString(", "));
        }
        return reached.equals(intended.endpoints())
                ? Option.none()
                : Option.some(
                        "meant for " + intended.endpoints().mkString(", ") + ", but goes to " + reached.mkString(", "));
    }

    private static Vector<AddressPort> reached(ProxyVerdict verdict) {
        return verdict.branches()
                .map(ProxyBranch::outcome)
                .filter(outcome -> outcome instanceof ProxyOutcome.ToEndpoint)
                .map(outcome -> ((ProxyOutcome.ToEndpoint) outcome).address());
    }

    private static Option<String> masquerade(Intended intended, Packet packet, ProxyVerdict verdict) {
        for (ProxyBranch branch : verdict.branches()) {
            AddressPort endpoint = ((ProxyOutcome.ToEndpoint) branch.outcome()).address();
            boolean wanted = intended.isMasqueraded(packet.source(), endpoint);
            boolean unknown = branch.sourceNat() instanceof SourceNat.Unknown;
            if (unknown || branch.sourceNat().isTranslated() != wanted) {
                return Option.some("towards " + endpoint + " the source is meant to be " + (wanted ? "changed" : "kept")
                        + ", but it is " + branch.sourceNat());
            }
        }
        return Option.none();
    }

    private static Option<String> shares(Intended intended, ProxyVerdict verdict) {
        double even = 1.0 / intended.endpoints().size();
        for (AddressPort endpoint : intended.endpoints()) {
            Share share = verdict.branches()
                    .filter(branch -> branch.outcome().equals(new ProxyOutcome.ToEndpoint(endpoint)))
                    .map(ProxyBranch::share)
                    .foldLeft(Share.none(), Share::or);
            if (!(share instanceof Share.Exact exact) || Math.abs(decimal(exact) - even) > TOLERANCE) {
                return Option.some(
                        endpoint + " is meant to get 1/" + intended.endpoints().size() + ", but gets " + share);
            }
        }
        return Option.none();
    }

    private static double decimal(Share.Exact share) {
        return new BigDecimal(share.value().numerator())
                .divide(new BigDecimal(share.value().denominator()), MathContext.DECIMAL64)
                .doubleValue();
    }
}
