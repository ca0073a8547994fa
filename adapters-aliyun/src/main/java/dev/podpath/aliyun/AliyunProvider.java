package dev.podpath.aliyun;

import dev.podpath.aliyun.alb.BalancerNames;
import dev.podpath.aliyun.alb.BalancerResolver;
import dev.podpath.aliyun.alb.Balancers;
import dev.podpath.aliyun.dns.DnsFindings;
import dev.podpath.aliyun.dns.DnsResolver;
import dev.podpath.aliyun.ecs.ClientNetwork;
import dev.podpath.aliyun.ecs.Ecs;
import dev.podpath.aliyun.ecs.EcsResolver;
import dev.podpath.aliyun.response.Responses;
import dev.podpath.aliyun.security.Firewall;
import dev.podpath.aliyun.slb.Slb;
import dev.podpath.aliyun.slb.SlbFindings;
import dev.podpath.aliyun.slb.SlbResolver;
import dev.podpath.aliyun.vpc.VpcFindings;
import dev.podpath.aliyun.vpc.VpcResolvers;
import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.finding.FindingCode;
import dev.podpath.core.resolve.HopResolver;
import dev.podpath.ports.plugin.Reading;
import dev.podpath.ports.plugin.ResolverProvider;
import dev.podpath.ports.snapshot.Snapshot;
import io.vavr.collection.Vector;

/** Alibaba Cloud: names, load balancers, elastic addresses, instances and the way out, from captured API responses. */
public final class AliyunProvider implements ResolverProvider {
    /** For {@link java.util.ServiceLoader}. */
    public AliyunProvider() {}

    @Override
    public String id() {
        return "aliyun";
    }

    @Override
    public String description() {
        return "Alibaba Cloud: Alidns, PrivateZone, CLB, ALB, NLB, EIP, ECS, security groups, VPC routes and NAT gateways";
    }

    @Override
    public Vector<FindingCode> findings() {
        return DnsFindings.all()
                .appendAll(SlbFindings.all())
                .appendAll(VpcFindings.all())
                .appendAll(Firewall.findings());
    }

    @Override
    public Reading<Vector<HopResolver>> open(Snapshot snapshot, Cluster cluster) {
        Responses responses = Responses.of(snapshot);
        if (responses.isEmpty()) {
            return Reading.of(Vector.empty());
        }
        Ecs ecs = new Ecs(responses);
        Slb slb = new Slb(responses);
        ClientNetwork clients = new ClientNetwork(responses, ecs, cluster);
        Firewall firewall = new Firewall(responses, ecs);
        Balancers balancers = new Balancers(responses);
        VpcResolvers vpc = new VpcResolvers(responses, slb, ecs, firewall, balancers);
        Vector<HopResolver> resolvers = Vector.<HopResolver>of(
                        new DnsResolver(responses, clients, vpc.addresses()),
                        new SlbResolver(slb, ecs, cluster),
                        new BalancerNames(balancers),
                        new BalancerResolver(balancers, ecs, firewall, cluster),
                        new EcsResolver(responses, ecs, cluster, firewall))
                .appendAll(vpc.resolvers(clients, cluster));
        return new Reading<>(resolvers, responses.problems(), responses.reports());
    }
}
