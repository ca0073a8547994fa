package dev.podpath.k8s.dns;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Pod;
import dev.podpath.core.cluster.ServicePortRef;
import dev.podpath.core.location.ClusterService;
import dev.podpath.core.location.DnsName;
import dev.podpath.core.location.NetworkAddress;
import dev.podpath.core.location.PodPort;
import dev.podpath.core.location.Vantage;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.resolve.HopResolver;
import dev.podpath.core.resolve.Resolution;
import dev.podpath.core.trace.Branch;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.Hop;
import dev.podpath.core.trace.HopKind;
import dev.podpath.core.trace.Location;
import dev.podpath.core.trace.Share;
import dev.podpath.k8s.dns.server.Answer;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * A name as a pod asks for it: the questions its C library makes of the name, and what the cluster's name servers answer to each, until one has
 * records. A name that they hand on is left to whoever knows it, as an absolute one.
 */
final class ClusterDnsResolver implements HopResolver {
    private final Cluster cluster;
    private final PodDns podDns;
    private final PodQueries queries;

    ClusterDnsResolver(Cluster cluster, DnsDocuments documents, RecordedAnswers recorded) {
        this.cluster = cluster;
        this.podDns = new PodDns(cluster, documents);
        this.queries = new PodQueries(cluster, documents, recorded);
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
        Option<Pod> pod =
                at.vantage() instanceof Vantage.OnNode here ? here.pod().flatMap(cluster::pod) : Option.none();
        boolean clusterName = queries.inZone(RecordedAnswers.absolute(at.host()));
        if (pod.isEmpty()) {
            return clusterName ? Resolution.of(outside(at)) : Resolution.declined();
        }
        Option<IpAddress> alias = pod.get().hostAliases().get(RecordedAnswers.absolute(at.host()));
        if (alias.isDefined()) {
            return Resolution.of(fromHosts(at, pod.get(), alias.get()));
        }
        ResolvConf conf = podDns.of(pod.get());
        Option<PodQueries.Asked> asked = queries.ask(at.host(), pod.get(), conf);
        if (asked.isEmpty()) {
            return clusterName ? Resolution.of(outside(at)) : Resolution.declined();
        }
        return answered(at, asked.get(), clusterName);
    }

    private Resolution answered(DnsName at, PodQueries.Asked asked, boolean clusterName) {
        Option<Lookup> last = asked.lookups().lastOption();
        boolean absolute = at.host().endsWith(".");
        if (last.isEmpty() || last.get().answer().code() == Answer.Code.FORWARDED) {
            String name = last.map(Lookup::name).getOrElse(RecordedAnswers.absolute(at.host()));
            String target = asked.target(name);
            if (absolute && target.equals(RecordedAnswers.absolute(at.host()))) {
                return new Resolution.Declined(asked.decisions());
            }
            Hop hop = draft(at, asked, name)
                    .branches(Vector.of(Branch.all(new DnsName(target + ".", at.port(), at.flow(), at.vantage()))))
                    .build();
            return Resolution.of(hop);
        }
        Lookup found = last.get();
        return switch (found.answer().code()) {
            case RECORDS ->
                Resolution.of(draft(at, asked, found.name())
                        .branches(branches(at, found))
                        .build());
            case UNTOLD -> Resolution.of(draft(at, asked, at.host()).unknown().build());
            default ->
                clusterName || absolute || asked.isCertain()
                        ? Resolution.of(draft(at, asked, at.host())
                                .ends(Disposition.BLACKHOLED)
                                .build())
                        : new Resolution.Declined(asked.decisions());
        };
    }

    private static Hop.Builder draft(DnsName at, PodQueries.Asked asked, String title) {
        return Hop.at(at, HopKind.DNS, title)
                .decisions(asked.decisions())
                .assumptions(asked.assumptions())
                .findings(asked.findings());
    }

    private static Vector<Branch> branches(DnsName at, Lookup found) {
        Answer answer = found.answer();
        if (answer.service().isDefined() && !answer.oneEndpoint()) {
            ServicePortRef ref = new ServicePortRef(
                    answer.service().get(), at.port(), at.flow().protocol());
            return Vector.of(Branch.all(new ClusterService(ref, at.flow(), at.vantage())));
        }
        Vector<IpAddress> addresses = found.addresses();
        if (addresses.isEmpty()) {
            String alias = answer.records().head().data();
            return Vector.of(Branch.all(new DnsName(alias + ".", at.port(), at.flow(), at.vantage())));
        }
        return addresses.map(address -> {
            AddressPort to = new AddressPort(address, at.port());
            Location location = answer.oneEndpoint()
                    ? new PodPort(to, Option.none(), at.flow())
                    : new NetworkAddress(to, at.flow(), at.vantage());
            return Branch.of(location, Share.of(1, addresses.size()));
        });
    }

    private static Hop fromHosts(DnsName at, Pod pod, IpAddress address) {
        return Hop.at(at, HopKind.DNS, at.host())
                .decisions(Vector.of(Decision.found(
                        "/etc/hosts of pod " + pod.id() + " has " + address + " for " + at.host()
                                + " (hostAliases); no name server is asked",
                        pod.evidence())))
                .branches(Vector.of(
                        Branch.all(new NetworkAddress(new AddressPort(address, at.port()), at.flow(), at.vantage()))))
                .build();
    }

    private static Hop outside(DnsName at) {
        return Hop.at(at, HopKind.DNS, at.host())
                .decisions(Vector.of(Decision.denied(
                        at.host() + " exists only in the cluster's DNS, which " + at.vantage() + " does not ask")))
                .assumptions(Vector.of("nothing forwards names of the cluster's domain to the cluster's DNS"))
                .ends(Disposition.BLACKHOLED)
                .build();
    }
}
