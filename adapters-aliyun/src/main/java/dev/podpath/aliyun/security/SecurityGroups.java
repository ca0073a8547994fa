package dev.podpath.aliyun.security;

import dev.podpath.aliyun.response.Api;
import dev.podpath.aliyun.response.Item;
import dev.podpath.aliyun.response.Response;
import dev.podpath.aliyun.response.Responses;
import dev.podpath.core.trace.Evidence;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Security groups. The rules of all groups of an interface are taken together: a lower priority number comes first, and
 * among rules of one priority a drop before an accept. Where none is for the connection, a basic group lets out everything
 * and lets in its own members; an advanced one nothing (ECS user guide, security group rules).
 */
final class SecurityGroups {
    private final Map<String, SecurityGroup> groups = new HashMap<>();
    private final Peers peers;

    SecurityGroups(Responses responses) {
        this.peers = new Peers(responses);
        Map<String, Boolean> enterprise = new HashMap<>();
        for (Item item : responses.items(Api.SECURITY_GROUPS)) {
            item.json()
                    .text("SecurityGroupType")
                    .filter(type -> !type.isBlank())
                    .forEach(type -> enterprise.put(
                            item.json().textOr("", "SecurityGroupId"), type.equalsIgnoreCase("enterprise")));
        }
        Map<String, List<Response>> pages = new HashMap<>();
        for (Response response : responses.of(Api.SECURITY_GROUP)) {
            pages.computeIfAbsent(response.body().textOr("", "SecurityGroupId"), id -> new ArrayList<>())
                    .add(response);
        }
        pages.forEach((id, of) -> {
            Vector<Response> all = Vector.ofAll(of);
            if (all.exists(page -> responses.isWhole(Api.SECURITY_GROUP, page.group()))) {
                groups.put(id, SecurityGroup.of(id, Option.of(enterprise.get(id)), all));
            }
        });
    }

    Option<SecurityGroup> group(String id) {
        return Option.of(groups.get(id));
    }

    /** What these groups, all of one interface, say to a connection. */
    Ruling check(Vector<SecurityGroup> of, Traffic traffic) {
        Vector<SecurityRule> rules = of.flatMap(SecurityGroup::rules)
                .filter(rule -> rule.matches(traffic, peers) != Match.NO)
                .sortBy(rule -> rule.priority() * 2 + (rule.accept() ? 1 : 0));
        Vector<SecurityRule> open = rules.takeWhile(rule -> rule.matches(traffic, peers) == Match.MAYBE);
        Option<SecurityRule> first = rules.drop(open.size()).headOption();
        Ruling certain = first.map(rule -> new Ruling(
                        Match.of(rule.accept()),
                        (rule.accept() ? "accepted" : "dropped") + " by the " + rule,
                        Vector.of(rule.evidence())))
                .getOrElse(() -> byDefault(of, traffic));
        Vector<SecurityRule> different = open.filter(
                rule -> certain.passes() == Match.MAYBE || rule.accept() != (certain.passes() == Match.YES));
        return different.isEmpty()
                ? certain
                : new Ruling(
                        Match.MAYBE,
                        "it depends on the " + different.head(),
                        different.map(SecurityRule::evidence).appendAll(certain.evidence()));
    }

    private Ruling byDefault(Vector<SecurityGroup> of, Traffic traffic) {
        Vector<Evidence> evidence = of.map(SecurityGroup::evidence);
        String none = "no rule of " + of.map(SecurityGroup::id).mkString(", ") + " is for it";
        if (traffic.ingress()) {
            Match member = SecurityRule.any(of.filter(SecurityGroup::innerAccept)
                    .map(this::trusts)
                    .zipWith(
                            of.filter(SecurityGroup::innerAccept),
                            (trust, group) -> trust.and(peers.inGroup(traffic.peer(), group.id()))));
            return new Ruling(
                    member,
                    member == Match.NO
                            ? none + ", and so it is dropped"
                            : none + "; members of one basic group may pass",
                    evidence);
        }
        Match passes = of.forAll(group -> group.enterprise().contains(false))
                ? Match.YES
                : of.exists(group -> group.enterprise().contains(true)) ? Match.NO : Match.MAYBE;
        String how = passes == Match.YES
                ? "a basic group lets it out"
                : passes == Match.NO
                        ? "an advanced group drops it"
                        : "whether the group is basic, and lets it out, was not captured";
        return new Ruling(passes, none + "; " + how, evidence);
    }

    private Match trusts(SecurityGroup group) {
        return group.enterprise().map(advanced -> Match.of(!advanced)).getOrElse(Match.MAYBE);
    }
}
