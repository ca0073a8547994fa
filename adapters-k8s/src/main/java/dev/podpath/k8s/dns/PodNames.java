package dev.podpath.k8s.dns;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Pod;
import dev.podpath.core.location.DnsName;
import dev.podpath.core.location.NetworkAddress;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.trace.Branch;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Evidence;
import dev.podpath.core.trace.Missing;
import dev.podpath.ports.snapshot.Json;
import dev.podpath.ports.snapshot.Snapshot;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names of pods by address, {@code 10-0-0-1.NS.pod}: whether they exist is the option {@code pods} of CoreDNS's {@code
 * kubernetes} plugin (CoreDNS, plugin kubernetes; {@code disabled} unless it is set).
 *
 * @param mode the option; empty where no Corefile was captured
 */
record PodNames(Option<Mode> mode) {
    private static final Pattern PLUGIN = Pattern.compile("(?m)^[ \\t]*kubernetes[ \\t{]");
    private static final Pattern OPTION = Pattern.compile("(?m)^[ \\t]*pods[ \\t]+([a-z]{1,20})");

    /**
     * The option {@code pods}.
     *
     * @param name {@code disabled}, {@code insecure} or {@code verified}
     * @param evidence the ConfigMap that holds the Corefile
     */
    record Mode(String name, Evidence evidence) {}

    static PodNames read(Snapshot snapshot) {
        Vector<Json> roots = snapshot.under("kubernetes/")
                .flatMap(document -> document.json().toOption())
                .flatMap(root -> root.isArray() ? root.items() : Vector.of(root));
        Vector<Json> objects =
                roots.flatMap(root -> root.at("items").isArray() ? root.items("items") : Vector.of(root));
        return new PodNames(objects.iterator()
                .flatMap(object -> object.at("data").text("Corefile").flatMap(text -> mode(object, text)))
                .headOption());
    }

    private static Option<Mode> mode(Json configMap, String corefile) {
        if (!PLUGIN.matcher(corefile).find()) {
            return Option.none();
        }
        Matcher option = OPTION.matcher(corefile);
        return Option.some(new Mode(
                option.find() ? option.group(1) : "disabled",
                configMap.evidenceOfPaths("metadata.name", "data.Corefile")));
    }

    ZoneAnswer answer(DnsName at, String query, String namespace, String label, Cluster cluster) {
        Option<IpAddress> address = undashed(label);
        if (address.isEmpty()) {
            return new ZoneAnswer.None(Decision.notFound(query + " is no name of a pod: " + label + " is no address"));
        }
        if (mode.isEmpty()) {
            return ZoneAnswer.untold(Decision.unknown(
                    "CoreDNS's Corefile was not captured, so whether names of pods exist is not known",
                    new Missing(
                            "kubernetes/configmaps.json",
                            "kubectl get configmaps -n kube-system -o json > kubernetes/configmaps.json")));
        }
        Mode set = mode.get();
        boolean owned = cluster.podsAt(address.get()).map(Pod::namespace).contains(namespace);
        if (set.name().equals("verified") && !owned && !cluster.captured().pods()) {
            return ZoneAnswer.untold(Decision.unknown(
                    "pods were not captured, so whether one has the address " + address.get() + " is not known",
                    new Missing("kubernetes/pods.json", "kubectl get pods -A -o json > kubernetes/pods.json")));
        }
        boolean exists = set.name().equals("insecure") || set.name().equals("verified") && owned;
        if (!exists) {
            return new ZoneAnswer.None(
                    Decision.notFound(query + " does not exist: CoreDNS is set to pods " + set.name(), set.evidence()));
        }
        AddressPort to = new AddressPort(address.get(), at.port());
        return ZoneAnswer.found(
                Decision.found(
                        query + " is " + to.address() + ": CoreDNS is set to pods " + set.name(), set.evidence()),
                Vector.of(Branch.all(new NetworkAddress(to, at.flow(), at.vantage()))));
    }

    /** The address as a label of a name. */
    static String dashed(IpAddress address) {
        return address.toString().replace('.', '-').replace(':', '-');
    }

    private static Option<IpAddress> undashed(String label) {
        return IpAddress.parse(label.replace('-', '.')).orElse(() -> IpAddress.parse(label.replace('-', ':')));
    }
}
