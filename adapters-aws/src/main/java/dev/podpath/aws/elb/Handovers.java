package dev.podpath.aws.elb;

import dev.podpath.core.location.Handover;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.trace.Evidence;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * What a load balancer does with the connections it hands to targets (ELBv2 API, {@code ModifyTargetGroupAttributes}, {@code
 * ModifyLoadBalancerAttributes} and {@code ModifyListenerAttributes}).
 */
final class Handovers {
    static final String PROXY_PROTOCOL = "proxy_protocol_v2.enabled";
    private static final String IDLE_OF_APPLICATION = "idle_timeout.timeout_seconds";
    private static final String FORWARDED = "routing.http.xff_header_processing.mode";
    private static final String IDLE_OF_NETWORK = "tcp.idle_timeout.seconds";
    /** What network load balancers take unless told otherwise, in seconds. */
    private static final int USUAL_IDLE_OF_NETWORK = 350;

    private final Elb elb;
    private final LoadBalancer balancer;
    private final Listener listener;

    Handovers(Elb elb, LoadBalancer balancer, Listener listener) {
        this.elb = elb;
        this.balancer = balancer;
        this.listener = listener;
    }

    /** To the targets of a group with these attributes, for a client of the load balancer; empty where they do not say. */
    Option<Handover> to(Attributes group, Option<IpAddress> client) {
        if (balancer.isApplication()) {
            Attributes own = elb.attributes(balancer);
            boolean appends = own.value(FORWARDED).getOrElse("append").equals("append");
            return Option.some(new Handover(
                    balancer.title(),
                    false,
                    new Handover.Told(client.filter(ip -> appends), true),
                    own.number(IDLE_OF_APPLICATION),
                    Handover.Kind.OPENED,
                    own.evidence(IDLE_OF_APPLICATION).append(balancer.evidence())));
        }
        if (!balancer.isNetwork() || !group.isCaptured()) {
            return Option.none();
        }
        Attributes own = elb.attributes(listener);
        boolean stream = listener.protocol().startsWith("T");
        Vector<Evidence> told = group.evidence(PROXY_PROTOCOL).appendAll(own.evidence(IDLE_OF_NETWORK));
        boolean headed = group.isTrue(PROXY_PROTOCOL);
        return Option.some(new Handover(
                balancer.title(),
                headed,
                new Handover.Told(client.filter(ip -> headed), false),
                Option.when(stream, own.number(IDLE_OF_NETWORK).getOrElse(USUAL_IDLE_OF_NETWORK)),
                Handover.Kind.RELAYED,
                told.isEmpty() ? Vector.of(listener.evidence()) : told));
    }
}
