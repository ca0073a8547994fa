package dev.podpath.aws.elb;

import dev.podpath.core.trace.Evidence;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.Locale;

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

    Vector<LoadBalancer.Place> subnets() {
        return json.items("Subnets").flatMap(Json::text).map(id -> new LoadBalancer.Place(Option.none(), id));
    }

    Vector<String> instances() {
        return json.items("Instances").flatMap(entry -> entry.text("InstanceId"));
    }

    /**
     * Whether connections to this port of instances begin with a PROXY protocol header: a policy of the port that says so.
     * The description names policies only, and their names are free; the cloud controller manager calls its own {@code
     * k8s-proxyprotocol-enabled}.
     */
    Option<Json> proxyProtocol(int instancePort) {
        return json.items("BackendServerDescriptions")
                .find(server -> server.integer("InstancePort").contains(instancePort)
                        && server.items("PolicyNames")
                                .flatMap(Json::text)
                                .exists(name -> name.toLowerCase(Locale.ROOT)
                                        .replace("-", "")
                                        .contains("proxyprotocol")));
    }

    Evidence evidence() {
        return json.evidence("LoadBalancerName", "DNSName", "Scheme", "SecurityGroups");
    }
}
