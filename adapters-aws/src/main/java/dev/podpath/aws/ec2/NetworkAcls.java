package dev.podpath.aws.ec2;

import dev.podpath.aws.document.Operation;
import dev.podpath.aws.document.Responses;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.trace.Decision;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.HashMap;
import java.util.Map;

/**
 * Network ACLs of subnets. They are stateless: a connection across a subnet's border needs the request let through one way
 * and its answers, which go to an ephemeral port of the client, the other way. Traffic inside a subnet meets none (Amazon VPC
 * User Guide, "Control subnet traffic with network access control lists").
 */
public final class NetworkAcls {
    /** Every port that clients of some kind take: load balancers, NAT gateways, Windows, the VPC CNI's random ports. */
    private static final int FIRST_EPHEMERAL = 1024;

    private static final int LAST_EPHEMERAL = 65535;

    /** What Linux takes unless told otherwise ({@code net.ipv4.ip_local_port_range}). */
    private static final int FIRST_OF_LINUX = 32768;

    private static final int LAST_OF_LINUX = 60999;

    private final boolean captured;
    private final Map<String, AclRules> bySubnet = new HashMap<>();

    private NetworkAcls(boolean captured) {
        this.captured = captured;
    }

    /** Indexes what was captured. */
    public static NetworkAcls of(Responses responses) {
        NetworkAcls acls = new NetworkAcls(responses.captured(Operation.NETWORK_ACLS));
        for (Json json : responses.items(Operation.NETWORK_ACLS)) {
            AclRules rules = new AclRules(json);
            json.items("Associations")
                    .flatMap(association -> association.text("SubnetId"))
                    .forEach(subnet -> acls.bySubnet.putIfAbsent(subnet, rules));
        }
        return acls;
    }

    /** What a result that crosses the border of this subnet does not cover; empty where its ACL was captured. */
    public Option<String> limit(Option<String> subnet) {
        if (subnet.exists(bySubnet::containsKey)) {
            return Option.none();
        }
        return Option.some(
                captured
                        ? "the network ACL of "
                                + subnet.map(id -> "subnet " + id).getOrElse("the subnet")
                                + " was not captured and is not evaluated"
                        : "network ACLs were not captured and are not evaluated");
    }

    /** Whether a connection, of IPv6 or not, to a port inside the subnet may come in. */
    public Option<SecurityGroups.Verdict> inward(
            String subnet, Option<IpAddress> client, boolean six, Protocol protocol, int port) {
        return crossing(subnet, false, client, six, protocol, port);
    }

    /** Whether a connection from inside the subnet to a port of the other side may leave. */
    Option<SecurityGroups.Verdict> outward(String subnet, IpAddress server, Protocol protocol, int port) {
        return crossing(subnet, true, Option.some(server), server.isV6(), protocol, port);
    }

    /** Empty where there is nothing to tell: the ACL was not captured, or lets everything pass by its first rules. */
    private Option<SecurityGroups.Verdict> crossing(
            String subnet, boolean egress, Option<IpAddress> peer, boolean six, Protocol protocol, int port) {
        AclRules rules = bySubnet.get(subnet);
        if (rules == null || rules.isOpen()) {
            return Option.none();
        }
        String way = (egress ? "to " : "from ") + peer.map(IpAddress::toString).getOrElse("a source that is not known");
        String acl = "network ACL " + rules.id() + " of subnet " + subnet;
        AclRules.Answer request = rules.ask(egress, peer, six, protocol, port, port);
        if (request.isDenied()) {
            return Option.some(verdict(
                    SecurityGroups.Answer.DENIED,
                    Decision.denied(acl + " denies " + protocol.lower() + " port " + port + " " + way),
                    request.rules()));
        }
        AclRules.Answer reply = rules.ask(!egress, peer, six, protocol, FIRST_EPHEMERAL, LAST_EPHEMERAL);
        if (request.isAllowed() && reply.isDenied()) {
            return Option.some(verdict(
                    SecurityGroups.Answer.DENIED,
                    Decision.denied(acl + " allows " + protocol.lower() + " port " + port + " " + way
                            + ", but denies the answers to ephemeral ports"),
                    request.rules().appendAll(reply.rules())));
        }
        boolean answered = reply.isAllowed()
                || rules.ask(!egress, peer, six, protocol, FIRST_OF_LINUX, LAST_OF_LINUX)
                        .isAllowed();
        if (request.isAllowed() && answered) {
            return Option.some(verdict(
                    SecurityGroups.Answer.ALLOWED,
                    Decision.allowed(acl + " allows " + protocol.lower() + " port " + port + " " + way
                            + " and the answers to "
                            + (reply.isAllowed()
                                    ? "ephemeral ports"
                                    : "ports " + FIRST_OF_LINUX + " to " + LAST_OF_LINUX
                                            + ", where Linux clients have theirs")),
                    request.rules().appendAll(reply.rules())));
        }
        return Option.some(verdict(
                SecurityGroups.Answer.UNKNOWN,
                Decision.unknown(
                        request.isAllowed()
                                ? acl + " lets answers " + (egress ? "from" : "to")
                                        + " the other side through to some ephemeral ports only"
                                : acl + " may deny " + protocol.lower() + " port " + port + " " + way),
                request.rules().appendAll(reply.rules())));
    }

    private static SecurityGroups.Verdict verdict(SecurityGroups.Answer answer, Decision decision, Vector<Json> rules) {
        return new SecurityGroups.Verdict(answer, decision.with(rules.distinct().map(Json::evidence)));
    }
}
