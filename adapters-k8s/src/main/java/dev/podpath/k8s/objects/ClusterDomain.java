package dev.podpath.k8s.objects;

import dev.podpath.ports.snapshot.Json;
import io.vavr.control.Option;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The cluster's DNS domain: the first zone of the {@code kubernetes} plugin in CoreDNS's Corefile, else {@code
 * clusterDomain} of the kubelets' configuration (kubelet.config.k8s.io/v1beta1) as kubeadm keeps it.
 */
final class ClusterDomain {
    private static final Pattern ZONE = Pattern.compile("(?m)^[ \\t]*kubernetes[ \\t]+([A-Za-z0-9.-]{1,253})");
    private static final String KUBELET_KEY = "kubelet";

    private Option<String> served = Option.none();
    private Option<String> searched = Option.none();

    /** Looks into a ConfigMap; whether it is one of those that matter. */
    boolean take(Json configMap, Fields fields) {
        Option<String> corefile = configMap.at("data").text("Corefile");
        if (corefile.isDefined()) {
            served = served.orElse(() -> zone(corefile.get()));
            return true;
        }
        Json metadata = configMap.at("metadata");
        boolean kubelet = metadata.textOr("", "name").startsWith("kubelet-config")
                && metadata.textOr("", "namespace").equals("kube-system")
                && configMap.at("data").text(KUBELET_KEY).isDefined();
        if (kubelet && searched.isEmpty()) {
            searched = ConfigMapText.yaml(configMap, KUBELET_KEY)
                    .peekLeft(fields::add)
                    .toOption()
                    .flatMap(config -> config.text("clusterDomain"))
                    .flatMap(ClusterDomain::name);
        }
        return kubelet;
    }

    /** Takes what later documents say where earlier ones say nothing. */
    void absorb(ClusterDomain later) {
        served = served.orElse(later.served);
        searched = searched.orElse(later.searched);
    }

    String domain() {
        return served.orElse(searched).getOrElse("cluster.local");
    }

    private static Option<String> zone(String corefile) {
        Matcher zone = ZONE.matcher(corefile);
        return zone.find() ? name(zone.group(1)) : Option.none();
    }

    private static Option<String> name(String zone) {
        String name = zone.toLowerCase(Locale.ROOT);
        String relative = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        return relative.isEmpty() ? Option.none() : Option.some(relative);
    }
}
