package dev.podpath.capture.aliyun;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.capture.aliyun.FakeCloud.Answer;
import dev.podpath.ports.capture.Collector;
import dev.podpath.ports.snapshot.DocumentProblem;
import dev.podpath.ports.snapshot.NotCaptured;
import dev.podpath.testkit.contract.CloudCapture;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The vendor's client against a server that answers in the documented shapes, and in others. */
class CaptureTest extends CloudCapture {
    private FakeCloud cloud;

    @BeforeEach
    void start() throws IOException {
        cloud = new FakeCloud();
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    @Override
    protected Collector collector() {
        return new AliyunCollector();
    }

    @Override
    protected String url() {
        return cloud.url();
    }

    private static String balancers(int from, int to, int total) {
        return IntStream.range(from, to)
                .mapToObj(i -> "{\"LoadBalancerId\":\"lb-" + i + "\",\"Address\":\"10.0.0.1\"}")
                .collect(Collectors.joining(
                        ",", "{\"TotalCount\":" + total + ",\"LoadBalancers\":{\"LoadBalancer\":[", "]}}"));
    }

    private static Answer numbered(Map<String, String> parameters, int total) {
        int page = Integer.parseInt(parameters.get("PageNumber"));
        int size = Integer.parseInt(parameters.get("PageSize"));
        return new Answer(200, balancers((page - 1) * size, Math.min(total, page * size), total));
    }

    @Test
    void allPagesByNumber() throws IOException {
        cloud.on(Action.CLB, parameters -> numbered(parameters, 203));
        assertThat(gaps("cn-hangzhou")).isEmpty();
        assertThat(document("cn-hangzhou/slb.DescribeLoadBalancers.1.json")).contains("lb-99");
        assertThat(document("cn-hangzhou/slb.DescribeLoadBalancers.3.json")).contains("lb-202");
        assertThat(cloud.count(Action.CLB)).isEqualTo(3);
        assertThat(cloud.count(Action.CLB_ONE)).isEqualTo(203);
    }

    @Test
    void allPagesByToken() throws IOException {
        cloud.on(Action.INTERFACES, parameters -> {
            String token = parameters.getOrDefault("NextToken", "");
            String next = token.isEmpty() ? "two" : token.equals("two") ? "three" : "";
            return new Answer(
                    200,
                    "{\"NetworkInterfaceSets\":{\"NetworkInterfaceSet\":[{\"NetworkInterfaceId\":\"eni-" + token
                            + "\"}]},\"NextToken\":\"" + next + "\"}");
        });
        assertThat(gaps("cn-hangzhou")).isEmpty();
        assertThat(document("cn-hangzhou/ecs.DescribeNetworkInterfaces.3.json")).contains("eni-three");
    }

    @Test
    void aTokenThatLeadsNowhereEnds() {
        cloud.on(Action.INTERFACES, "{\"NetworkInterfaceSets\":{\"NetworkInterfaceSet\":[]},\"NextToken\":\"again\"}");
        assertThat(gaps("cn-hangzhou").single().why()).contains("same next one");
        assertThat(cloud.count(Action.INTERFACES)).isEqualTo(2);
    }

    @Test
    void itemsThatVanishMeanwhileAreAskedForAgain() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        cloud.on(Action.CLB, parameters -> {
            int time = asked.incrementAndGet();
            return time == 2 ? new Answer(200, balancers(0, 0, 120)) : numbered(parameters, time == 1 ? 120 : 90);
        });
        assertThat(gaps("cn-hangzhou")).isEmpty();
        assertThat(document("cn-hangzhou/slb.DescribeLoadBalancers.json")).contains("lb-89");
    }

    @Test
    void detailsOfWhatListsName() throws IOException {
        cloud.on(Action.CLB, balancers(1, 2, 1))
                .on(
                        Action.CLB_ONE,
                        "{\"LoadBalancerId\":\"lb-1\",\"ListenerPortsAndProtocol\":{\"ListenerPortAndProtocol\":["
                                + "{\"ListenerPort\":80,\"ListenerProtocol\":\"tcp\"},{\"ListenerPort\":\"443\","
                                + "\"ListenerProtocol\":\"https\"},{\"ListenerPort\":\"../../x\",\"ListenerProtocol\":\"udp\"}]}}")
                .on(Action.CLB_TCP, "{\"ListenerPort\":80,\"MasterSlaveServerGroupId\":\"rsp-p\"}")
                .on(
                        Action.NAT_GATEWAYS,
                        "{\"TotalCount\":1,\"NatGateways\":{\"NatGateway\":[{\"SnatTableIds\":{\"SnatTableId\":[\"stb-1\"]},"
                                + "\"ForwardTableIds\":{\"ForwardTableId\":[\"ftb-1\"]}}]}}");
        assertThat(gaps("cn-hangzhou")).isEmpty();
        for (String name : List.of(
                "slb.DescribeLoadBalancerTCPListenerAttribute.lb-1.80",
                "slb.DescribeLoadBalancerHTTPSListenerAttribute.lb-1.443",
                "slb.DescribeRules.lb-1.443",
                "slb.DescribeMasterSlaveServerGroupAttribute.rsp-p",
                "slb.DescribeHealthStatus.lb-1",
                "vpc.DescribeSnatTableEntries.stb-1",
                "vpc.DescribeForwardTableEntries.ftb-1")) {
            assertThat(document("cn-hangzhou/" + name + ".json")).startsWith("{\n\t\"");
        }
        assertThat(cloud.count(Action.CLB_UDP)).isZero();
    }

    @Test
    void documentsAreAsTheCommandLinePrintsThem() throws IOException {
        cloud.on(
                Action.VPCS,
                "{\"Vpcs\":{\"Vpc\":[{\"VpcId\":\"vpc-1\",\"Tags\":{},\"B\":1.10,\"A\":[]}]},\"TotalCount\":1}");
        gaps("cn-hangzhou");
        assertThat(document("cn-hangzhou/vpc.DescribeVpcs.json"))
                .isEqualTo(
                        "{\n\t\"TotalCount\": 1,\n\t\"Vpcs\": {\n\t\t\"Vpc\": [\n\t\t\t{\n\t\t\t\t\"A\": [],\n"
                                + "\t\t\t\t\"B\": 1.10,\n\t\t\t\t\"Tags\": {},\n\t\t\t\t\"VpcId\": \"vpc-1\"\n\t\t\t}\n\t\t]\n\t}\n}\n");
    }

    @Test
    void whatIsThrottledOrBrokenIsAskedForAgain() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        cloud.on(Action.VPCS, parameters -> switch (asked.incrementAndGet()) {
            case 1 -> FakeCloud.error(400, "Throttling.User", "Request was denied due to user flow control.");
            case 2 -> FakeCloud.error(503, "ServiceUnavailable", "later");
            case 3 -> new Answer(200, "{\"Vpcs\":{\"Vpc\":[");
            case 4 -> new Answer(502, "<html>bad gateway</html>");
            default -> new Answer(200, "{\"TotalCount\":1,\"Vpcs\":{\"Vpc\":[{\"VpcId\":\"vpc-1\"}]}}");
        });
        assertThat(gaps("cn-hangzhou")).isEmpty();
        assertThat(document("cn-hangzhou/vpc.DescribeVpcs.json")).contains("vpc-1");
        assertThat(cloud.count(Action.VPCS)).isEqualTo(5);
    }

    @Test
    void anActionThatIsDeniedIsNamedAndTheRestCaptured() throws IOException {
        cloud.on(Action.CLB, parameters -> FakeCloud.error(403, "Forbidden.RAM", "User not authorized."));
        NotCaptured gap = gaps("cn-hangzhou").single();
        assertThat(gap.reason()).isEqualTo(NotCaptured.Reason.DENIED);
        assertThat(gap.permission()).contains("slb:DescribeLoadBalancers");
        assertThat(gap.covers("aliyun/cn-hangzhou/slb.DescribeLoadBalancers.json"))
                .isTrue();
        assertThat(cloud.count(Action.CLB)).isEqualTo(1);
        assertThat(document("cn-hangzhou/vpc.DescribeVpcs.json")).isNotEmpty();
    }

    @Test
    void whatStaysAwayOrBrokenIsNamed() {
        cloud.on(Action.CLB, parameters -> {
            Thread.sleep(3_000);
            return new Answer(200, "{}");
        });
        cloud.on(Action.EIPS, parameters -> new Answer(200, "[1,2"));
        cloud.on(Action.VPCS, parameters -> new Answer(500, ""));
        cloud.on(Action.GROUPS, "[]");
        Vector<NotCaptured> gaps =
                capture(scope(Duration.ofMillis(300), "cn-hangzhou")).get();
        assertThat(gaps.map(NotCaptured::document))
                .contains(
                        "aliyun/cn-hangzhou/slb.DescribeLoadBalancers.json",
                        "aliyun/cn-hangzhou/vpc.DescribeEipAddresses.json",
                        "aliyun/cn-hangzhou/vpc.DescribeVpcs.json",
                        "aliyun/cn-hangzhou/ecs.DescribeSecurityGroups.json");
    }

    @Test
    void aStrangerAsksNoMoreAndTellsNoSecret() throws IOException {
        for (Action action : Action.values()) {
            cloud.on(
                    action,
                    parameters -> FakeCloud.error(
                            400, "SignatureDoesNotMatch", "server string to sign is: ... " + FakeCloud.SECRET));
        }
        Either<DocumentProblem, Vector<NotCaptured>> captured = capture(scope("cn-hangzhou"));
        assertThat(captured.getLeft().toString())
                .contains("SignatureDoesNotMatch")
                .doesNotContain(FakeCloud.SECRET);
        assertThat(cloud.asked).hasSizeLessThan(10);
    }

    @Test
    void regionsAreAskedSideBySide() {
        assertThat(gaps("cn-hangzhou", "eu-central-1")).isEmpty();
        assertThat(file("eu-central-1/slb.DescribeLoadBalancers.json")).exists();
        assertThat(cloud.count(Action.DOMAINS)).isEqualTo(1);
        assertThat(cloud.count(Action.CLB)).isEqualTo(2);
    }

    @Test
    void aStoppedCaptureGoesOn() {
        cloud.on(Action.CLB, parameters -> numbered(parameters, 130));
        AtomicBoolean stop = new AtomicBoolean();
        cloud.on(Action.CLB_ONE, parameters -> {
            stop.set(cloud.count(Action.CLB_ONE) > 20);
            return new Answer(200, "{\"LoadBalancerId\":\"" + parameters.get("LoadBalancerId") + "\"}");
        });
        assertThat(capture(scope("cn-hangzhou"), directory.resolve("s"), stop::get)
                        .isLeft())
                .isTrue();
        long before = cloud.count(Action.CLB_ONE);
        assertThat(before).isLessThan(130);
        stop.set(false);
        assertThat(gaps("cn-hangzhou")).isEmpty();
        assertThat(cloud.count(Action.CLB)).isEqualTo(2);
        assertThat(cloud.count(Action.CLB_ONE)).isLessThan(130 + 40);
        assertThat(file("cn-hangzhou/slb.DescribeLoadBalancerAttribute.lb-129.json"))
                .exists();
    }

    @Test
    void aRegionThatIsNoneIsToldSo() {
        assertThat(capture(scope("../x")).getLeft().toString()).contains("'../x' is no region");
    }

    @Test
    void thePolicyInTheDocumentationIsWhatIsAskedFor() throws IOException {
        assertPolicyIsDocumented(Vector.of(Action.values()).map(Action::permission));
        gaps("cn-hangzhou");
        assertThat(cloud.strange).isEmpty();
    }
}
