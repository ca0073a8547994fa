package dev.podpath.testkit.conformance;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Endpoint;
import dev.podpath.core.cluster.Node;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.IpPrefix;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.packet.Packet;
import dev.podpath.ports.snapshot.Document;
import dev.podpath.ports.snapshot.DocumentProblem;
import dev.podpath.ports.snapshot.Json;
import dev.podpath.testkit.reference.LocalDetector;
import dev.podpath.testkit.reference.WriterConfig;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;

/** Reads a file of cases. */
public final class ConformanceCases {
    private ConformanceCases() {}

    /**
     * Reads the cases of one file.
     *
     * @param document a file of the {@code flows} directory
     * @return its cases, or why it cannot be read
     */
    public static Either<DocumentProblem, Vector<ConformanceCase>> read(Document document) {
        return document.json().map(root -> root.items("cases").map(ConformanceCases::toCase));
    }

    private static ConformanceCase toCase(Json data) {
        Json config = data.at("config");
        boolean v6 = config.text("family").contains("IPv6");
        String node = config.textOr("test-node", "nodeName");
        // A case about rules alone has no objects; what its rules were written for is given beside them.
        Json objects = data.at("impliedObjects").isPresent() ? data.at("impliedObjects") : data.at("objects");
        Option<String> dump = data.text("ruleset", "file").map(path -> path.substring(path.lastIndexOf('/') + 1));
        return new ConformanceCase(
                data.textOr("", "id"),
                cluster(objects, node, config),
                node,
                v6,
                config(data, config),
                data.items("flows").map(ConformanceCases::flow),
                dump,
                data);
    }

    private static Cluster cluster(Json objects, String node, Json config) {
        Vector<Endpoint> endpoints = objects.items("endpointSlices").flatMap(KubernetesJson::endpoints);
        Vector<IpAddress> addresses = config.text("primaryNodeIP")
                .toVector()
                .appendAll(config.texts("nodeIPs"))
                .appendAll(config.texts("nodeIPsOnEth0"))
                .flatMap(IpAddress::parse)
                .distinct();
        Node own = Node.builder()
                .name(node)
                .internalAddresses(addresses)
                .evidence(config.evidence("nodeName", "nodeIPs"))
                .build();
        Vector<Node> others = endpoints
                .flatMap(Endpoint::node)
                .distinct()
                .filter(name -> !name.equals(node))
                .map(name ->
                        Node.builder().name(name).evidence(config.evidence()).build());
        return new Cluster(
                new Cluster.Captured(true, true, false, true),
                "cluster.local",
                Option.none(),
                objects.items("services").map(KubernetesJson::service),
                endpoints,
                Vector.empty(),
                others.prepend(own));
    }

    private static WriterConfig config(Json data, Json config) {
        Option<IpPrefix> pods = config.text("clusterCIDR").flatMap(IpPrefix::parse);
        boolean detects = config.text("detectLocalMode").contains("ClusterCIDR");
        boolean counters =
                config.bool("nfacctEnsured").getOrElse(!data.text("version").contains("~v1.27"));
        return WriterConfig.builder()
                .detector(detects ? new LocalDetector.ByAddress(pods.toVector()) : new LocalDetector.None())
                .masqueradeAll(config.isTrue("masqueradeAll"))
                .localhostNodePorts(config.bool("localhostNodePorts").getOrElse(true))
                .nodePortAddresses(config.texts("nodePortAddresses").flatMap(IpPrefix::parse))
                .serviceRanges(Vector.of(config.textOr("", "serviceCIDRs").split("[, ]+"))
                        .flatMap(IpPrefix::parse))
                .nfacct(counters)
                .randomFully(config.isTrue("iptablesHasRandomFully"))
                .conntrackLiberal(config.isTrue("conntrackTCPBeLiberal"))
                .scheduler(config.textOr("rr", "scheduler"))
                .build();
    }

    private static ConformanceFlow flow(Json flow) {
        AddressPort to = new AddressPort(
                IpAddress.of(flow.textOr("", "destIP")),
                flow.integer("destPort").getOrElse(0));
        Protocol protocol = flow.text("protocol").flatMap(Protocol::parse).getOrElse(Protocol.TCP);
        return new ConformanceFlow(
                flow.textOr("", "name"),
                Packet.of(protocol, IpAddress.of(flow.textOr("", "sourceIP")), to),
                ConformanceFlow.Verdict.valueOf(flow.at("expected").textOr("NONE", "verdict")),
                flow.at("expected").texts("endpoints").flatMap(AddressPort::parse),
                flow.isTrue("masquerade"));
    }
}
