package dev.podpath.capture.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import dev.podpath.ports.capture.CaptureRun;
import dev.podpath.ports.capture.DocumentWriter;
import dev.podpath.ports.snapshot.NotCaptured;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import java.io.IOException;

/** Gets the few ConfigMaps that matter by their names; others may hold anything and are not asked for. */
final class ConfigMapCapture {
    static final String DOCUMENT = "kubernetes/configmaps.json";

    /** kube-proxy's on kubeadm, ACK and EKS; cluster DNS's; the kubelets' and kubeadm's; what decides on masquerading. */
    static final Vector<String> SYSTEM = Vector.of(
                    "amazon-vpc-cni",
                    "coredns",
                    "coredns-custom",
                    "ip-masq-agent",
                    "kube-dns",
                    "kube-proxy",
                    "kube-proxy-config",
                    "kube-proxy-worker",
                    "kubeadm-config",
                    "kubelet-config",
                    "node-local-dns",
                    "nodelocaldns")
            .map(name -> "kube-system/" + name)
            .append("kube-flannel/kube-flannel-cfg")
            .sorted();

    private static final Vector<String> FLAGS =
            Vector.of("configmap", "tcp-services-configmap", "udp-services-configmap");

    private ConfigMapCapture() {}

    static void capture(Api api, CaptureRun run, Facts facts) throws IOException {
        if (run.isDone(DOCUMENT) || run.cancelled()) {
            return;
        }
        Vector<String> wanted = SYSTEM.appendAll(facts.controllers().flatMap(ConfigMapCapture::ofController))
                .distinct()
                .sorted();
        Vector<ApiFailure> failures = Vector.empty();
        try (DocumentWriter writer = run.snapshot().document(DOCUMENT)) {
            ListDocument document = new ListDocument(writer, object -> {});
            for (String id : wanted) {
                int slash = id.indexOf('/');
                Either<ApiFailure, JsonNode> map = api.json("/api/v1/namespaces/" + Api.encode(id.substring(0, slash))
                        + "/configmaps/" + Api.encode(id.substring(slash + 1)));
                if (map.isRight()) {
                    document.add(map.get());
                } else if (!map.getLeft().absent()) {
                    failures = failures.append(map.getLeft());
                }
            }
            if (document.count() > 0 || failures.isEmpty()) {
                document.end();
            }
        }
        failures.headOption()
                .forEach(failure -> run.notCaptured(
                        failure.denied()
                                ? NotCaptured.denied(DOCUMENT, "get configmaps", failure.toString())
                                : NotCaptured.failed(DOCUMENT, failure.toString())));
        if (failures.isEmpty()) {
            run.done(DOCUMENT, Vector.empty());
        }
    }

    /** The ConfigMaps that a controller's arguments name. */
    static Vector<String> ofController(Facts.PodFact pod) {
        return FLAGS.flatMap(flag -> pod.arguments()
                .flatMap(argument -> Vector.of("--" + flag + "=", "-" + flag + "=")
                        .filter(argument::startsWith)
                        .map(prefix -> argument.substring(prefix.length())))
                .map(value -> value.replace("$(POD_NAMESPACE)", pod.namespace()))
                .filter(value -> value.matches("[a-z0-9-]+/[a-z0-9.-]+")));
    }
}
