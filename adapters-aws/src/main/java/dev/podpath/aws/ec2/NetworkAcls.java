package dev.podpath.aws.ec2;

import dev.podpath.aws.document.Operation;
import dev.podpath.aws.document.Responses;
import dev.podpath.ports.snapshot.Json;
import io.vavr.control.Option;
import java.util.HashMap;
import java.util.Map;

/**
 * Network ACLs of subnets. They are not evaluated; what is told is whether one could stop a packet at all. The rule with the
 * lowest number that matches decides (Amazon VPC User Guide, "Network ACL rules"), so one that allows everything first, as
 * the default ACL does, stops nothing.
 */
public final class NetworkAcls {
    private final boolean captured;
    private final Map<String, Json> bySubnet = new HashMap<>();

    private NetworkAcls(boolean captured) {
        this.captured = captured;
    }

    /** Indexes what was captured. */
    public static NetworkAcls of(Responses responses) {
        NetworkAcls acls = new NetworkAcls(responses.captured(Operation.NETWORK_ACLS));
        for (Json acl : responses.items(Operation.NETWORK_ACLS)) {
            acl.items("Associations")
                    .flatMap(association -> association.text("SubnetId"))
                    .forEach(subnet -> acls.bySubnet.putIfAbsent(subnet, acl));
        }
        return acls;
    }

    /** What a result that crosses the border of this subnet does not cover; empty where its ACL stops nothing. */
    Option<String> limit(Option<String> subnet) {
        Option<Json> acl = subnet.flatMap(id -> Option.of(bySubnet.get(id)));
        if (acl.isEmpty()) {
            return Option.some(
                    captured
                            ? "the network ACL of "
                                    + subnet.map(id -> "subnet " + id).getOrElse("the subnet")
                                    + " was not captured and is not evaluated"
                            : "network ACLs were not captured and are not evaluated");
        }
        boolean open = allowsAllFirst(acl.get(), false) && allowsAllFirst(acl.get(), true);
        return open
                ? Option.none()
                : Option.some("network ACL " + acl.get().textOr("(without id)", "NetworkAclId") + " of subnet "
                        + subnet.getOrElse("") + " has rules of its own, which are not evaluated");
    }

    private static boolean allowsAllFirst(Json acl, boolean egress) {
        return acl.items("Entries")
                .filter(entry -> entry.bool("Egress").contains(egress)
                        && entry.at("CidrBlock").isPresent())
                .minBy(entry -> entry.integer("RuleNumber").getOrElse(Integer.MIN_VALUE))
                .exists(entry -> entry.textOr("", "RuleAction").equals("allow")
                        && entry.textOr("", "Protocol").equals("-1")
                        && entry.textOr("", "CidrBlock").equals("0.0.0.0/0"));
    }
}
