package dev.podpath.k8s.ingress.gateway;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.finding.FindingCode;
import dev.podpath.core.resolve.HopResolver;
import dev.podpath.ports.plugin.Reading;
import dev.podpath.ports.plugin.ResolverProvider;
import dev.podpath.ports.snapshot.Snapshot;
import io.vavr.collection.Vector;

/** The plugin for the Gateway API, whichever implementation serves it. */
public final class GatewayProvider implements ResolverProvider {
    /** Made by the plugin loader. */
    public GatewayProvider() {}

    @Override
    public String id() {
        return "gateway-api";
    }

    @Override
    public String description() {
        return "Gateway API: Gateways, HTTPRoutes, GRPCRoutes, TLSRoutes, ReferenceGrants, by the standard";
    }

    @Override
    public Vector<FindingCode> findings() {
        return GatewayFindings.all();
    }

    @Override
    public Reading<Vector<HopResolver>> open(Snapshot snapshot, Cluster cluster) {
        GatewayObjects objects = GatewayObjects.read(snapshot);
        return Reading.of(Vector.<HopResolver>of(new GatewayResolver(cluster, objects)))
                .withProblems(objects.problems());
    }
}
