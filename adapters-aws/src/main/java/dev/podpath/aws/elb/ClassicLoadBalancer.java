package dev.podpath.aws.elb;

import dev.podpath.core.trace.Evidence;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * A classic load balancer (ELB API 2012-06-01 {@code LoadBalancerDescription}).
 *
 * @param json the load balancer in its document
 */
record ClassicLoadBalancer(Json json) {
    String name() {
        return json.textOr("", "LoadBalancerName");
    }

    Option<String> dnsName() {
        return json.text("DNSName").map(Elb::plainName);
    }

    boolean isInternal() {
        return json.textOr("", "Scheme").equals("internal");
    }

    Option<String> vpc() {
        return json.text("VPCId");
    }

    /** Its listeners; the fields are {@code Protocol}, {@code LoadBalancerPort}, {@code InstanceProtocol} … */
    Vector<Json> listeners() {
        return json.items("ListenerDescriptions").map(entry -> entry.at("Listener"));
    }

    Option<Vector<String>> securityGroups() {
        Json groups = json.at("SecurityGroups");
        return groups.isArray() ? Option.some(groups.items().flatMap(Json::text)) : Option.none();
    }

    Vector<String> instances() {
        return json.items("Instances").flatMap(entry -> entry.text("InstanceId"));
    }

    Evidence evidence() {
        return json.evidence("LoadBalancerName", "DNSName", "Scheme", "SecurityGroups");
    }
}
