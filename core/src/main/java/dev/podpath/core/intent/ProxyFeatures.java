package dev.podpath.core.intent;

import io.vavr.collection.Map;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.Locale;

/**
 * What kube-proxy does differently from one version to another, as far as it changes where packets go.
 *
 * @param hints which topology hints count
 * @param terminatingFallback whether endpoints that still serve while terminating stand in where no ready one is left
 *     (ProxyTerminatingEndpoints, on since 1.26)
 * @param internalPolicy whether internalTrafficPolicy is known (ServiceInternalTrafficPolicy, on since 1.22)
 * @param externalIpsPastBridges whether external addresses are left to the network for what the node itself sends, and
 *     for what comes over a bridge (to 1.23)
 * @param markedDrops whether, in iptables mode, what source ranges refuse is only marked to be dropped, by rules of the
 *     kubelet in the hooks INPUT and OUTPUT, so that what is to be forwarded passes (to 1.25)
 * @param virtualServersFallBack whether, in IPVS mode, a node without a local endpoint uses all of them with
 *     externalTrafficPolicy Local (since 1.21)
 * @param refusesOwnTraffic whether, in nftables mode, a node without a local endpoint drops what it sends itself to the
 *     external addresses of a service with externalTrafficPolicy Local: its refusals came before the translation (to 1.33)
 */
public record ProxyFeatures(
        TopologyHints hints,
        boolean terminatingFallback,
        boolean internalPolicy,
        boolean externalIpsPastBridges,
        boolean markedDrops,
        boolean virtualServersFallBack,
        boolean refusesOwnTraffic) {
    /** The newest version that is known here. */
    public static final ProxyFeatures NEWEST = of(35);

    /** What can be told apart, the newest first. */
    public static final Vector<ProxyFeatures> ALL = Vector.of(
            NEWEST,
            of(33),
            of(32),
            NEWEST.withHints(TopologyHints.NONE),
            NEWEST.withMarkedDrops(true),
            of(32).withMarkedDrops(true),
            NEWEST.withHints(TopologyHints.NONE).withMarkedDrops(true),
            of(25),
            of(25).withHints(TopologyHints.NONE),
            of(23),
            of(17));

    /** The features of Kubernetes 1.{@code minor} with its feature gates as they are by default. */
    public static ProxyFeatures of(int minor) {
        TopologyHints hints = minor >= 34
                ? TopologyHints.NODES_THEN_ZONES
                : minor == 33 ? TopologyHints.ZONES : minor >= 24 ? TopologyHints.REQUESTED_ZONES : TopologyHints.NONE;
        return new ProxyFeatures(hints, minor >= 26, minor >= 22, minor <= 23, minor <= 25, minor >= 21, minor <= 33);
    }

    /**
     * The features of a version by its text.
     *
     * @param version such as {@code v1.31.2-aliyun.1} or {@code 1.29}
     * @return empty where the text does not begin with a version of Kubernetes 1
     */
    public static Option<ProxyFeatures> parse(String version) {
        String text = version.startsWith("v") ? version.substring(1) : version;
        if (!text.startsWith("1.")) {
            return Option.none();
        }
        int end = 2;
        while (end < text.length() && end < 5 && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
            end++;
        }
        return end == 2 || end == 5 ? Option.none() : Option.some(of(Integer.parseInt(text.substring(2, end))));
    }

    /** In words. */
    public String describe() {
        return "topology hints " + hints.name().toLowerCase(Locale.ROOT).replace('_', ' ') + ", "
                + (terminatingFallback ? "terminating endpoints as a last resort" : "ready endpoints only") + ", "
                + (internalPolicy ? "internalTrafficPolicy" : "no internalTrafficPolicy") + ", "
                + (externalIpsPastBridges
                        ? "chains as they were up to 1.23"
                        : markedDrops ? "chains as in 1.24 and 1.25" : "chains as since 1.26");
    }

    /** The same with feature gates as they were set. */
    public ProxyFeatures with(Map<String, Boolean> gates) {
        boolean nodes = gates.get("PreferSameTrafficDistribution").getOrElse(hints == TopologyHints.NODES_THEN_ZONES);
        boolean zones = gates.get("TopologyAwareHints").getOrElse(hints != TopologyHints.NONE);
        TopologyHints gated = hints;
        if (!zones) {
            gated = TopologyHints.NONE;
        } else if (nodes) {
            gated = TopologyHints.NODES_THEN_ZONES;
        } else if (hints == TopologyHints.NODES_THEN_ZONES) {
            gated = TopologyHints.ZONES;
        } else if (hints == TopologyHints.NONE) {
            gated = TopologyHints.REQUESTED_ZONES;
        }
        return changed(
                gated,
                gates.get("ProxyTerminatingEndpoints").getOrElse(terminatingFallback),
                gates.get("ServiceInternalTrafficPolicy").getOrElse(internalPolicy),
                markedDrops,
                refusesOwnTraffic);
    }

    /** The same with other topology hints, as a feature gate makes them. */
    public ProxyFeatures withHints(TopologyHints other) {
        return changed(other, terminatingFallback, internalPolicy, markedDrops, refusesOwnTraffic);
    }

    /** The same for rules of iptables mode that only mark what source ranges refuse, or drop it themselves. */
    public ProxyFeatures withMarkedDrops(boolean marked) {
        return changed(hints, terminatingFallback, internalPolicy, marked, refusesOwnTraffic);
    }

    /** The same for rules of nftables mode that refuse before they translate, or do not. */
    public ProxyFeatures withRefusalOfOwnTraffic(boolean refuses) {
        return changed(hints, terminatingFallback, internalPolicy, markedDrops, refuses);
    }

    private ProxyFeatures changed(
            TopologyHints otherHints, boolean terminating, boolean internal, boolean marked, boolean refuses) {
        return new ProxyFeatures(
                otherHints, terminating, internal, externalIpsPastBridges, marked, virtualServersFallBack, refuses);
    }
}
