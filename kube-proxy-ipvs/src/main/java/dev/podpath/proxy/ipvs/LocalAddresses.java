package dev.podpath.proxy.ipvs;

import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.IpPrefix;
import dev.podpath.core.trace.Evidence;
import dev.podpath.ports.node.NodeInterfaces;
import dev.podpath.ports.node.NodeInterfaces.InterfaceAddress;
import dev.podpath.ports.node.NodeState;
import dev.podpath.ports.snapshot.Document;
import dev.podpath.ports.snapshot.Json;
import dev.podpath.proxy.ipvs.table.IpvsTable;
import dev.podpath.proxy.ipvs.table.ServiceKind;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** On which interface of the node an address is. */
final class LocalAddresses {
    /** The interface on which kube-proxy puts the addresses of services. */
    static final String DUMMY = "kube-ipvs0";

    private final Option<Document> document;
    private final Map<IpAddress, Place> places = new HashMap<>();
    private final Set<IpAddress> ofNodes = new HashSet<>();

    /**
     * Where an address is.
     *
     * @param device name of the interface
     * @param link index of the interface in the document
     * @param entry index of the address in the interface
     */
    private record Place(String device, int link, int entry) {}

    private LocalAddresses(Option<Document> document) {
        this.document = document;
    }

    static LocalAddresses of(NodeState node) {
        Option<Document> document = NodeInterfaces.document(node.name(), node.snapshot())
                .filter(found -> found.json().exists(Json::isArray));
        LocalAddresses addresses = new LocalAddresses(document);
        document.flatMap(found -> found.json().toOption()).forEach(addresses::add);
        node.interfaces().addresses().forEach(entry -> {
            if (!entry.name().equals(DUMMY)) {
                addresses.ofNodes.add(entry.address());
            }
        });
        node.node().forEach(object -> object.internalAddresses().forEach(addresses.ofNodes::add));
        return addresses;
    }

    private void add(Json links) {
        int link = 0;
        for (Json each : links.items()) {
            String device = each.textOr("", "ifname");
            int entry = 0;
            for (Json address : each.items("addr_info")) {
                Place place = new Place(device, link, entry);
                address.text("local").flatMap(IpAddress::parse).forEach(found -> places.putIfAbsent(found, place));
                if (device.equals(DUMMY)) {
                    address.text("local").flatMap(IpAddress::parse).forEach(found -> places.put(found, place));
                }
                entry++;
            }
            link++;
        }
    }

    /** Whether the node's addresses were captured. */
    boolean captured() {
        return document.isDefined();
    }

    boolean isLocal(IpAddress address) {
        return address.isLoopback() || places.containsKey(address) || ofNodes.contains(address);
    }

    /** The interface an address is on, with the place that shows it. */
    Option<Evidence> evidence(IpAddress address) {
        Place place = places.get(address);
        return place == null
                ? Option.none()
                : document.map(found -> Evidence.pointer(
                        found.path(),
                        "/" + place.link() + "/addr_info/" + place.entry(),
                        place.device() + " " + address));
    }

    /** Name of the interface an address is on. */
    Option<String> device(IpAddress address) {
        return Option.of(places.get(address)).map(Place::device);
    }

    /** Whether an address is on {@value #DUMMY} although it is the node's own. */
    boolean swallowed(IpAddress address) {
        return ofNodes.contains(address) && device(address).contains(DUMMY);
    }

    /**
     * The node with the addresses of virtual servers added to those of the Node object. Used where the interfaces were not
     * captured: kube-proxy puts every address of a virtual server on {@value #DUMMY}.
     */
    static NodeState assumed(NodeState node, IpvsTable table) {
        Set<IpAddress> known = new HashSet<>();
        node.interfaces().all().forEach(known::add);
        Vector<InterfaceAddress> added = Vector.range(0, table.services())
                .filter(service -> table.kind(service) != ServiceKind.FIREWALL_MARK)
                .map(table::address)
                .filter(known::add)
                .map(address -> new InterfaceAddress(DUMMY, IpPrefix.host(address), address));
        NodeInterfaces interfaces =
                new NodeInterfaces(node.interfaces().addresses().appendAll(added), false);
        return node.with(interfaces);
    }
}
