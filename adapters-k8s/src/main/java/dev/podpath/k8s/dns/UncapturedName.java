package dev.podpath.k8s.dns;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.location.DnsName;
import dev.podpath.core.location.NetworkAddress;
import dev.podpath.core.location.NodePacket;
import dev.podpath.core.location.Vantage;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.resolve.HopResolver;
import dev.podpath.core.resolve.Resolution;
import dev.podpath.core.trace.Branch;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Hop;
import dev.podpath.core.trace.HopKind;
import dev.podpath.core.trace.Location;
import io.vavr.collection.Vector;

/**
 * A name that a pod or node asks for and nobody's documents hold. The way out is asked for by name most of the time, and
 * it is the same for every public address, so an address stands for the name and the result says so. Asked last of all.
 */
final class UncapturedName implements HopResolver {
    private final Cluster cluster;

    UncapturedName(Cluster cluster) {
        this.cluster = cluster;
    }

    @Override
    public String id() {
        return "dns.uncaptured";
    }

    @Override
    public int order() {
        return 950;
    }

    @Override
    public boolean handles(Location location) {
        return location instanceof DnsName;
    }

    @Override
    public Resolution resolve(Location location) {
        DnsName at = (DnsName) location;
        String name = RecordedAnswers.absolute(at.host());
        // Nobody on the Internet has a name of one label or one of the cluster.
        boolean own = name.indexOf('.') < 0 || name.endsWith("." + cluster.domain());
        if (!(at.vantage() instanceof Vantage.OnNode) || own) {
            return Resolution.declined();
        }
        AddressPort standIn = new AddressPort(NodePacket.SOME_CLIENT, at.port());
        Decision unknown = Decision.unknown(
                "no captured zone or answer holds " + name + "; " + standIn.address()
                        + " stands for its address, which is taken for one on the Internet",
                RecordedAnswers.missing(name));
        return Resolution.of(Hop.at(at, HopKind.DNS, name)
                .decisions(Vector.of(unknown))
                .branches(Vector.of(Branch.all(new NetworkAddress(standIn, at.flow(), at.vantage()))))
                .assumptions(Vector.of(
                        name + " exists, and its address is on the Internet; " + standIn.address() + " stands for it"))
                .build());
    }
}
