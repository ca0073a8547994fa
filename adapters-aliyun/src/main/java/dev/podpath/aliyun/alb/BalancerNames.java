package dev.podpath.aliyun.alb;

import dev.podpath.aliyun.hop.Shares;
import dev.podpath.core.location.DnsName;
import dev.podpath.core.location.NetworkAddress;
import dev.podpath.core.location.Vantage;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.resolve.HopDraft;
import dev.podpath.core.resolve.HopResolver;
import dev.podpath.core.resolve.Resolution;
import dev.podpath.core.trace.Branch;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.HopKind;
import dev.podpath.core.trace.Location;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.Locale;

/** Resolves the names that the cloud itself gives to load balancers: an address in each zone. */
public final class BalancerNames implements HopResolver {
    private final Balancers balancers;

    /** Resolves the names of these. */
    public BalancerNames(Balancers balancers) {
        this.balancers = balancers;
    }

    @Override
    public String id() {
        return "aliyun.alb-names";
    }

    @Override
    public boolean handles(Location location) {
        return location instanceof DnsName;
    }

    @Override
    public Resolution resolve(Location location) {
        DnsName at = (DnsName) location;
        String lower = at.host().toLowerCase(Locale.ROOT);
        String host = lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
        Option<Balancer> named = balancers.named(host);
        if (named.isEmpty()) {
            return Resolution.declined();
        }
        Balancer balancer = named.get();
        HopDraft notes = new HopDraft(at, HopKind.DNS, "DNS " + host);
        notes.add(Decision.found(host + " is the name of " + balancer.label(), balancer.evidence()));
        Vector<IpAddress> addresses = balancer.addresses();
        if (addresses.isEmpty()) {
            return notes.unknown(Decision.unknown(
                    "the addresses of " + balancer.label() + " were not captured",
                    balancers
                            .responses()
                            .missing(
                                    balancer.kind().one(),
                                    Option.some(balancer.region()),
                                    balancer.id(),
                                    "--LoadBalancerId " + balancer.id())));
        }
        notes.add(Decision.found(
                "it has " + addresses.mkString(", "),
                balancer.json().at("ZoneMappings").evidence()));
        if (addresses.size() > 1) {
            notes.assume("all " + addresses.size() + " addresses of " + host
                    + " are returned in rotation, and a client uses the first");
        }
        Vantage vantage = balancer.internet() && at.vantage() instanceof Vantage.PrivateNetwork
                ? new Vantage.Internet()
                : at.vantage();
        return notes.goes(addresses.zipWith(
                Shares.equal(addresses.size()),
                (address, share) ->
                        Branch.of(new NetworkAddress(new AddressPort(address, at.port()), at.flow(), vantage), share)));
    }
}
