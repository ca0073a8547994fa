package dev.podpath.aliyun.vpc;

import dev.podpath.aliyun.alb.Balancers;
import dev.podpath.aliyun.ecs.ClientNetwork;
import dev.podpath.aliyun.ecs.Ecs;
import dev.podpath.aliyun.hop.AddressBook;
import dev.podpath.aliyun.response.Responses;
import dev.podpath.aliyun.security.Firewall;
import dev.podpath.aliyun.slb.Slb;
import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.resolve.HopResolver;
import io.vavr.collection.Vector;

/** Makes the resolvers of this package over one index. */
public final class VpcResolvers {
    private final Vpc vpc;
    private final Slb slb;
    private final Ecs ecs;
    private final PublicAddresses addresses;
    private final Firewall firewall;

    /** Indexes what was captured. */
    public VpcResolvers(Responses responses, Slb slb, Ecs ecs, Firewall firewall, Balancers balancers) {
        this.firewall = firewall;
        this.vpc = new Vpc(responses);
        this.slb = slb;
        this.ecs = ecs;
        this.addresses = new PublicAddresses(vpc, slb, ecs, balancers);
    }

    /** Whose public addresses are whose. */
    public AddressBook addresses() {
        return addresses;
    }

    /** The resolvers of elastic addresses and of the way out. */
    public Vector<HopResolver> resolvers(ClientNetwork clients, Cluster cluster) {
        return Vector.of(
                new EipResolver(vpc, slb, ecs, addresses),
                new OutboundResolver(vpc, ecs, clients, cluster, addresses, firewall));
    }
}
