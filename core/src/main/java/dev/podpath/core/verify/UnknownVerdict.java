package dev.podpath.core.verify;

import dev.podpath.core.cluster.ServiceKey;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.trace.Missing;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.Comparator;

/**
 * Something that could not be verified.
 *
 * @param node name of the node
 * @param service the service it concerns; empty where it concerns the node as a whole
 * @param vip the address and port it concerns
 * @param protocol its protocol
 * @param why one sentence
 * @param missing what would have to be captured
 * @param witness a packet whose end cannot be told
 */
public record UnknownVerdict(
        String node,
        Option<ServiceKey> service,
        Option<AddressPort> vip,
        Option<Protocol> protocol,
        String why,
        Vector<Missing> missing,
        Option<Witness> witness)
        implements Comparable<UnknownVerdict> {
    private static final Comparator<UnknownVerdict> ORDER = Comparator.comparing(UnknownVerdict::node)
            .thenComparing(
                    unknown -> unknown.service().map(ServiceKey::toString).getOrElse(""))
            .thenComparing(unknown -> unknown.vip().map(AddressPort::toString).getOrElse(""))
            .thenComparing(unknown -> unknown.protocol().map(Protocol::name).getOrElse(""))
            .thenComparing(UnknownVerdict::why)
            .thenComparing(unknown -> unknown.witness().map(Witness::toString).getOrElse(""));

    /** A node of which too little is known. */
    public static UnknownVerdict ofNode(String node, String why, Vector<Missing> missing) {
        return new UnknownVerdict(node, Option.none(), Option.none(), Option.none(), why, missing, Option.none());
    }

    @Override
    public int compareTo(UnknownVerdict other) {
        return ORDER.compare(this, other);
    }
}
