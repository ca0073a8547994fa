package dev.podpath.testkit.fault;

import static dev.podpath.testkit.fault.IpvsFault.ADDRESSES;
import static dev.podpath.testkit.fault.IpvsFault.SETS;
import static dev.podpath.testkit.fault.IpvsFault.TABLE;

import dev.podpath.core.cluster.Node;
import dev.podpath.core.finding.FindingCode;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.verify.VerifyFindings;
import dev.podpath.testkit.arbitrary.Scene;
import dev.podpath.testkit.fault.IpvsFault.Documents;
import dev.podpath.testkit.fault.SavedServers.Real;
import dev.podpath.testkit.fault.SavedServers.Server;
import io.vavr.Tuple2;
import io.vavr.collection.HashSet;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.regex.Pattern;

/** Faults of virtual servers, of the addresses they are served at, and of the sets the rules look at. */
final class VirtualServerFaults {
    private static final String DUMMY = "\"ifname\":\"kube-ipvs0\"";

    private VirtualServerFaults() {}

    static Vector<Fault> all() {
        return Vector.of(
                new IpvsFault(
                        "lost-virtual-server",
                        "address and sets are there, but IPVS has no virtual server for it",
                        VirtualServerFaults::lost),
                new IpvsFault(
                        "leftover-virtual-server",
                        "the service was deleted, but IPVS still serves its address",
                        VirtualServerFaults::leftover),
                new IpvsFault(
                        "unbound-address",
                        "the address of a service is not on kube-ipvs0, so that packets to it are routed on",
                        VirtualServerFaults::unbound),
                new IpvsFault(
                        "node-address-on-dummy",
                        "an address of a node is on kube-ipvs0, so that packets for that node end here",
                        VirtualServerFaults::swallowed),
                new IpvsFault(
                        "lost-service-entry",
                        "the address is in none of the sets of services any more, so that the rules refuse it",
                        (documents, scene) -> entries(
                                documents,
                                scene,
                                VerifyFindings.REFUSED,
                                "CLUSTER-IP",
                                "LOAD-BALANCER",
                                "EXTERNAL-IP-LOCAL")),
                new IpvsFault(
                        "lost-masquerade-entry",
                        "packets to a node port must come back through this node and keep their source",
                        VirtualServerFaults::nodePorts),
                new IpvsFault(
                        "lost-hairpin-entry",
                        "a pod that reaches itself through its service gets the answer from an address it did not ask",
                        VirtualServerFaults::hairpins),
                new IpvsFault(
                        "lost-source-range",
                        "a range of allowed sources is missing, and clients from there are dropped",
                        (documents, scene) -> entries(documents, scene, VerifyFindings.SOURCE_RANGES, sourceRanges())),
                new IpvsFault(
                        "lost-source-filter",
                        "the address is not among those whose sources are looked at, so that everybody gets in",
                        (documents, scene) ->
                                entries(documents, scene, VerifyFindings.SOURCE_RANGES, "LOAD-BALANCER-FW")));
    }

    private static Vector<Server> served(Documents documents) {
        return documents.servers().servers().filter(server -> !server.reals().isEmpty());
    }

    /** A text without any virtual server would be one that was not captured. */
    private static Vector<DocumentEdit> lost(Documents documents, Scene scene) {
        return served(documents)
                .filter(server -> documents.servers().servers().size() > 1)
                .map(server -> new DocumentEdit(
                        TABLE,
                        server.line(),
                        "there is no " + server.name() + " any more",
                        documents.servers().owner(server, scene),
                        Option.none(),
                        HashSet.of(VerifyFindings.NOT_SERVED),
                        () -> documents.servers().without(server.allLines())));
    }

    private static Vector<DocumentEdit> leftover(Documents documents, Scene scene) {
        return served(documents).map(server -> {
            IpAddress vip = server.address().address();
            IpAddress gone =
                    vip.isV6() ? IpAddress.v6(vip.high(), vip.low() + 0x1000) : IpAddress.v4(vip.v4Bits() + 0x1000);
            AddressPort at = new AddressPort(gone, server.address().port());
            String now = " " + server.address() + " ";
            Vector<String> copies = server.allLines()
                    .map(line ->
                            documents.servers().lines().get(line).replaceFirst(Pattern.quote(now), " " + at + " "));
            return new DocumentEdit(
                    TABLE,
                    server.line(),
                    "IPVS also serves " + at + ", which is no service's",
                    Option.none(),
                    Option.some(at),
                    HashSet.of(VerifyFindings.NO_SUCH_SERVICE),
                    () -> documents.servers().and(copies));
        });
    }

    private static Vector<DocumentEdit> unbound(Documents documents, Scene scene) {
        int dummy = documents.addresses().indexOf(DUMMY);
        return documents.servers().servers().flatMap(server -> {
            String entry = entry(server.address().address());
            int at = dummy < 0 ? -1 : documents.addresses().indexOf(entry, dummy);
            if (at < 0) {
                return Option.none();
            }
            String before = documents.addresses().substring(0, at);
            String after = documents.addresses().substring(at + entry.length());
            boolean first = before.endsWith("[");
            String text = first && after.startsWith(",")
                    ? before + after.substring(1)
                    : before.endsWith(",") ? before.substring(0, before.length() - 1) + after : before + after;
            return Option.some(new DocumentEdit(
                    ADDRESSES,
                    0,
                    server.address().address() + " is not on kube-ipvs0",
                    documents.servers().owner(server, scene),
                    Option.none(),
                    HashSet.of(server.reals().isEmpty() ? VerifyFindings.NOT_REFUSED : VerifyFindings.NOT_SERVED),
                    () -> text));
        });
    }

    private static String entry(IpAddress address) {
        return "{\"family\":\"" + (address.isV6() ? "inet6" : "inet") + "\",\"local\":\"" + address
                + "\",\"prefixlen\":" + address.bits() + ",\"scope\":\"global\"}";
    }

    private static Vector<DocumentEdit> swallowed(Documents documents, Scene scene) {
        String list = "\"addr_info\":[";
        int dummy = documents.addresses().indexOf(DUMMY);
        int at = dummy < 0 ? -1 : documents.addresses().indexOf(list, dummy);
        if (at < 0) {
            return Vector.empty();
        }
        String before = documents.addresses().substring(0, at + list.length());
        String after = documents.addresses().substring(at + list.length());
        return scene.cluster()
                .nodes()
                .flatMap(Node::internalAddresses)
                .map(address -> new DocumentEdit(
                        ADDRESSES,
                        0,
                        "node address " + address + " is on kube-ipvs0",
                        Option.none(),
                        Option.some(new AddressPort(address, 22)),
                        HashSet.empty(),
                        () -> before + entry(address) + (after.startsWith("]") ? "" : ",") + after));
    }

    private static String[] sourceRanges() {
        // The name of the second family is longer than a set's name can be, and is cut.
        return new String[] {"LOAD-BALANCER-SOURCE-CIDR", "LOAD-BALANCER-SOURCE-CID"};
    }

    /** Entries of sets about an address that has live real servers. */
    private static Vector<DocumentEdit> entries(Documents documents, Scene scene, FindingCode code, String... sets) {
        return lines(documents, sets).flatMap(line -> {
            String[] words = line._1.split(" ")[2].split("[,:](?=[a-z]+:[0-9])", 2);
            return served(documents)
                    .find(server -> server.address().address().toString().equals(words[0]) && isFor(words[1], server))
                    // What is sent to an address of the node itself does not need the entry.
                    .filter(server -> !scene.isLocal(server.address().address()))
                    .map(server -> removal(documents, scene, line._2, server, code));
        });
    }

    private static boolean isFor(String rest, Server server) {
        String wanted = server.protocol().lower() + ":" + server.address().port();
        return rest.equals(wanted) || rest.startsWith(wanted + ",");
    }

    private static Vector<Tuple2<String, Integer>> lines(Documents documents, String... sets) {
        Vector<String> wanted =
                Vector.of(sets).flatMap(set -> Vector.of("add KUBE-" + set + " ", "add KUBE-6-" + set + " "));
        return Vector.ofAll(documents.sets().lines()).zipWithIndex().filter(line -> wanted.exists(line._1::startsWith));
    }

    private static DocumentEdit removal(Documents documents, Scene scene, int gone, Server server, FindingCode code) {
        Vector<String> all = Vector.ofAll(documents.sets().lines());
        return new DocumentEdit(
                SETS,
                gone,
                "\"" + all.get(gone) + "\" is gone",
                documents.servers().owner(server, scene),
                Option.none(),
                HashSet.of(code),
                () -> all.removeAt(gone).mkString("", "\n", "\n"));
    }

    /** Where the Local policy keeps the source anyway nothing is lost. */
    private static Vector<DocumentEdit> nodePorts(Documents documents, Scene scene) {
        Vector<String> local = lines(documents, "NODE-PORT-LOCAL-TCP", "NODE-PORT-LOCAL-UDP")
                .map(line -> line._1.replace("-LOCAL", ""));
        return lines(documents, "NODE-PORT-TCP", "NODE-PORT-UDP")
                .reject(line -> local.contains(line._1))
                .flatMap(line -> {
                    String[] words = line._1.split(" ");
                    boolean v6 = words[1].startsWith("KUBE-6-");
                    return served(documents)
                            .find(server -> Integer.toString(server.address().port())
                                            .equals(words[2])
                                    && server.address().address().isV6() == v6
                                    && words[1].endsWith(server.protocol().name()))
                            .map(server -> removal(documents, scene, line._2, server, VerifyFindings.MASQUERADE));
                });
    }

    /** Behind a cluster address; at the others the Cluster policy masquerades anyway. */
    private static Vector<DocumentEdit> hairpins(Documents documents, Scene scene) {
        return lines(documents, "LOOP-BACK").flatMap(line -> {
            String[] words = line._1.split(" ")[2].split("[,:](?=[a-z]+:[0-9])", 2);
            return served(documents)
                    .find(server -> scene.cluster()
                                    .servicesAt(server.address().address())
                                    .exists(service -> service.clusterIps()
                                            .contains(server.address().address()))
                            && server.reals()
                                    .map(Real::address)
                                    .exists(real -> real.address().toString().equals(words[0])
                                            && words[1].startsWith(
                                                    server.protocol().lower() + ":" + real.port() + ",")))
                    .map(server -> removal(documents, scene, line._2, server, VerifyFindings.MASQUERADE));
        });
    }
}
