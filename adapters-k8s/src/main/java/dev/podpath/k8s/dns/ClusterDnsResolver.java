package dev.podpath.k8s.dns;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.location.DnsName;
import dev.podpath.core.resolve.HopResolver;
import dev.podpath.core.resolve.Resolution;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.Hop;
import dev.podpath.core.trace.HopKind;
import dev.podpath.core.trace.Location;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * Names of the cluster's DNS, as a pod asks for them: every name of the search list in order, until one exists. Names
 * outside the cluster's domain are left to others, with what was tried before.
 */
final class ClusterDnsResolver implements HopResolver {
    private final Cluster cluster;
    private final ClusterZone zone;

    ClusterDnsResolver(Cluster cluster, PodNames podNames) {
        this.cluster = cluster;
        this.zone = new ClusterZone(cluster, podNames);
    }

    @Override
    public String id() {
        return "kubernetes.dns";
    }

    @Override
    public int order() {
        return 50;
    }

    @Override
    public boolean handles(Location location) {
        return location instanceof DnsName;
    }

    @Override
    public Resolution resolve(Location location) {
        DnsName at = (DnsName) location;
        boolean clusterName = inZone(RecordedAnswers.absolute(at.host()));
        Option<Asker> asker = Asker.of(at, cluster);
        if (asker.isEmpty()) {
            return clusterName ? Resolution.of(outside(at)) : Resolution.declined();
        }
        Vector<Decision> tried = Vector.empty();
        for (String query : asker.get().search().queries(at.host())) {
            boolean itself = query.equals(RecordedAnswers.absolute(at.host()));
            if (!inZone(query)) {
                if (itself) {
                    break;
                }
                tried = tried.append(Decision.skipped(
                        query + " is not looked up: the search domain is not the cluster's, and is taken for one"
                                + " without such a name"));
                continue;
            }
            ZoneAnswer answer = zone.answer(at, query);
            if (answer instanceof ZoneAnswer.Found found) {
                return Resolution.of(hop(at, query, tried, found, asker.get()));
            }
            tried = tried.append(((ZoneAnswer.None) answer).why());
        }
        return clusterName ? Resolution.of(nothing(at, tried, asker.get())) : new Resolution.Declined(tried);
    }

    private boolean inZone(String name) {
        return name.endsWith("." + cluster.domain());
    }

    private static Hop hop(DnsName at, String query, Vector<Decision> tried, ZoneAnswer.Found found, Asker asker) {
        boolean skipped = tried.exists(decision -> decision.action() == Decision.Action.SKIPPED);
        Vector<String> assumptions = skipped
                ? asker.assumptions().append("search domains outside the cluster's have no name for " + at.host())
                : asker.assumptions();
        Hop.Builder hop = Hop.at(at, HopKind.DNS, query)
                .decisions(tried.append(found.decision()))
                .assumptions(assumptions.appendAll(found.assumptions()));
        return found.branches().isEmpty()
                ? hop.unknown().build()
                : hop.branches(found.branches()).build();
    }

    private static Hop outside(DnsName at) {
        return Hop.at(at, HopKind.DNS, at.host())
                .decisions(Vector.of(Decision.denied(
                        at.host() + " exists only in the cluster's DNS, which " + at.vantage() + " does not ask")))
                .assumptions(Vector.of("nothing forwards names of the cluster's domain to the cluster's DNS"))
                .ends(Disposition.BLACKHOLED)
                .build();
    }

    private static Hop nothing(DnsName at, Vector<Decision> tried, Asker asker) {
        return Hop.at(at, HopKind.DNS, at.host())
                .decisions(tried)
                .assumptions(asker.assumptions())
                .ends(Disposition.BLACKHOLED)
                .build();
    }
}
