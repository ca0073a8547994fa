package dev.podpath.ports.node;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.ServicePortRef;
import dev.podpath.core.finding.Finding;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.trace.Evidence;
import dev.podpath.ports.snapshot.Document;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * The connections of UDP in {@code conntrack.txt} ({@code conntrack -L}) that lead from an address of a service to where no
 * endpoint of it is any more. A line has the packet as it came ({@code src= dst= sport= dport=}) and then as answers come:
 * their source is the endpoint. What has not this form is left out.
 */
final class TrackedDatagrams {
    static final String FILE = "conntrack.txt";
    private static final int SHOWN = 5;

    private TrackedDatagrams() {}

    static Option<Finding> dead(NodeState node) {
        Cluster cluster = node.cluster();
        boolean known = cluster.captured().services() && cluster.captured().endpoints();
        return node.document(FILE).filter(document -> known).flatMap(document -> dead(document, node));
    }

    private static Option<Finding> dead(Document document, NodeState node) {
        List<Evidence> lines = new ArrayList<>();
        Option<String> first = Option.none();
        int count = 0;
        for (int line = 1; line <= document.lines().count(); line++) {
            Option<String> what = dead(document.lines().line(line), node.cluster());
            if (what.isDefined()) {
                first = first.orElse(what);
                count++;
                if (lines.size() < SHOWN) {
                    lines.add(document.line(line));
                }
            }
        }
        String more = count > 1 ? " (and " + (count - 1) + " more such entries)" : "";
        return first.map(what -> new Finding(
                NodeFindings.DEAD_CONNECTION,
                NodeFindings.DEAD_CONNECTION.severity(),
                "node " + node.name() + " tracks " + what + more,
                Vector.ofAll(lines)));
    }

    private static Option<String> dead(String line, Cluster cluster) {
        String text = line.strip();
        if (!text.startsWith("udp") && !text.contains(" udp ")) {
            return Option.none();
        }
        int answers = text.indexOf(" src=", text.indexOf("src=") + 1);
        if (answers < 0) {
            return Option.none();
        }
        String request = text.substring(0, answers);
        String answer = text.substring(answers);
        Option<AddressPort> vip = pair(request, "dst=", "dport=");
        Option<AddressPort> endpoint = pair(answer, "src=", "sport=");
        return vip.flatMap(to -> cluster.servicePortAt(to, Protocol.UDP)
                .flatMap(service -> endpoint.filter(isGone(cluster, service))
                        .filter(at -> !at.equals(to))
                        .map(at -> "a connection from " + value(request, "src=") + " to " + to + " of service "
                                + service + " that leads to " + at + ", which is no endpoint of it")));
    }

    /** Endpoints that are not ready are left alone: a datagram may still reach them. */
    private static Predicate<AddressPort> isGone(Cluster cluster, ServicePortRef service) {
        return at -> cluster.endpointsOf(service)
                .forAll(endpoint -> !endpoint.address().equals(at));
    }

    private static Option<AddressPort> pair(String text, String address, String port) {
        return IpAddress.parse(value(text, address))
                .flatMap(at -> port(value(text, port)).map(number -> new AddressPort(at, number)));
    }

    private static Option<Integer> port(String digits) {
        boolean number =
                !digits.isEmpty() && digits.length() < 6 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        return number ? Option.some(Integer.parseInt(digits)).filter(port -> port < 65536) : Option.none();
    }

    /** What follows a name, up to the next space; empty text where it is not there. */
    private static String value(String text, String name) {
        int at = text.indexOf(name);
        if (at < 0) {
            return "";
        }
        int end = text.indexOf(' ', at);
        return text.substring(at + name.length(), end < 0 ? text.length() : end);
    }
}
