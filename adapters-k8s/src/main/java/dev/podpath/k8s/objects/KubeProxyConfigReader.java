package dev.podpath.k8s.objects;

import dev.podpath.core.cluster.KubeProxyConfig;
import dev.podpath.ports.snapshot.DocumentProblem;
import dev.podpath.ports.snapshot.Json;
import io.vavr.Tuple;
import io.vavr.collection.HashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;

/** Reads kube-proxy's configuration (kubeproxy.config.k8s.io/v1alpha1) out of its ConfigMap. */
final class KubeProxyConfigReader {
    private static final Vector<String> NAMES = Vector.of("kube-proxy", "kube-proxy-worker", "kube-proxy-config");
    private static final Vector<String> KEYS = Vector.of("config.conf", "config", "config.yaml");

    private KubeProxyConfigReader() {}

    /** Whether this ConfigMap is the one that kube-proxy's main DaemonSet uses on kubeadm, ACK or EKS. */
    static boolean isOne(Json configMap) {
        Json metadata = configMap.at("metadata");
        return NAMES.contains(metadata.textOr("", "name"))
                && metadata.textOr("", "namespace").equals("kube-system");
    }

    /** The configuration; empty where the ConfigMap holds none. */
    static Either<DocumentProblem, Option<KubeProxyConfig>> read(Json configMap, Fields fields) {
        Option<String> key = KEYS.find(name -> configMap.at("data").text(name).exists(text -> !text.isBlank()));
        return key.isEmpty()
                ? Either.right(Option.none())
                : ConfigMapText.yaml(configMap, key.get())
                        .map(config -> Option.some(config(configMap, config, fields)));
    }

    private static KubeProxyConfig config(Json configMap, Json config, Fields fields) {
        boolean all = config.isTrue("iptables", "masqueradeAll")
                || config.isTrue("ipvs", "masqueradeAll")
                || config.isTrue("nftables", "masqueradeAll");
        Vector<String> prefixes = Vector.of(config.textOr("", "clusterCIDR").split(","));
        return KubeProxyConfig.builder()
                .mode(config.textOr("", "mode"))
                .clusterPrefixes(fields.prefixes(configMap.at("data"), "clusterCIDR", prefixes))
                .masqueradeAll(all)
                .nodePortAddresses(config.texts("nodePortAddresses"))
                .detectLocalMode(config.text("detectLocalMode").filter(mode -> !mode.isEmpty()))
                .bridgeInterface(config.text("detectLocal", "bridgeInterface").filter(name -> !name.isEmpty()))
                .interfaceNamePrefix(
                        config.text("detectLocal", "interfaceNamePrefix").filter(name -> !name.isEmpty()))
                .localhostNodePorts(
                        config.bool("iptables", "localhostNodePorts").getOrElse(true))
                .featureGates(gates(config.at("featureGates")))
                .scheduler(config.text("ipvs", "scheduler").filter(scheduler -> !scheduler.isEmpty()))
                .evidence(configMap.evidenceOfPaths("metadata.name", "data"))
                .build();
    }

    private static Map<String, Boolean> gates(Json gates) {
        return Vector.of(
                        "PreferSameTrafficDistribution",
                        "TopologyAwareHints",
                        "ProxyTerminatingEndpoints",
                        "ServiceInternalTrafficPolicy")
                .flatMap(name -> gates.bool(name).map(on -> Tuple.of(name, on)))
                .foldLeft(HashMap.empty(), HashMap::put);
    }
}
