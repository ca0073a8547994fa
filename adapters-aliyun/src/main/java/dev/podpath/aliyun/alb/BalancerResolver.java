package dev.podpath.aliyun.alb;

import dev.podpath.aliyun.cluster.ServiceNames;
import dev.podpath.aliyun.ecs.Ecs;
import dev.podpath.aliyun.response.Responses;
import dev.podpath.aliyun.security.Firewall;
import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.location.NetworkAddress;
import dev.podpath.core.location.Vantage;
import dev.podpath.core.resolve.HopResolver;
import dev.podpath.core.resolve.Resolution;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Location;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/** Takes a request through an application or network load balancer. */
public final class BalancerResolver implements HopResolver {
    private final Balancers balancers;
    private final Ecs ecs;
    private final Firewall firewall;
    private final ServiceNames names;

    /** Resolves with these, the addresses of their servers and what stands before them. */
    public BalancerResolver(Balancers balancers, Ecs ecs, Firewall firewall, Cluster cluster) {
        this.balancers = balancers;
        this.ecs = ecs;
        this.firewall = firewall;
        this.names = new ServiceNames(cluster);
    }

    @Override
    public String id() {
        return "aliyun.alb";
    }

    @Override
    public boolean handles(Location location) {
        return location instanceof NetworkAddress at && !(at.vantage() instanceof Vantage.OnNode);
    }

    @Override
    public Resolution resolve(Location location) {
        NetworkAddress at = (NetworkAddress) location;
        Option<Balancer> balancer = balancers.at(at.address().address());
        return balancer.isEmpty()
                ? notHere(at)
                : new BalancerStep(balancers, ecs, firewall, names, balancer.get(), at).run();
    }

    private Resolution notHere(NetworkAddress at) {
        Responses responses = balancers.responses();
        return Vector.of(Kind.values())
                .find(kind -> responses.isLacking(kind.list()))
                .map(kind -> Resolution.declined(Decision.unknown(
                        "whether " + at.address().address() + " is an address of one is not known: the " + kind
                                + " instances were not captured",
                        responses.missing(kind.list()))))
                .getOrElse(Resolution::declined);
    }
}
