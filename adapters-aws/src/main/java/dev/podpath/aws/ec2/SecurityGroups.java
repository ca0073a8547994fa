package dev.podpath.aws.ec2;

import dev.podpath.aws.document.Operation;
import dev.podpath.aws.document.Response;
import dev.podpath.aws.document.Responses;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.IpPrefix;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Evidence;
import dev.podpath.core.trace.Missing;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.HashMap;
import java.util.Map;

/**
 * Security groups: rules only allow, the rules of all groups of an interface are taken together, answers to what was
 * allowed may pass, and what no rule allows is dropped (Amazon VPC User Guide, "Security group rules").
 */
public final class SecurityGroups {
    private static final int SHOWN = 4;
    private static final int MOST_ADDRESSES = 32;

    private final Map<String, Json> groups = new HashMap<>();
    private final Map<String, Vector<IpPrefix>> prefixLists = new HashMap<>();

    private SecurityGroups() {}

    /** Indexes what was captured. */
    public static SecurityGroups of(Responses responses) {
        SecurityGroups all = new SecurityGroups();
        responses
                .items(Operation.SECURITY_GROUPS)
                .forEach(group -> group.text("GroupId").forEach(id -> all.groups.putIfAbsent(id, group)));
        for (Response list : responses.of(Operation.PREFIX_LIST_ENTRIES)) {
            all.prefixLists.put(
                    list.key(),
                    list.items().flatMap(entry -> entry.text("Cidr")).flatMap(IpPrefix::parse));
        }
        return all;
    }

    /** Whether the peer may connect to this port of an interface with these groups. */
    public Verdict inbound(Vector<String> groupIds, Peer peer, Protocol protocol, int port) {
        return overAll(groupIds, "IpPermissions", peer, protocol, port);
    }

    /** Whether an interface with these groups may connect to this port of the peer. */
    public Verdict outbound(Vector<String> groupIds, Peer peer, Protocol protocol, int port) {
        return overAll(groupIds, "IpPermissionsEgress", peer, protocol, port);
    }

    /** Only what holds for each address the peer may have is certain. */
    private Verdict overAll(Vector<String> groupIds, String field, Peer peer, Protocol protocol, int port) {
        if (peer.addresses().size() < 2) {
            return new Check(groupIds, field, peer, protocol, port).run();
        }
        Vector<Verdict> verdicts = peer.addresses()
                .take(MOST_ADDRESSES)
                .map(address -> new Peer(Vector.of(address), peer.securityGroups()))
                .map(one -> new Check(groupIds, field, one, protocol, port).run());
        Option<Verdict> unknown = verdicts.find(verdict -> verdict.answer() == Answer.UNKNOWN);
        if (unknown.isDefined()
                || verdicts.forAll(
                        verdict -> verdict.answer() == verdicts.head().answer())) {
            return unknown.getOrElse(verdicts.head());
        }
        Decision depends = Decision.unknown("the security groups " + groupIds.mkString(", ") + " allow "
                        + protocol.lower() + " port " + port + " for some of " + peer + " and not for others")
                .with(verdicts.flatMap(verdict -> verdict.decision().evidence())
                        .distinct()
                        .take(SHOWN));
        return new Verdict(Answer.UNKNOWN, depends);
    }

    /**
     * What security groups say.
     *
     * @param answer the answer
     * @param decision the same with evidence
     */
    public record Verdict(Answer answer, Decision decision) {
        /** Whether some rule allows it. */
        public boolean isAllowed() {
            return answer == Answer.ALLOWED;
        }

        /** Whether it is certain that no rule allows it. */
        public boolean isDenied() {
            return answer == Answer.DENIED;
        }

        /** The rules that decided. */
        public Evidence[] evidence() {
            return decision.evidence().toJavaArray(Evidence[]::new);
        }
    }

    /** Answers of security groups. */
    public enum Answer {
        /** A rule allows the connection. */
        ALLOWED,
        /** No rule does. */
        DENIED,
        /** A rule may allow it; what decides was not captured. */
        UNKNOWN
    }

    /** One question. */
    private final class Check {
        private final Vector<String> groupIds;
        private final boolean inbound;
        private final String field;
        private final Peer peer;
        private final Protocol protocol;
        private final int port;
        private Vector<Json> open = Vector.empty();
        private Vector<Missing> missing = Vector.empty();

        Check(Vector<String> groupIds, String field, Peer peer, Protocol protocol, int port) {
            this.groupIds = groupIds;
            this.inbound = field.equals("IpPermissions");
            this.field = field;
            this.peer = peer;
            this.protocol = protocol;
            this.port = port;
        }

        Verdict run() {
            Vector<Json> seen = Vector.empty();
            boolean lost = false;
            for (String id : groupIds) {
                Option<Json> group = Option.of(groups.get(id));
                if (group.isEmpty() || !group.get().at(field).isArray()) {
                    lost = true;
                    missing = missing.append(Operation.SECURITY_GROUPS.missing());
                    continue;
                }
                seen = seen.append(group.get());
                for (Json rule : group.get().items(field)) {
                    Answer answer = permission(rule);
                    if (answer == Answer.ALLOWED) {
                        String text = "security group " + id + " allows " + what();
                        return new Verdict(answer, Decision.allowed(text, rule.evidence()));
                    }
                    if (answer == Answer.UNKNOWN) {
                        open = open.append(rule);
                    }
                }
            }
            if (lost || !open.isEmpty()) {
                String why = open.isEmpty()
                        ? "not all of the security groups " + groupIds.mkString(", ") + " were captured"
                        : "whether a rule of the security groups " + groupIds.mkString(", ") + " matches is not known";
                Decision unknown = Decision.unknown(
                                why + ", so " + what() + " may or may not be allowed",
                                missing.distinct().toJavaArray(Missing[]::new))
                        .with(open.take(SHOWN).map(Json::evidence));
                return new Verdict(Answer.UNKNOWN, unknown);
            }
            Decision denied = Decision.denied(
                            "no rule of the security groups " + groupIds.mkString(", ") + " allows " + what())
                    .with(seen.take(SHOWN).map(group -> group.evidence("GroupId", "GroupName", field)));
            return new Verdict(Answer.DENIED, denied);
        }

        private String what() {
            return protocol.lower() + " port " + port + (inbound ? " from " : " to ") + peer;
        }

        private Answer permission(Json rule) {
            Answer ports = ports(rule);
            return ports == Answer.DENIED ? ports : both(ports, peers(rule));
        }

        /** Protocol -1 means all; any number other than TCP, UDP and ICMP covers all ports of that protocol. */
        private Answer ports(Json rule) {
            String name = rule.textOr("", "IpProtocol");
            if (name.equals("-1")) {
                return Answer.ALLOWED;
            }
            if (!Protocol.parse(name).contains(protocol)) {
                return name.isEmpty() ? Answer.UNKNOWN : Answer.DENIED;
            }
            if (protocol == Protocol.SCTP) {
                return Answer.ALLOWED;
            }
            Option<Integer> from = rule.integer("FromPort");
            Option<Integer> to = rule.integer("ToPort");
            if (from.isEmpty() || to.isEmpty()) {
                return Answer.UNKNOWN;
            }
            return from.get() <= port && port <= to.get() ? Answer.ALLOWED : Answer.DENIED;
        }

        private Answer peers(Json rule) {
            Answer group = groupReference(rule);
            if (group == Answer.ALLOWED) {
                return group;
            }
            Answer address =
                    peer.addresses().headOption().map(ip -> prefixes(rule, ip)).getOrElse(() -> unknownAddress(rule));
            return either(group, address);
        }

        private Answer groupReference(Json rule) {
            Vector<String> referenced = rule.items("UserIdGroupPairs").flatMap(pair -> pair.text("GroupId"));
            if (referenced.isEmpty()) {
                return Answer.DENIED;
            }
            return peer.securityGroups()
                    .map(own -> own.exists(referenced::contains) ? Answer.ALLOWED : Answer.DENIED)
                    .getOrElse(Answer.UNKNOWN);
        }

        private Answer unknownAddress(Json rule) {
            boolean everyone = cidrs(rule).exists(prefix -> prefix.length() == 0);
            boolean someone =
                    !cidrs(rule).isEmpty() || !rule.items("PrefixListIds").isEmpty();
            return everyone ? Answer.ALLOWED : someone ? Answer.UNKNOWN : Answer.DENIED;
        }

        private Answer prefixes(Json rule, IpAddress address) {
            if (cidrs(rule).exists(prefix -> prefix.contains(address))) {
                return Answer.ALLOWED;
            }
            Answer answer = Answer.DENIED;
            for (String list : rule.items("PrefixListIds").flatMap(entry -> entry.text("PrefixListId"))) {
                Option<Vector<IpPrefix>> entries = Option.of(prefixLists.get(list));
                if (entries.isEmpty()) {
                    missing = missing.append(Operation.PREFIX_LIST_ENTRIES.missing("REGION", list, list));
                    answer = Answer.UNKNOWN;
                } else if (entries.get().exists(prefix -> prefix.contains(address))) {
                    return Answer.ALLOWED;
                }
            }
            return answer;
        }
    }

    private static Vector<IpPrefix> cidrs(Json rule) {
        return rule.items("IpRanges")
                .flatMap(range -> range.text("CidrIp"))
                .appendAll(rule.items("Ipv6Ranges").flatMap(range -> range.text("CidrIpv6")))
                .flatMap(IpPrefix::parse);
    }

    private static Answer both(Answer a, Answer b) {
        if (a == Answer.DENIED || b == Answer.DENIED) {
            return Answer.DENIED;
        }
        return a == Answer.ALLOWED && b == Answer.ALLOWED ? Answer.ALLOWED : Answer.UNKNOWN;
    }

    private static Answer either(Answer a, Answer b) {
        if (a == Answer.ALLOWED || b == Answer.ALLOWED) {
            return Answer.ALLOWED;
        }
        return a == Answer.DENIED && b == Answer.DENIED ? Answer.DENIED : Answer.UNKNOWN;
    }
}
