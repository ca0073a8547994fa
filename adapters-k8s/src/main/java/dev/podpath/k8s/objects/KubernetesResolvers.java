package dev.podpath.k8s.objects;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.finding.FindingCode;
import dev.podpath.core.resolve.HopResolver;
import dev.podpath.k8s.dns.ClusterNames;
import dev.podpath.k8s.dns.DnsFindings;
import dev.podpath.ports.plugin.Reading;
import dev.podpath.ports.plugin.ResolverProvider;
import dev.podpath.ports.snapshot.Snapshot;
import io.vavr.collection.Vector;

/** Resolvers for what the cluster's objects alone can tell. */
public final class KubernetesResolvers implements ResolverProvider {
    /** Made by the plugin loader. */
    public KubernetesResolvers() {}

    @Override
    public String id() {
        return "kubernetes";
    }

    @Override
    public String description() {
        return "services, pods and nodes by address; cluster DNS names; answers recorded from a resolver";
    }

    @Override
    public Vector<FindingCode> findings() {
        return Findings.all().appendAll(DnsFindings.all());
    }

    @Override
    public Reading<Vector<HopResolver>> open(Snapshot snapshot, Cluster cluster) {
        Reading<Vector<HopResolver>> names = ClusterNames.open(snapshot, cluster);
        return new Reading<>(
                names.value()
                        .append(new AddressResolver(cluster, new NodeAddresses(snapshot, cluster)))
                        .append(new PodResolver(cluster))
                        .append(new ServiceResolver(cluster))
                        .append(new OutboundResolver()),
                names.problems(),
                names.reports());
    }
}
