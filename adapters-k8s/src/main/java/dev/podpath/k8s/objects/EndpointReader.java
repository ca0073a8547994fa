package dev.podpath.k8s.objects;

import dev.podpath.core.cluster.Endpoint;
import dev.podpath.core.cluster.ServiceKey;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.trace.Evidence;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads discovery.k8s.io/v1 EndpointSlices, or the older core/v1 Endpoints. Conditions that are not given mean what the
 * API says: ready is true, serving is as ready, terminating is false.
 *
 * <p>An object names every endpoint once and every port once and means all pairs, so a small hostile document can mean
 * more endpoints than there is memory: beyond a bound nothing is read, and the reader says so.
 */
final class EndpointReader {
    /** A service without ports has endpoints without ports; their addresses are what its name answers with. */
    static final int NO_PORT = 0;

    /** More than the largest cluster Kubernetes is tested for has: 150,000 pods. */
    static final int MOST = 1_000_000;

    private static final Vector<SlicePort> PORTLESS = Vector.of(new SlicePort("", Protocol.TCP, NO_PORT));

    private final Fields fields;
    private final List<Endpoint> endpoints = new ArrayList<>();
    private boolean overflown;

    EndpointReader(Fields fields) {
        this.fields = fields;
    }

    /** Reads a slice. One without a service, or of names, is none of kube-proxy's business. */
    void slice(Json slice) {
        Option<ServiceKey> service = slice.text("metadata", "namespace")
                .flatMap(ns -> slice.at("metadata", "labels")
                        .text("kubernetes.io/service-name")
                        .map(name -> new ServiceKey(ns, name)));
        if (service.isEmpty() || slice.textOr("IPv4", "addressType").equals("FQDN")) {
            return;
        }
        Vector<SlicePort> ports = ports(slice);
        for (Json entry : slice.items("endpoints")) {
            Json conditions = entry.at("conditions");
            boolean ready = conditions.bool("ready").getOrElse(true);
            Common common = new Common(
                    service.get(),
                    ready,
                    conditions.bool("serving").getOrElse(ready),
                    conditions.isTrue("terminating"),
                    entry.text("zone"),
                    entry.items("hints", "forZones").flatMap(zone -> zone.text("name")),
                    entry.items("hints", "forNodes").flatMap(node -> node.text("name")),
                    entry,
                    evidence(entry));
            add(common, fields.addresses(entry, "addresses", entry.texts("addresses")), ports);
        }
    }

    /** Reads an Endpoints object; false where it has no name. */
    boolean endpoints(Json object) {
        Option<ServiceKey> service = object.text("metadata", "namespace")
                .flatMap(ns -> object.text("metadata", "name").map(name -> new ServiceKey(ns, name)));
        if (service.isEmpty()) {
            return false;
        }
        for (Json subset : object.items("subsets")) {
            Vector<SlicePort> ports = ports(subset);
            subset.items("addresses").forEach(entry -> old(service.get(), entry, ports, true));
            subset.items("notReadyAddresses").forEach(entry -> old(service.get(), entry, ports, false));
        }
        return true;
    }

    /** What was read; empty where it was more than can be held. */
    Vector<Endpoint> all() {
        return overflown ? Vector.empty() : Vector.ofAll(endpoints);
    }

    /** Whether there were more endpoints than can be held. */
    boolean isOverflown() {
        return overflown;
    }

    private void old(ServiceKey service, Json entry, Vector<SlicePort> ports, boolean ready) {
        Vector<IpAddress> addresses = fields.addresses(entry, "ip", entry.text("ip"));
        Common common = new Common(
                service, ready, ready, false, Option.none(), Vector.empty(), Vector.empty(), entry, evidence(entry));
        add(common, addresses, ports);
    }

    private static Evidence evidence(Json entry) {
        return entry.evidence("addresses", "ip", "conditions", "hostname", "nodeName", "targetRef");
    }

    private void add(Common common, Vector<IpAddress> addresses, Vector<SlicePort> ports) {
        for (IpAddress address : addresses) {
            for (SlicePort port : ports) {
                if (endpoints.size() >= MOST) {
                    overflown = true;
                    return;
                }
                endpoints.add(common.at(address, port));
            }
        }
    }

    /** The usable ports; one that stands for none where there is no port at all. */
    private Vector<SlicePort> ports(Json owner) {
        Vector<Json> listed = owner.items("ports");
        return listed.isEmpty()
                ? PORTLESS
                : listed.flatMap(port -> fields.port(port, "port")
                        .flatMap(number -> fields.protocol(port)
                                .map(protocol -> new SlicePort(port.textOr("", "name"), protocol, number))));
    }

    private static Option<String> pod(Json entry) {
        Json target = entry.at("targetRef");
        return target.text("kind")
                .filter("Pod"::equals)
                .flatMap(kind -> target.text("namespace")
                        .flatMap(ns -> target.text("name").map(name -> ns + "/" + name)));
    }

    /** What the endpoints of one entry have in common. */
    private record Common(
            ServiceKey service,
            boolean ready,
            boolean serving,
            boolean terminating,
            Option<String> zone,
            Vector<String> zoneHints,
            Vector<String> nodeHints,
            Json entry,
            Evidence evidence) {
        Endpoint at(IpAddress address, SlicePort port) {
            return Endpoint.builder()
                    .service(service)
                    .portName(port.name())
                    .protocol(port.protocol())
                    .address(new AddressPort(address, port.number()))
                    .ready(ready)
                    .serving(serving)
                    .terminating(terminating)
                    .node(entry.text("nodeName"))
                    .zone(zone)
                    .zoneHints(zoneHints)
                    .nodeHints(nodeHints)
                    .hostname(entry.text("hostname"))
                    .pod(pod(entry))
                    .evidence(evidence)
                    .build();
        }
    }

    private record SlicePort(String name, Protocol protocol, int number) {}
}
