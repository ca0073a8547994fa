package dev.podpath.testkit.verification;

import dev.podpath.core.intent.LocalDetection;
import dev.podpath.core.intent.NodePortAddresses;
import dev.podpath.core.intent.ProxyFeatures;
import dev.podpath.core.intent.ProxyMode;
import dev.podpath.core.intent.ProxySettings;
import dev.podpath.core.intent.TopologyHints;
import dev.podpath.core.net.AddressSet;
import dev.podpath.testkit.reference.LocalDetector;
import dev.podpath.testkit.reference.RuleStyle;
import dev.podpath.testkit.reference.WriterConfig;

/** The settings of kube-proxy that a reference writer was given, as verification has them. */
public final class KnownSettings {
    private KnownSettings() {}

    /**
     * The settings.
     *
     * @param config what the writer was told
     * @param mode whose rules it writes
     */
    public static ProxySettings of(WriterConfig config, ProxyMode mode) {
        return ProxySettings.builder()
                .mode(mode)
                .features(features(config))
                .detection(detection(config.detector()))
                .masqueradeAll(config.masqueradeAll())
                .nodePortAddresses(new NodePortAddresses(false, config.nodePortAddresses()))
                .localhostNodePorts(config.localhostNodePorts())
                .build();
    }

    private static ProxyFeatures features(WriterConfig config) {
        if (config.style() == RuleStyle.UP_TO_1_23) {
            return ProxyFeatures.of(17);
        }
        TopologyHints hints = switch (config.hints()) {
            case NODES_THEN_ZONES -> TopologyHints.NODES_THEN_ZONES;
            case ANNOTATED_ZONES -> TopologyHints.REQUESTED_ZONES;
            case IGNORED -> TopologyHints.NONE;
        };
        return ProxyFeatures.NEWEST.withHints(hints).withMarkedDrops(config.style() == RuleStyle.FROM_1_24);
    }

    private static LocalDetection detection(LocalDetector detector) {
        if (detector instanceof LocalDetector.ByAddress) {
            return new LocalDetection.ByAddress(
                    detector.prefix(false).map(AddressSet::of).getOrElse(AddressSet.empty(false)),
                    detector.prefix(true).map(AddressSet::of).getOrElse(AddressSet.empty(true)));
        }
        if (detector instanceof LocalDetector.ByBridge bridge) {
            return new LocalDetection.ByInterface(bridge.name(), false);
        }
        return detector instanceof LocalDetector.ByInterfacePrefix names
                ? new LocalDetection.ByInterface(names.prefix(), true)
                : new LocalDetection.None();
    }
}
