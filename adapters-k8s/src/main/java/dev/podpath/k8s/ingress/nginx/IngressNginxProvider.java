package dev.podpath.k8s.ingress.nginx;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.finding.FindingCode;
import dev.podpath.core.resolve.HopResolver;
import dev.podpath.ports.plugin.Reading;
import dev.podpath.ports.plugin.ResolverProvider;
import dev.podpath.ports.snapshot.Snapshot;
import io.vavr.collection.Vector;

/** The plugin for ingress-nginx controllers (kubernetes/ingress-nginx). */
public final class IngressNginxProvider implements ResolverProvider {
    @Override
    public String id() {
        return "ingress-nginx";
    }

    @Override
    public String description() {
        return "ingress-nginx controllers: nginx.conf, /dbg backends, Ingress objects";
    }

    @Override
    public Vector<FindingCode> findings() {
        return NginxFindings.all();
    }

    @Override
    public Reading<Vector<HopResolver>> open(Snapshot snapshot, Cluster cluster) {
        Configurations configurations = Configurations.read(snapshot);
        Ingresses ingresses = Ingresses.read(snapshot);
        Predictions predictions = new Predictions(snapshot, cluster);
        HopResolver resolver = new NginxIngressResolver(cluster, configurations, ingresses, predictions);
        return Reading.of(Vector.of(resolver))
                .withProblems(configurations
                        .problems()
                        .appendAll(ingresses.problems())
                        .appendAll(predictions.problems()))
                .withReports(configurations.reports());
    }
}
