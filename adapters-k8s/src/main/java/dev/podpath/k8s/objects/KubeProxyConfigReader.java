package dev.podpath.k8s.objects;

import dev.podpath.core.cluster.KubeProxyConfig;
import dev.podpath.ports.snapshot.Document;
import dev.podpath.ports.snapshot.DocumentProblem;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.nio.charset.StandardCharsets;

/** Reads kube-proxy's configuration (kubeproxy.config.k8s.io/v1alpha1) out of its ConfigMap. */
final class KubeProxyConfigReader {
    private KubeProxyConfigReader() {}

    /** Whether this ConfigMap is the one that kube-proxy's main DaemonSet uses on kubeadm, ACK or EKS. */
    static boolean isOne(Json configMap) {
        String name = configMap.at("metadata").textOr("", "name");
        return name.equals("kube-proxy") || name.equals("kube-proxy-worker") || name.equals("kube-proxy-config");
    }

    /** The configuration; empty where the ConfigMap holds none. */
    static Either<DocumentProblem, Option<KubeProxyConfig>> read(Json configMap) {
        Option<String> text = configMap
                .at("data")
                .text("config.conf")
                .orElse(configMap.at("data").text("config"))
                .orElse(configMap.at("data").text("config.yaml"));
        if (text.isEmpty()) {
            return Either.right(Option.none());
        }
        String path = configMap.document().path() + "#" + configMap.pointer() + "/data/config.yaml";
        Document inner = new Document(path, text.get().getBytes(StandardCharsets.UTF_8));
        return inner.json().map(config -> Option.some(config(configMap, config)));
    }

    private static KubeProxyConfig config(Json configMap, Json config) {
        boolean all = config.isTrue("iptables", "masqueradeAll")
                || config.isTrue("ipvs", "masqueradeAll")
                || config.isTrue("nftables", "masqueradeAll");
        Vector<String> prefixes = Vector.of(config.textOr("", "clusterCIDR").split(","));
        return KubeProxyConfig.builder()
                .mode(config.textOr("", "mode"))
                .clusterPrefixes(prefixes.flatMap(LenientAddress::prefix))
                .masqueradeAll(all)
                .nodePortAddresses(config.texts("nodePortAddresses"))
                .scheduler(config.text("ipvs", "scheduler").filter(scheduler -> !scheduler.isEmpty()))
                .evidence(configMap.evidenceOfPaths("metadata.name", "data"))
                .build();
    }
}
