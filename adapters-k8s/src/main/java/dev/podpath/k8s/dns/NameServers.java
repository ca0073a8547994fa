package dev.podpath.k8s.dns;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Pod;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Evidence;
import dev.podpath.k8s.dns.corefile.Corefile;
import dev.podpath.k8s.dns.server.Answer;
import dev.podpath.k8s.dns.server.NameServer;
import dev.podpath.k8s.dns.server.Question;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/** Which server answers at an address that a pod asks, and what it answers: CoreDNS, or a cache on the node in front of it. */
final class NameServers {
    private final Cluster cluster;
    private final DnsDocuments documents;
    private final NameServer core;
    private final Option<NameServer> cache;

    NameServers(Cluster cluster, DnsDocuments documents) {
        this.cluster = cluster;
        this.documents = documents;
        this.core = NameServer.of(documents.corefile(), cluster, documents.namespaces());
        this.cache = documents.cache().map(file -> NameServer.of(Option.some(file), cluster, documents.namespaces()));
    }

    /** What is known of the server at an address. */
    enum Kind {
        /** CoreDNS behind the service of the cluster's DNS. */
        CLUSTER,
        /** The cache on the pod's node. */
        CACHE,
        /** Somebody else. */
        FOREIGN
    }

    /**
     * The server at an address.
     *
     * @param kind which it is
     * @param words for people
     * @param evidence what says so
     * @param assumptions what is taken for granted
     */
    record At(Kind kind, String words, Vector<Evidence> evidence, Vector<String> assumptions) {}

    At at(IpAddress address, Pod pod) {
        Vector<Evidence> service =
                cluster.servicesAt(address).filter(PodDns::servesNames).map(found -> found.evidence());
        Option<Pod> agent = pod.node().flatMap(this::agentOn);
        boolean bound = documents.cache().exists(file -> binds(file, address));
        if (address.isLinkLocal() || bound && agent.isDefined()) {
            return new At(
                    Kind.CACHE,
                    "the cache on the node (NodeLocal DNSCache)",
                    agent.map(Pod::evidence)
                            .toVector()
                            .appendAll(documents.cache().map(Corefile::evidence)),
                    documents.cache().isDefined()
                            ? Vector.empty()
                            : Vector.of("the name server " + address + " of pod " + pod.id()
                                    + " answers as the cluster's DNS does"));
        }
        if (!service.isEmpty()) {
            return new At(Kind.CLUSTER, "the cluster's DNS", service, Vector.empty());
        }
        boolean untold = !cluster.captured().services() && !address.isPublic()
                || documents.clusterDns().contains(address);
        return untold
                ? new At(
                        Kind.CLUSTER,
                        "the cluster's DNS",
                        Vector.empty(),
                        Vector.of("the name server " + address + " of pod " + pod.id()
                                + " answers as the cluster's DNS does"))
                : new At(Kind.FOREIGN, "a name server of somebody else's", Vector.empty(), Vector.empty());
    }

    private Option<Pod> agentOn(String node) {
        return cluster.pods()
                .find(pod -> pod.node().contains(node)
                        && (pod.labels().get("k8s-app").contains("node-local-dns")
                                || pod.name().startsWith("node-local-dns")));
    }

    private static boolean binds(Corefile file, IpAddress address) {
        return file.servers()
                .flatMap(server -> server.all("bind"))
                .flatMap(Corefile.Directive::args)
                .exists(arg -> IpAddress.parse(arg).contains(address));
    }

    /** The answer of CoreDNS itself, or through the cache. */
    Answer ask(Kind kind, Question question) {
        if (kind == Kind.FOREIGN || kind == Kind.CLUSTER || cache.isEmpty()) {
            return core.answer(question);
        }
        Answer first = cache.get().answer(question);
        boolean toCluster = first.forward().exists(to -> to.servers().exists(this::isCluster));
        return toCluster ? core.answer(question).after(first.why()) : first;
    }

    private boolean isCluster(String server) {
        String bare =
                server.startsWith("[") || server.chars().filter(c -> c == ':').count() > 1
                        ? server
                        : server.replaceAll(":[0-9]+$", "");
        return server.contains("__PILLAR__CLUSTER__DNS__")
                || IpAddress.parse(bare)
                        .exists(address -> cluster.servicesAt(address).exists(PodDns::servesNames));
    }

    /** That the questions go to a server, as a decision. */
    static Decision asks(Pod pod, ResolvConf conf, At server, CLibrary library) {
        return Decision.found("the resolver (" + library + ") of pod " + pod.id() + " asks "
                        + conf.servers().head() + ", " + server.words() + "; search "
                        + (conf.search().isEmpty() ? "none" : conf.search().mkString(" ")) + "; ndots:" + conf.ndots())
                .with(conf.evidence().appendAll(server.evidence()).distinct());
    }
}
