package dev.podpath.aliyun.ecs;

import dev.podpath.aliyun.response.Api;
import dev.podpath.aliyun.response.Item;
import dev.podpath.aliyun.response.Responses;
import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Node;
import dev.podpath.core.location.Vantage;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/** Finds the VPC a client is in. */
public final class ClientNetwork {
    private final Ecs ecs;
    private final Cluster cluster;
    private final Vector<String> vpcs;

    /** Finds it with these instances, nodes and VPCs. */
    public ClientNetwork(Responses responses, Ecs ecs, Cluster cluster) {
        this.ecs = ecs;
        this.cluster = cluster;
        this.vpcs = responses
                .items(Api.VPCS)
                .appendAll(responses.items(Api.VSWITCHES))
                .map(Item::json)
                .flatMap(json -> json.text("VpcId"))
                .appendAll(ecs.interfaces().flatMap(NetworkInterface::vpc))
                .filter(id -> !id.isBlank())
                .distinct();
    }

    /** The VPC of a node's instance. */
    public Option<String> ofNode(String node) {
        return cluster.node(node).flatMap(Node::instanceId).flatMap(ecs::vpcOf);
    }

    /** The VPC a request is looked at from; empty for the Internet and where it is not known. */
    public Option<String> of(Vantage vantage) {
        if (vantage instanceof Vantage.OnNode on) {
            return ofNode(on.node()).orElse(this::only);
        }
        return vantage instanceof Vantage.PrivateNetwork network ? network.id() : Option.none();
    }

    /** The VPC, where just one was captured. */
    public Option<String> only() {
        return vpcs.size() == 1 ? vpcs.headOption() : Option.none();
    }
}
