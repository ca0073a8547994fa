package dev.podpath.k8s.dns;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.resolve.HopResolver;
import dev.podpath.ports.plugin.Reading;
import dev.podpath.ports.snapshot.Snapshot;
import io.vavr.collection.Vector;

/** Makes the resolvers of names. */
public final class ClusterNames {
    private ClusterNames() {}

    /** The cluster's own names, and the recorded answers below {@code dns/}. */
    public static Reading<Vector<HopResolver>> open(Snapshot snapshot, Cluster cluster) {
        DnsDocuments documents = DnsDocuments.read(snapshot);
        Reading<RecordedAnswers> recorded = RecordedAnswers.read(snapshot);
        return new Reading<>(
                Vector.of(
                        new ClusterDnsResolver(cluster, documents, recorded.value()),
                        recorded.value(),
                        new UncapturedName(cluster)),
                recorded.problems().appendAll(documents.problems()),
                recorded.reports());
    }
}
