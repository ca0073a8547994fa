package dev.podpath.aws.ec2;

import dev.podpath.core.cluster.ServicePortRef;
import dev.podpath.core.location.Flow;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.trace.Location;
import io.vavr.control.Option;

/**
 * A target's address, with the load balancer that sends to it: rules that refer to the load balancer's security groups
 * let its connections pass, also where the client's address is kept (Network Load Balancer guide, "Update the security
 * groups").
 *
 * @param address address and port of the target
 * @param flow what travels along
 * @param sender the load balancer
 * @param service the service port the target group is bound to
 */
public record TargetAddress(AddressPort address, Flow flow, Sender sender, Option<ServicePortRef> service)
        implements Location {
    @Override
    public String label() {
        return "target " + address;
    }
}
