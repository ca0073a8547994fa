package dev.podpath.k8s.objects;

import dev.podpath.core.cluster.Endpoint;
import dev.podpath.core.cluster.ServiceKey;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.trace.Evidence;
import dev.podpath.ports.snapshot.Json;
import dev.podpath.ports.snapshot.JsonExcerpt;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

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

    private static final List<SlicePort> PORTLESS = List.of(new SlicePort("", Protocol.TCP, NO_PORT));

    /** What is shown of an endpoint. */
    private static final JsonExcerpt QUOTED =
            JsonExcerpt.fields("addresses", "ip", "conditions", "hostname", "nodeName", "targetRef");

    private final Fields fields;
    private final List<Endpoint> endpoints = new ArrayList<>();
    private final Map<String, Option<String>> nodes = new HashMap<>();
    private final Map<String, Option<String>> zones = new HashMap<>();
    private boolean overflown;

    EndpointReader(Fields fields) {
        this.fields = fields;
    }

    /** Reads a slice. One without a service, or of names, is none of kube-proxy's business. */
    void slice(Json slice) {
        Option<ServiceKey> service = key(
                slice.text("metadata", "namespace"), slice.text("metadata", "labels", "kubernetes.io/service-name"));
        if (service.isEmpty() || slice.textOr("IPv4", "addressType").equals("FQDN")) {
            return;
        }
        List<SlicePort> ports = ports(slice);
        slice.at("endpoints").forEachItem(entry -> entry(service.get(), entry, ports));
    }

    private void entry(ServiceKey service, Json entry, List<SlicePort> ports) {
        Json conditions = entry.at("conditions");
        boolean ready = conditions.bool("ready").getOrElse(true);
        Json hints = entry.at("hints");
        boolean hinted = hints.isObject();
        Common common = new Common(
                service,
                ready,
                conditions.bool("serving").getOrElse(ready),
                conditions.isTrue("terminating"),
                same(nodes, entry.text("nodeName")),
                same(zones, entry.text("zone")),
                hinted ? named(hints.at("forZones")) : Vector.empty(),
                hinted ? named(hints.at("forNodes")) : Vector.empty(),
                entry.text("hostname"),
                pod(entry),
                entry.evidence(QUOTED));
        add(common, fields.addresses(entry, "addresses"), ports);
    }

    /** One and the same for all endpoints of a node or a zone: there are few of these. */
    private static Option<String> same(Map<String, Option<String>> known, Option<String> text) {
        return text.isEmpty() ? text : known.computeIfAbsent(text.get(), any -> text);
    }

    private static Vector<String> named(Json list) {
        return list.isArray() ? list.items().flatMap(entry -> entry.text("name")) : Vector.empty();
    }

    /** Reads an Endpoints object; false where it has no name. */
    boolean endpoints(Json object) {
        Option<ServiceKey> service = key(object.text("metadata", "namespace"), object.text("metadata", "name"));
        if (service.isEmpty()) {
            return false;
        }
        for (Json subset : object.items("subsets")) {
            List<SlicePort> ports = ports(subset);
            subset.items("addresses").forEach(entry -> old(service.get(), entry, ports, true));
            subset.items("notReadyAddresses").forEach(entry -> old(service.get(), entry, ports, false));
        }
        return true;
    }

    /** Adds what was read of other documents. */
    void absorb(EndpointReader later) {
        overflown |= later.overflown || endpoints.size() + later.endpoints.size() > MOST;
        if (!overflown) {
            endpoints.addAll(later.endpoints);
        }
    }

    /**
     * What was read; empty where it was more than can be held.
     *
     * @param portless services whose endpoints are kept though they have no port
     */
    Vector<Endpoint> all(Set<ServiceKey> portless) {
        if (overflown) {
            return Vector.empty();
        }
        List<Endpoint> used = new ArrayList<>(endpoints);
        used.removeIf(endpoint -> endpoint.address().port() == NO_PORT && !portless.contains(endpoint.service()));
        return Vector.ofAll(used);
    }

    /** Whether there were more endpoints than can be held. */
    boolean isOverflown() {
        return overflown;
    }

    private void old(ServiceKey service, Json entry, List<SlicePort> ports, boolean ready) {
        Vector<IpAddress> addresses = fields.addresses(entry, "ip", entry.text("ip"));
        Common common = new Common(
                service,
                ready,
                ready,
                false,
                same(nodes, entry.text("nodeName")),
                Option.none(),
                Vector.empty(),
                Vector.empty(),
                entry.text("hostname"),
                pod(entry),
                entry.evidence(QUOTED));
        add(common, addresses, ports);
    }

    private void add(Common common, Iterable<IpAddress> addresses, List<SlicePort> ports) {
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
    private List<SlicePort> ports(Json owner) {
        List<SlicePort> usable = new ArrayList<>(1);
        boolean[] any = new boolean[1];
        owner.at("ports").forEachItem(port -> {
            any[0] = true;
            Option<Integer> number = fields.port(port, "port");
            Option<Protocol> protocol = number.isEmpty() ? Option.none() : fields.protocol(port);
            if (protocol.isDefined()) {
                usable.add(new SlicePort(port.textOr("", "name"), protocol.get(), number.get()));
            }
        });
        return any[0] ? usable : PORTLESS;
    }

    private static Option<String> pod(Json entry) {
        Json target = entry.at("targetRef");
        if (!target.textOr("", "kind").equals("Pod")) {
            return Option.none();
        }
        Option<String> namespace = target.text("namespace");
        Option<String> name = target.text("name");
        return namespace.isDefined() && name.isDefined()
                ? Option.some(namespace.get() + "/" + name.get())
                : Option.none();
    }

    private static Option<ServiceKey> key(Option<String> namespace, Option<String> name) {
        return namespace.isDefined() && name.isDefined()
                ? Option.some(new ServiceKey(namespace.get(), name.get()))
                : Option.none();
    }

    /** What the endpoints of one entry have in common. */
    private record Common(
            ServiceKey service,
            boolean ready,
            boolean serving,
            boolean terminating,
            Option<String> node,
            Option<String> zone,
            Vector<String> zoneHints,
            Vector<String> nodeHints,
            Option<String> hostname,
            Option<String> pod,
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
                    .node(node)
                    .zone(zone)
                    .zoneHints(zoneHints)
                    .nodeHints(nodeHints)
                    .hostname(hostname)
                    .pod(pod)
                    .evidence(evidence)
                    .build();
        }
    }

    private record SlicePort(String name, Protocol protocol, int number) {}
}
