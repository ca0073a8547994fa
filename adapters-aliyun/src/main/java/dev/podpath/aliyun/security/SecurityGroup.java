package dev.podpath.aliyun.security;

import dev.podpath.aliyun.response.Response;
import dev.podpath.core.trace.Evidence;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * A security group.
 *
 * @param id its id
 * @param enterprise whether it is an advanced one, which trusts nobody by itself; empty where that was not captured
 * @param innerAccept whether members of a basic one accept each other
 * @param rules its rules in both directions
 * @param evidence where it is
 */
record SecurityGroup(
        String id, Option<Boolean> enterprise, boolean innerAccept, Vector<SecurityRule> rules, Evidence evidence) {
    static SecurityGroup of(String id, Option<Boolean> enterprise, Vector<Response> pages) {
        return new SecurityGroup(
                id,
                enterprise,
                !pages.head().body().textOr("Accept", "InnerAccessPolicy").equalsIgnoreCase("drop"),
                pages.flatMap(page -> page.body().items("Permissions", "Permission"))
                        .map(json -> SecurityRule.of(id, json)),
                pages.head().body().evidence("SecurityGroupId", "SecurityGroupName", "InnerAccessPolicy"));
    }
}
