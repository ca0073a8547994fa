package dev.podpath.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.location.PodPort;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.Fraction;
import dev.podpath.core.trace.Share;
import dev.podpath.core.trace.Trace;
import io.vavr.collection.Vector;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

/** No request is delivered past a closed door, and every request is where all doors are open. */
class ClosedDoorsProperties {
    private static final Vector<String> TARGETS = Vector.of("10.0.1.20", "10.0.2.49");

    /**
     * What is open on the way to an application load balancer's targets.
     *
     * @param active whether the load balancer is
     * @param listening whether it has the listener
     * @param client whether its security group takes the client
     * @param balancer whether the targets' security group takes the load balancer
     * @param border whether the network ACL of the targets' subnets does
     * @param entrance whether that of the load balancer's does
     */
    record Doors(
            boolean active, boolean listening, boolean client, boolean balancer, boolean border, boolean entrance) {
        boolean open() {
            return active && listening && client && balancer && border && entrance;
        }
    }

    @Provide
    Arbitrary<Doors> doors() {
        Arbitrary<Boolean> mostly =
                Arbitraries.frequency(net.jqwik.api.Tuple.of(9, true), net.jqwik.api.Tuple.of(1, false));
        return Combinators.combine(mostly, mostly, mostly, mostly, mostly, mostly)
                .as(Doors::new);
    }

    @Provide
    Arbitrary<String> states() {
        return Arbitraries.of("healthy", "healthy", "unhealthy", "initial", "draining", "unused", "unavailable");
    }

    @Property(tries = 400)
    void deliveredIsWhatEveryDoorLetsPass(
            @ForAll("doors") Doors doors, @ForAll @Size(2) List<@From("states") String> states) {
        Trace trace = Account.trace(world(doors, states), Account.https("web.example.com", "/"));

        Vector<String> used = used(states);
        Vector<String> delivered = trace.outcomes()
                .filter(outcome -> outcome.disposition() == Disposition.DELIVERED)
                .flatMap(outcome -> outcome.target().address())
                .map(to -> to.address().toString())
                .distinct()
                .sorted();
        assertThat(delivered).isEqualTo(doors.open() ? used : Vector.empty());
        assertThat(trace.outcomes()
                        .map(outcome -> ((Share.Exact) outcome.share()).value())
                        .foldLeft(Fraction.ZERO, Fraction::plus))
                .isEqualTo(Fraction.ONE);
        assertThat(trace.hops().exists(hop -> hop.hop().location() instanceof PodPort))
                .isEqualTo(doors.open() && !used.isEmpty());
    }

    /** Healthy targets; where there is none, all that are registered and not on their way out. */
    private static Vector<String> used(List<String> states) {
        Vector<String> well = TARGETS.zip(states)
                .filter(pair -> pair._2().equals("healthy") || pair._2().equals("unavailable"))
                .map(pair -> pair._1());
        return well.isEmpty()
                ? TARGETS.zip(states)
                        .filter(pair ->
                                pair._2().equals("unhealthy") || pair._2().equals("initial"))
                        .map(pair -> pair._1())
                : well;
    }

    private static TestSnapshot world(Doors doors, List<String> states) {
        String acl = "{\"NetworkAclId\":\"acl-%s\",\"Associations\":[%s],\"Entries\":["
                + "{\"RuleNumber\":90,\"Protocol\":\"6\",\"RuleAction\":\"%s\",\"Egress\":false,\"CidrBlock\":\"%s\"},"
                + "{\"RuleNumber\":100,\"Protocol\":\"-1\",\"RuleAction\":\"allow\",\"Egress\":false,"
                + "\"CidrBlock\":\"0.0.0.0/0\"},{\"RuleNumber\":100,\"Protocol\":\"-1\",\"RuleAction\":\"allow\","
                + "\"Egress\":true,\"CidrBlock\":\"0.0.0.0/0\"}]}";
        String nodes = "{\"SubnetId\":\"subnet-a\"},{\"SubnetId\":\"subnet-b\"}";
        return Account.snapshot()
                .with(
                        Account.DIR + "elbv2.describe-load-balancers.json",
                        Account.loadBalancers(doors.active() ? "active" : "failed", "internet-facing")
                                .replaceAll("(\"ZoneName\":\"eu-west-1[ab]\")", "$1,\"SubnetId\":\"subnet-pub\""))
                .with(
                        Account.DIR + "elbv2.describe-listeners.web.json",
                        doors.listening()
                                ? Account.albListeners()
                                : Account.albListeners().replace("\"Port\":443,\"Pro", "\"Port\":444,\"Pro"))
                .with(
                        Account.DIR + "ec2.describe-security-groups.json",
                        Account.securityGroups("10.0.0.0/16")
                                .replace(
                                        "\"FromPort\":443,\"ToPort\":444",
                                        doors.client()
                                                ? "\"FromPort\":443,\"ToPort\":444"
                                                : "\"FromPort\":1,\"ToPort\":2")
                                .replace(
                                        "\"FromPort\":8080,\"ToPort\":8080",
                                        doors.balancer()
                                                ? "\"FromPort\":8080,\"ToPort\":8080"
                                                : "\"FromPort\":9,\"ToPort\":9"))
                .with(
                        Account.DIR + "ec2.describe-network-acls.json",
                        "{\"NetworkAcls\":["
                                + acl.formatted("n", nodes, doors.border() ? "allow" : "deny", "10.0.0.0/24")
                                + ","
                                + acl.formatted(
                                        "p",
                                        "{\"SubnetId\":\"subnet-pub\"}",
                                        doors.entrance() ? "allow" : "deny",
                                        "198.51.100.0/24")
                                + "]}")
                .with(
                        Account.DIR + "elbv2.describe-target-health.tg-web.json",
                        Account.health(
                                Account.target(TARGETS.get(0), 8080, "eu-west-1a", states.get(0), ""),
                                Account.target(TARGETS.get(1), 8080, "eu-west-1b", states.get(1), "")));
    }
}
