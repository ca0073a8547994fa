package dev.podpath.k8s.dns;

import dev.podpath.core.net.IpAddress;
import dev.podpath.core.trace.Evidence;
import dev.podpath.k8s.dns.corefile.Corefile;
import dev.podpath.k8s.objects.ObjectList;
import dev.podpath.ports.snapshot.Document;
import dev.podpath.ports.snapshot.DocumentProblem;
import dev.podpath.ports.snapshot.Json;
import dev.podpath.ports.snapshot.Snapshot;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;

/**
 * What the snapshot says about name servers.
 *
 * @param corefile the configuration of the cluster's CoreDNS
 * @param cache the configuration of the cache on each node (NodeLocal DNSCache)
 * @param clusterDns the addresses that kubelets are told, with the place
 * @param namespaces the namespaces there are
 * @param problems Corefiles that cannot be read
 */
record DnsDocuments(
        Option<Corefile> corefile,
        Option<Corefile> cache,
        Vector<IpAddress> clusterDns,
        Vector<Evidence> clusterDnsEvidence,
        ObjectList namespaces,
        Vector<DocumentProblem> problems,
        Snapshot snapshot) {
    private static final String KEY = "Corefile";

    static DnsDocuments read(Snapshot snapshot) {
        ObjectList configMaps = ObjectList.read(snapshot, "configmaps");
        Vector<Json> holders =
                configMaps.items().filter(map -> map.at("data").text(KEY).isDefined());
        Vector<Either<DocumentProblem, Corefile>> read = holders.map(map -> parse(map, configMaps));
        Option<Json> kubelet = configMaps
                .items()
                .find(map -> name(map).startsWith("kubelet-config")
                        && map.at("data").text("kubelet").isDefined());
        return new DnsDocuments(
                pick(holders, read, false),
                pick(holders, read, true),
                kubelet.map(DnsDocuments::clusterDns).getOrElse(Vector.empty()),
                kubelet.map(map -> map.evidenceOfPaths("metadata.name", "data.kubelet"))
                        .toVector(),
                ObjectList.read(snapshot, "namespaces"),
                read.flatMap(each -> each.swap().toOption()),
                snapshot);
    }

    private static Option<Corefile> pick(
            Vector<Json> holders, Vector<Either<DocumentProblem, Corefile>> read, boolean cache) {
        return holders.zip(read)
                .filter(pair -> name(pair._1).contains("node-local") == cache)
                .flatMap(pair -> pair._2.toOption())
                .headOption();
    }

    private static Either<DocumentProblem, Corefile> parse(Json map, ObjectList all) {
        Evidence evidence = map.evidenceOfPaths("metadata.name", "data.Corefile");
        return Corefile.parse(map.at("data").textOr("", KEY), evidence, pattern -> imports(map, all, pattern))
                .mapLeft(problem -> new DocumentProblem(
                        map.document().path(),
                        evidence.line(),
                        problem.found() + " at line " + problem.line() + " of the Corefile of ConfigMap " + name(map),
                        problem.expected(),
                        "correct the ConfigMap, or capture the document again"));
    }

    /** The keys of the ConfigMaps that are mounted beside the Corefile, as {@code coredns-custom} is. */
    private static Vector<String> imports(Json map, ObjectList all, String pattern) {
        String file = pattern.substring(pattern.lastIndexOf('/') + 1);
        String glob = Vector.of(file.split("\\*", -1))
                .map(java.util.regex.Pattern::quote)
                .mkString(".*");
        return all.items()
                .filter(other -> name(other).startsWith("coredns")
                        && other.at("metadata")
                                .textOr("", "namespace")
                                .equals(map.at("metadata").textOr("", "namespace")))
                .flatMap(other -> other.at("data")
                        .names()
                        .filter(key -> !key.equals(KEY) && key.matches(glob))
                        .sorted()
                        .flatMap(key -> other.at("data").text(key)));
    }

    private static String name(Json map) {
        return map.at("metadata").textOr("", "name");
    }

    private static Vector<IpAddress> clusterDns(Json map) {
        byte[] text = map.at("data").textOr("", "kubelet").getBytes(java.nio.charset.StandardCharsets.UTF_8);
        return new Document("kubelet.yaml", text)
                .json()
                .map(config -> config.texts("clusterDNS").flatMap(IpAddress::parse))
                .getOrElse(Vector.empty());
    }

    /** The node's own {@code /etc/resolv.conf}. */
    Option<ResolvConf> ofNode(String node) {
        return snapshot.document("nodes/" + node + "/resolv.conf")
                .map(document -> ResolvConf.parse(
                        new String(document.bytes(), java.nio.charset.StandardCharsets.UTF_8), document.whole()));
    }

    /** The counters of the node's connection tracking ({@code conntrack -S}). */
    Option<Document> conntrackStatistics(String node) {
        return snapshot.document("nodes/" + node + "/conntrack-stats.txt");
    }
}
