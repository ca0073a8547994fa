package dev.podpath.core.verify;

import dev.podpath.core.cluster.KubeProxyConfig;
import dev.podpath.core.cluster.Node;
import dev.podpath.core.cluster.Pod;
import dev.podpath.core.intent.LocalDetection;
import dev.podpath.core.intent.NodePortAddresses;
import dev.podpath.core.intent.ProxyFeatures;
import dev.podpath.core.intent.ProxyMode;
import dev.podpath.core.intent.ProxySettings;
import dev.podpath.core.net.AddressSet;
import dev.podpath.core.net.IpPrefix;
import dev.podpath.core.proxy.NodePlane;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * Finds out how a node's kube-proxy was started: from its ConfigMap, from the version of its image or of the kubelet, and
 * where those were not captured, from the rules. What was not captured is stated.
 */
final class SettingsFinder {
    private final ClusterFacts facts;
    private final NodePlane plane;
    private final ProxyMode mode;

    SettingsFinder(ClusterFacts facts, NodePlane plane, ProxyMode mode) {
        this.facts = facts;
        this.plane = plane;
        this.mode = mode;
    }

    /** Infers settings from rules. */
    interface Inference {
        /** These with the local detection, and whether everything is masqueraded, as the rules show. */
        ProxySettings masquerade(ProxySettings settings);

        /** These with node ports at the addresses where the rules serve them. */
        ProxySettings nodePorts(ProxySettings settings);

        /** These with the features of the version whose intent the rules fit best. */
        ProxySettings features(ProxySettings settings);
    }

    ProxySettings find(Inference inference) {
        Option<ProxyFeatures> version = version();
        ProxySettings settings = ProxySettings.builder()
                .mode(mode)
                .features(version.getOrElse(ProxyFeatures.NEWEST))
                .build();
        Option<KubeProxyConfig> config = facts.cluster().kubeProxy();
        if (config.isDefined()) {
            settings = configured(settings, config.get());
        }
        // A version first: which endpoints are meant does not depend on the other values, and they are read off
        // endpoints.
        if (version.isEmpty()) {
            settings = inference.features(settings);
        }
        if (config.isEmpty()) {
            settings = inference.nodePorts(inference.masquerade(settings));
        }
        return settings;
    }

    private ProxySettings configured(ProxySettings settings, KubeProxyConfig config) {
        ProxySettings known = settings.withMasqueradeAll(config.masqueradeAll())
                .withNodePortAddresses(NodePortAddresses.of(config.nodePortAddresses()))
                .withLocalhostNodePorts(config.localhostNodePorts())
                .withFeatures(settings.features().with(config.featureGates()));
        String detect = config.detectLocalMode().getOrElse("ClusterCIDR");
        return switch (detect) {
            case "NodeCIDR" ->
                known.withDetection(byAddress(facts.cluster()
                        .node(plane.node())
                        .map(Node::podPrefixes)
                        .getOrElse(Vector.empty())));
            case "BridgeInterface" ->
                known.withDetection(config.bridgeInterface()
                        .<LocalDetection>map(name -> new LocalDetection.ByInterface(name, false))
                        .getOrElse(LocalDetection.None::new));
            case "InterfaceNamePrefix" ->
                known.withDetection(config.interfaceNamePrefix()
                        .<LocalDetection>map(name -> new LocalDetection.ByInterface(name, true))
                        .getOrElse(LocalDetection.None::new));
            default -> known.withDetection(byAddress(config.clusterPrefixes()));
        };
    }

    private static LocalDetection byAddress(Vector<IpPrefix> prefixes) {
        return prefixes.isEmpty()
                ? new LocalDetection.None()
                : new LocalDetection.ByAddress(of(prefixes, false), of(prefixes, true));
    }

    private static AddressSet of(Vector<IpPrefix> prefixes, boolean v6) {
        return prefixes.filter(prefix -> prefix.address().isV6() == v6)
                .map(AddressSet::of)
                .fold(AddressSet.empty(v6), AddressSet::union);
    }

    /** By the image of the kube-proxy pod of the node; else by the kubelet, which is of the same version or a newer one. */
    private Option<ProxyFeatures> version() {
        Option<ProxyFeatures> image = facts.kubeProxy(plane.node())
                .toVector()
                .flatMap(Pod::images)
                .filter(text -> text.contains("kube-proxy"))
                .flatMap(text -> ProxyFeatures.parse(text.substring(text.lastIndexOf(':') + 1)))
                .headOption();
        return image.orElse(() ->
                facts.cluster().node(plane.node()).flatMap(Node::kubeletVersion).flatMap(ProxyFeatures::parse));
    }
}
