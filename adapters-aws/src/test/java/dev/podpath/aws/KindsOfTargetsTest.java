package dev.podpath.aws;

import static dev.podpath.aws.Account.DIR;
import static dev.podpath.aws.Account.https;
import static dev.podpath.aws.Account.snapshot;
import static dev.podpath.aws.Account.trace;
import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.location.DnsName;
import dev.podpath.core.location.LoadBalancerPort;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.Outcome;
import dev.podpath.core.trace.Share;
import dev.podpath.core.trace.Trace;
import io.vavr.control.Option;
import org.junit.jupiter.api.Test;

/** Target groups by weight, load balancers and functions as targets, and classic load balancers. */
class KindsOfTargetsTest {
    private static final String TG_OTHER = Account.TG_WEB.replace("tg-web/cccc", "tg-other/abcd");

    @Test
    void groupsGetTheirPartByWeight() {
        TestSnapshot snapshot = weighted(3, 1)
                .with(
                        DIR + "elbv2.describe-target-health.tg-other.json",
                        Account.health(Account.target("10.0.2.50", 8080, "eu-west-1b", "healthy", "")));
        Trace trace = trace(snapshot, https("web.example.com", "/"));

        assertThat(trace.outcomes().map(Outcome::share))
                .containsExactly(Share.of(3, 8), Share.of(3, 8), Share.of(1, 4));
    }

    @Test
    void aGroupWithoutTargetsStillGetsItsPart() {
        TestSnapshot snapshot =
                weighted(3, 1).with(DIR + "elbv2.describe-target-health.tg-other.json", Account.health());
        Trace trace = trace(snapshot, https("web.example.com", "/"));

        assertThat(trace.outcomes()
                        .filter(end -> end.disposition() == Disposition.REJECTED)
                        .map(Outcome::share))
                .containsExactly(Share.of(1, 4));
        assertThat(Account.codes(trace)).containsExactly("PP-LB-011");
        assertThat(Account.codes(trace(weighted(1, 0), https("web.example.com", "/"))))
                .isEmpty();
    }

    @Test
    void anApplicationLoadBalancerCanBeATarget() {
        TestSnapshot snapshot = snapshot()
                .with(
                        DIR + "elbv2.describe-target-groups.json",
                        Account.targetGroups().replace("\"TargetType\":\"instance\"", "\"TargetType\":\"alb\""))
                .with(
                        DIR + "elbv2.describe-target-health.tg-raw.json",
                        Account.health(Account.target(Account.ALB, 443, "", "healthy", "")));
        Trace trace = trace(snapshot, https("raw.example.com", "/"));

        assertThat(InboundTest.targets(trace)).containsExactly("10.0.1.20:8080", "10.0.2.49:8080");
        assertThat(Account.places(trace)
                        .filter(LoadBalancerPort.class::isInstance)
                        .map(place -> ((LoadBalancerPort) place).id()))
                .containsExactly(Account.NLB, Account.ALB);
    }

    @Test
    void aFunctionAnswersItself() {
        TestSnapshot snapshot = snapshot()
                .with(
                        DIR + "elbv2.describe-target-groups.json",
                        Account.targetGroups().replace("\"TargetType\":\"ip\"", "\"TargetType\":\"lambda\""))
                .with(
                        DIR + "elbv2.describe-target-health.tg-web.json",
                        Account.health(Account.target("arn:aws:lambda:eu-west-1:1:function:f", 1, "", "healthy", "")));

        assertThat(Account.ends(trace(snapshot, https("web.example.com", "/"))))
                .containsExactly(Disposition.FIXED_RESPONSE);
    }

    @Test
    void aClassicLoadBalancerSendsToInstancesInService() {
        assertThat(InboundTest.targets(trace(classic("InService", "OutOfService"), classicName(80))))
                .containsExactly("10.0.1.10:30080");
        Trace both = trace(classic("InService", "InService"), classicName(80));
        assertThat(InboundTest.targets(both)).containsExactly("10.0.1.10:30080", "10.0.2.10:30080");
        assertThat(both.outcomes().map(Outcome::share).distinct()).containsExactly(Share.of(1, 2));
        assertThat(Account.codes(both)).isEmpty();
    }

    @Test
    void aClassicLoadBalancerWithoutInstancesOrListenerServesNothing() {
        Trace empty = trace(classic("OutOfService", "OutOfService"), classicName(80));
        assertThat(Account.ends(empty)).containsExactly(Disposition.REJECTED);
        assertThat(Account.codes(empty)).containsExactly("PP-LB-110");

        Trace closed = trace(classic("InService", "InService"), classicName(443));
        assertThat(Account.ends(closed)).containsExactly(Disposition.REJECTED);
        assertThat(Account.codes(closed)).containsExactly("PP-LB-100");
    }

    private static DnsName classicName(int port) {
        return Account.url("http", "old-1.eu-west-1.elb.amazonaws.com", port, "/", Option.some("198.51.100.7"));
    }

    private static TestSnapshot classic(String first, String second) {
        return snapshot()
                .with(DIR + "elb.describe-load-balancers.json", """
                        {"LoadBalancerDescriptions":[{"LoadBalancerName":"old","Scheme":"internet-facing","VPCId":"vpc-1",
                          "DNSName":"old-1.eu-west-1.elb.amazonaws.com","SecurityGroups":["sg-lb"],
                          "ListenerDescriptions":[{"Listener":{"Protocol":"TCP","LoadBalancerPort":80,
                            "InstanceProtocol":"TCP","InstancePort":30080}}]}]}""")
                .with(DIR + "elb.describe-instance-health.old.json", """
                        {"InstanceStates":[{"InstanceId":"i-a","State":"%s"},{"InstanceId":"i-b","State":"%s"}]}""".formatted(first, second))
                .with(
                        DIR + "ec2.describe-network-interfaces.json",
                        Account.interfaces().replace("\"ELB app/web/aaaa111122223333\"", "\"ELB old\""));
    }

    private static TestSnapshot weighted(int web, int other) {
        String group = "{\"TargetGroupArn\":\"%s\",\"Weight\":%d}";
        return snapshot()
                .with(
                        DIR + "elbv2.describe-rules.eeee111122223333.json",
                        Account.rules(Account.rule(
                                "default",
                                "",
                                "{\"Type\":\"forward\",\"ForwardConfig\":{\"TargetGroups\":["
                                        + group.formatted(Account.TG_WEB, web) + "," + group.formatted(TG_OTHER, other)
                                        + "]}}")))
                .with(
                        DIR + "elbv2.describe-target-groups.json",
                        Account.targetGroups()
                                .replace(
                                        "]}",
                                        ",{\"TargetGroupArn\":\"" + TG_OTHER
                                                + "\",\"TargetGroupName\":\"tg-other\",\"Protocol\":\"HTTP\",\"Port\":8080,"
                                                + "\"VpcId\":\"vpc-1\",\"TargetType\":\"ip\"}]}"));
    }
}
