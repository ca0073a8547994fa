package dev.podpath.aliyun.security;

import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.IpPrefix;
import dev.podpath.core.trace.Evidence;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * A rule of a security group (DescribeSecurityGroupAttribute, Permission).
 *
 * @param group the group it is in
 * @param ingress whether it is for what comes in
 * @param accept whether it lets pass; else it drops
 * @param priority 1 to 100; lower numbers come first
 * @param json where it is
 */
record SecurityRule(String group, boolean ingress, boolean accept, int priority, Json json) {
    static SecurityRule of(String group, Json json) {
        return new SecurityRule(
                group,
                !json.textOr("", "Direction").equalsIgnoreCase("egress"),
                json.textOr("Accept", "Policy").equalsIgnoreCase("accept"),
                json.integer("Priority").getOrElse(1),
                json);
    }

    /** Whether it is for a connection. */
    Match matches(Traffic traffic, Peers peers) {
        if (ingress != traffic.ingress()) {
            return Match.NO;
        }
        return protocol(traffic).and(ports(traffic)).and(peer(traffic, peers)).and(own(traffic));
    }

    private Match protocol(Traffic traffic) {
        String wanted = json.textOr("ALL", "IpProtocol").strip();
        return Match.of(wanted.equalsIgnoreCase("ALL")
                || wanted.equals("-1")
                || wanted.equalsIgnoreCase(traffic.protocol().name()));
    }

    private Match ports(Traffic traffic) {
        String source = json.textOr("", "SourcePortRange").strip();
        boolean anySource = source.isEmpty() || source.equals("-1/-1") || source.equals("1/65535");
        return Ports.holds(json.textOr("-1/-1", "PortRange"), traffic.port()).and(anySource ? Match.YES : Match.MAYBE);
    }

    /** The interface's own side, which only rules of five parts name. */
    private Match own(Traffic traffic) {
        String prefix = filled(ingress ? "DestCidrIp" : "SourceCidrIp")
                .orElse(() -> filled(ingress ? "Ipv6DestCidrIp" : "Ipv6SourceCidrIp"))
                .getOrElse("");
        return prefix.isEmpty() ? Match.YES : inside(prefix, Option.some(traffic.own()));
    }

    private Match peer(Traffic traffic, Peers peers) {
        String side = ingress ? "Source" : "Dest";
        Vector<String> prefixes = filled(side + "CidrIp").toVector().appendAll(filled("Ipv6" + side + "CidrIp"));
        if (!prefixes.isEmpty()) {
            return any(prefixes.map(prefix -> inside(prefix, traffic.peer())));
        }
        Option<String> other = filled(side + "GroupId");
        if (other.isDefined()) {
            return peers.inGroup(traffic.peer(), other.get());
        }
        return filled(side + "PrefixListId")
                .map(list -> peers.inPrefixList(traffic.peer(), list))
                .getOrElse(Match.MAYBE);
    }

    static Match any(Vector<Match> matches) {
        return matches.contains(Match.YES) ? Match.YES : matches.contains(Match.MAYBE) ? Match.MAYBE : Match.NO;
    }

    /** Whether an address, which may not be known, is in a prefix. */
    static Match inside(String prefix, Option<IpAddress> address) {
        Option<IpPrefix> parsed = IpPrefix.parse(prefix.strip());
        if (parsed.isEmpty()) {
            return Match.MAYBE;
        }
        return address.map(known -> Match.of(parsed.get().contains(known)))
                .getOrElse(parsed.get().length() == 0 ? Match.YES : Match.MAYBE);
    }

    private Option<String> filled(String field) {
        return json.text(field).filter(text -> !text.isBlank());
    }

    Evidence evidence() {
        return json.evidence(
                "SecurityGroupRuleId",
                "Direction",
                "IpProtocol",
                "PortRange",
                "SourceCidrIp",
                "SourceGroupId",
                "SourcePrefixListId",
                "DestCidrIp",
                "DestGroupId",
                "Policy",
                "Priority");
    }

    @Override
    public String toString() {
        return (accept ? "accept" : "drop") + " rule of " + group + ", priority " + priority;
    }
}
