package dev.podpath.aliyun.security;

import dev.podpath.aliyun.response.Api;
import dev.podpath.aliyun.response.Item;
import dev.podpath.aliyun.response.Responses;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.trace.Evidence;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.HashMap;
import java.util.Map;

/**
 * Network ACLs of vSwitches. They are stateless: the request and its answer, which goes to an ephemeral port, must both
 * pass. The first entry that is for a packet decides; what no entry is for is dropped. They do not look at what stays
 * within a vSwitch (VPC user guide, network ACL overview).
 */
final class NetworkAcls {
    private static final int SOME_EPHEMERAL = 32768;
    private static final int LAST_EPHEMERAL = 60999;

    private final Map<String, String> byVSwitch = new HashMap<>();
    private final Map<String, Json> acls = new HashMap<>();

    NetworkAcls(Responses responses) {
        for (Item item : responses.items(Api.VSWITCHES)) {
            item.json()
                    .text("NetworkAclId")
                    .filter(id -> !id.isBlank())
                    .forEach(id -> byVSwitch.put(item.json().textOr("", "VSwitchId"), id));
        }
        for (Item item : responses.items(Api.NETWORK_ACL)) {
            item.json().text("NetworkAclId").forEach(id -> acls.put(id, item.json()));
        }
    }

    /** The ACL of a vSwitch. */
    Option<String> of(String vSwitch) {
        return Option.of(byVSwitch.get(vSwitch));
    }

    /** What an ACL says to a connection and its answer; empty where it was not captured. */
    Option<Ruling> check(String id, Traffic traffic) {
        return Option.of(acls.get(id)).map(acl -> {
            Ruling there = direction(id, acl, traffic, traffic.ingress(), Vector.of(traffic.port()));
            if (there.passes() != Match.YES) {
                return there;
            }
            Ruling back = direction(id, acl, traffic, !traffic.ingress(), Vector.of(SOME_EPHEMERAL, LAST_EPHEMERAL));
            return back.passes() == Match.YES
                    ? there
                    : new Ruling(back.passes(), "the answer: " + back.text(), back.evidence());
        });
    }

    private static Ruling direction(String id, Json acl, Traffic traffic, boolean ingress, Vector<Integer> ports) {
        Vector<Json> entries = ingress
                ? acl.items("IngressAclEntries", "IngressAclEntry")
                : acl.items("EgressAclEntries", "EgressAclEntry");
        Vector<Ruling> each = ports.map(port -> first(id, acl, entries, traffic, ingress, port));
        return each.find(ruling -> ruling.passes() == Match.NO)
                .orElse(() -> each.find(ruling -> ruling.passes() == Match.MAYBE))
                .getOrElse(each::head);
    }

    private static Ruling first(String id, Json acl, Vector<Json> entries, Traffic traffic, boolean ingress, int port) {
        Vector<Evidence> open = Vector.empty();
        for (Json entry : entries) {
            Match match = matches(entry, traffic.protocol().name(), traffic.peer(), ingress, port);
            boolean accept = entry.textOr("", "Policy").equalsIgnoreCase("accept");
            Evidence evidence = entry.evidence(
                    "NetworkAclEntryId", "Protocol", "Port", "SourceCidrIp", "DestinationCidrIp", "Policy");
            if (match == Match.YES && open.isEmpty()) {
                return new Ruling(
                        Match.of(accept),
                        (accept ? "accepted" : "dropped") + " by network ACL " + id
                                + (ingress ? ", ingress" : ", egress"),
                        Vector.of(evidence));
            }
            if (match != Match.NO) {
                open = open.append(evidence);
            }
        }
        return open.isEmpty()
                ? new Ruling(
                        Match.NO,
                        "no entry of network ACL " + id + (ingress ? ", ingress," : ", egress,")
                                + " is for it, and so it is dropped",
                        Vector.of(acl.evidence("NetworkAclId", ingress ? "IngressAclEntries" : "EgressAclEntries")))
                : new Ruling(Match.MAYBE, "it depends on an entry of network ACL " + id, open);
    }

    private static Match matches(Json entry, String protocol, Option<IpAddress> peer, boolean ingress, int port) {
        String wanted = entry.textOr("all", "Protocol");
        Match transport = Match.of(wanted.equalsIgnoreCase("all") || wanted.equalsIgnoreCase(protocol));
        String prefix = entry.textOr("", ingress ? "SourceCidrIp" : "DestinationCidrIp");
        return transport.and(Ports.holds(entry.textOr("-1/-1", "Port"), port)).and(SecurityRule.inside(prefix, peer));
    }
}
