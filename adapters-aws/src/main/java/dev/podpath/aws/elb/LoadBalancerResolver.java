package dev.podpath.aws.elb;

import dev.podpath.aws.document.Arn;
import dev.podpath.aws.document.Operation;
import dev.podpath.aws.ec2.Ec2;
import dev.podpath.aws.ec2.NetworkAcls;
import dev.podpath.aws.ec2.SecurityGroups;
import dev.podpath.core.location.LoadBalancerPort;
import dev.podpath.core.location.NetworkAddress;
import dev.podpath.core.location.Vantage;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.resolve.HopResolver;
import dev.podpath.core.resolve.Resolution;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Location;
import io.vavr.control.Option;

/** Takes a connection through a load balancer: security groups, listener, rules, target group, targets. */
public final class LoadBalancerResolver implements HopResolver {
    /** The name of this cloud in a {@link LoadBalancerPort}. */
    public static final String PROVIDER = "aws";

    private final Elb elb;
    private final Ec2 ec2;
    private final SecurityGroups groups;
    private final NetworkAcls acls;
    private final Bindings bindings;

    /** Resolves from these documents. */
    public LoadBalancerResolver(Elb elb, Ec2 ec2, SecurityGroups groups, NetworkAcls acls, Bindings bindings) {
        this.elb = elb;
        this.ec2 = ec2;
        this.groups = groups;
        this.acls = acls;
        this.bindings = bindings;
    }

    @Override
    public String id() {
        return "aws.elb";
    }

    @Override
    public boolean handles(Location location) {
        return location instanceof LoadBalancerPort port && port.provider().equals(PROVIDER)
                || location instanceof NetworkAddress at && !(at.vantage() instanceof Vantage.OnNode);
    }

    @Override
    public Resolution resolve(Location location) {
        if (location instanceof LoadBalancerPort port) {
            return step(port.id(), Entry.of(port))
                    .getOrElse(() -> Resolution.declined(Decision.unknown(
                            "load balancer " + port.id() + " was not captured",
                            Operation.LOAD_BALANCERS.missing(new Arn(port.id()).region()))));
        }
        NetworkAddress at = (NetworkAddress) location;
        IpAddress address = at.address().address();
        boolean reachable = address.isPublic() || !(at.vantage() instanceof Vantage.Internet);
        Option<Elb.Owner> owner = reachable ? elb.at(address) : Option.none();
        return owner.flatMap(found -> step(found.id(), Entry.of(at, found.zone())))
                .getOrElse(Resolution::declined);
    }

    private Option<Resolution> step(String id, Entry entry) {
        return elb.loadBalancer(id)
                .map(balancer -> new BalancerStep(elb, ec2, groups, acls, bindings, balancer, entry).run())
                .orElse(() ->
                        elb.classic(id).map(classic -> new ClassicStep(elb, ec2, groups, acls, classic, entry).run()));
    }
}
