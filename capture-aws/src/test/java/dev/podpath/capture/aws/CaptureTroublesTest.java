package dev.podpath.capture.aws;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.podpath.capture.aws.FakeAws.Answer;
import dev.podpath.ports.capture.CaptureScope;
import dev.podpath.ports.snapshot.DocumentProblem;
import dev.podpath.ports.snapshot.NotCaptured;
import io.vavr.collection.TreeMap;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Services that deny, throttle, fail, lie or stay away. */
class CaptureTroublesTest extends Captures {
    @Test
    void pagesThatNeverEndAreNoDocument() {
        cloud.on(Action.VPCS, "<vpcSet>" + vpc(1) + "</vpcSet><nextToken>x</nextToken>");
        NotCaptured gap = gaps("us-west-2").single();
        assertThat(gap.document()).isEqualTo("aws/us-west-2/ec2.describe-vpcs.json");
        assertThat(gap.why()).contains("as the next one");
        assertThat(cloud.count(Action.VPCS)).isEqualTo(2);
    }

    @Test
    void whatIsThrottledOrBrokenIsAskedForAgain() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        cloud.on(Action.VPCS, parameters -> switch (asked.incrementAndGet()) {
            case 1 -> FakeAws.error(Action.VPCS, 503, "RequestLimitExceeded", "Request limit exceeded.");
            case 2 -> FakeAws.error(Action.VPCS, 500, "InternalError", "An internal error has occurred");
            case 3 -> new Answer(200, "<DescribeVpcsResponse><vpcSet>");
            default -> FakeAws.ok(Action.VPCS, "<vpcSet>" + vpc(1) + "</vpcSet>");
        });
        AtomicInteger other = new AtomicInteger();
        cloud.on(
                Action.TARGET_GROUPS,
                parameters -> other.incrementAndGet() < 3
                        ? FakeAws.error(Action.TARGET_GROUPS, 400, "Throttling", "Rate exceeded")
                        : FakeAws.ok(Action.TARGET_GROUPS, ""));
        assertThat(gaps("us-west-2")).isEmpty();
        assertThat(document("us-west-2/ec2.describe-vpcs.json")).contains("vpc-1");
        assertThat(cloud.count(Action.VPCS)).isEqualTo(4);
        assertThat(cloud.count(Action.TARGET_GROUPS)).isEqualTo(3);
    }

    @Test
    void anActionThatIsDeniedIsNamedAndTheRestCaptured() throws IOException {
        shop().on(
                        Action.RULES,
                        parameters -> FakeAws.error(
                                Action.RULES, 403, "AccessDenied", "User is not authorized to perform this"))
                .on(
                        Action.NETWORK_INTERFACES,
                        parameters -> FakeAws.error(
                                Action.NETWORK_INTERFACES,
                                403,
                                "UnauthorizedOperation",
                                "You are not authorized. Encoded authorization failure message: abc"));
        Vector<NotCaptured> gaps = gaps("us-west-2");
        assertThat(gaps).allMatch(gap -> gap.reason() == NotCaptured.Reason.DENIED);
        assertThat(gaps.flatMap(NotCaptured::permission))
                .containsExactlyInAnyOrder("elasticloadbalancing:DescribeRules", "ec2:DescribeNetworkInterfaces");
        assertThat(gaps.exists(gap -> gap.covers("aws/us-west-2/elbv2.describe-rules.65f8.json")))
                .isTrue();
        assertThat(gaps.exists(gap -> gap.covers("aws/REGION/ec2.describe-network-interfaces.json")))
                .isTrue();
        assertThat(gaps.map(NotCaptured::why)).noneMatch(why -> why.contains("abc"));
        assertThat(document("us-west-2/elbv2.describe-target-health.shop-web.json"))
                .isNotEmpty();
    }

    @Test
    void whatStaysAwayOrBrokenIsNamed() {
        cloud.on(Action.SUBNETS, parameters -> {
                    try {
                        Thread.sleep(2_000);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return FakeAws.ok(Action.SUBNETS, "");
                })
                .on(Action.ADDRESSES, parameters -> new Answer(200, "{\"no\":\"xml\"}"))
                .on(Action.VPCS, parameters -> new Answer(500, ""))
                .on(Action.LOAD_BALANCERS, parameters -> new Answer(502, "<html>bad gateway</html>"))
                .on(
                        Action.INSTANCES,
                        "<reservationSet><item><instancesSet><item><amiLaunchIndex>many</amiLaunchIndex></item>"
                                + "</instancesSet></item></reservationSet>");
        Vector<NotCaptured> gaps =
                capture(scope(Duration.ofMillis(250), "us-west-2")).get();
        assertThat(gaps.map(NotCaptured::document).sorted())
                .containsExactly(
                        "aws/us-west-2/ec2.describe-addresses.json",
                        "aws/us-west-2/ec2.describe-instances.json",
                        "aws/us-west-2/ec2.describe-subnets.json",
                        "aws/us-west-2/ec2.describe-vpcs.json",
                        "aws/us-west-2/elbv2.describe-load-balancers.json");
        assertThat(gaps).allMatch(gap -> gap.reason() == NotCaptured.Reason.FAILED);
    }

    @Test
    void whatVanishedMeanwhileIsAbsent() {
        shop().on(
                        Action.TARGET_HEALTH,
                        parameters -> FakeAws.error(
                                Action.TARGET_HEALTH, 400, "TargetGroupNotFound", "One or more not found"));
        NotCaptured gap = gaps("us-west-2").single();
        assertThat(gap.reason()).isEqualTo(NotCaptured.Reason.ABSENT);
    }

    @Test
    void aNameThatLeadsElsewhereIsNoFile() throws IOException {
        cloud.on(
                Action.TARGET_GROUPS,
                "<TargetGroups><member><TargetGroupArn>" + GROUP
                        + "</TargetGroupArn><TargetGroupName>../../../x</TargetGroupName></member></TargetGroups>");
        assertThat(gaps("us-west-2").map(NotCaptured::why)).allMatch(why -> why.contains("cannot be one of a file"));
        assertThat(files()).allMatch(file -> file.startsWith(directory.resolve("s")));
    }

    @Test
    void aStrangerAsksNoMoreAndTellsNoSecret() {
        for (Action action : Action.values()) {
            cloud.on(
                    action,
                    parameters -> FakeAws.error(
                            action, 403, "SignatureDoesNotMatch", "The canonical string was " + FakeAws.SECRET));
        }
        Either<DocumentProblem, Vector<NotCaptured>> captured = capture(scope("us-west-2"));
        assertThat(captured.getLeft().toString())
                .contains("SignatureDoesNotMatch")
                .doesNotContain(FakeAws.SECRET);
        assertThat(cloud.asked).hasSizeLessThan(12);
    }

    @Test
    void noCredentialsAreToldSo() {
        System.clearProperty("aws.accessKeyId");
        System.clearProperty("aws.secretAccessKey");
        CaptureScope nobody = CaptureScope.builder()
                .clouds(Vector.of("aws"))
                .regions(Vector.of("us-west-2"))
                .endpoints(TreeMap.of("*", cloud.url()))
                .cluster(false)
                .profile(io.vavr.control.Option.some("podpath-test-has-no-such-profile"))
                .build();
        assertThat(capture(nobody).getLeft().toString()).contains("no credentials");
        assertThat(cloud.asked).isEmpty();
    }

    @Test
    void aStoppedCaptureGoesOn() {
        cloud.on(Action.TARGET_GROUPS, parameters -> {
            StringBuilder groups = new StringBuilder();
            for (int i = 0; i < 100; i++) {
                groups.append("<member><TargetGroupArn>")
                        .append(GROUP)
                        .append(i)
                        .append("</TargetGroupArn>");
                groups.append("<TargetGroupName>g").append(i).append("</TargetGroupName></member>");
            }
            return FakeAws.ok(Action.TARGET_GROUPS, "<TargetGroups>" + groups + "</TargetGroups>");
        });
        AtomicBoolean stop = new AtomicBoolean();
        cloud.on(Action.TARGET_HEALTH, parameters -> {
            if (cloud.count(Action.TARGET_HEALTH) > 20) {
                stop.set(true);
            }
            return FakeAws.ok(Action.TARGET_HEALTH, "");
        });
        assertThat(capture(scope("us-west-2"), directory.resolve("s"), stop::get)
                        .isLeft())
                .isTrue();
        assertThat(cloud.count(Action.TARGET_HEALTH)).isLessThan(100);
        cloud.on(Action.TARGET_HEALTH, "");
        assertThat(gaps("us-west-2")).isEmpty();
        assertThat(cloud.count(Action.TARGET_HEALTH)).isLessThan(100 + 30);
        assertThat(file("us-west-2/elbv2.describe-target-health.g99.json")).exists();
    }

    @Test
    void aRegionThatIsNoneIsToldSo() {
        assertThat(capture(scope("../x")).getLeft().toString()).contains("'../x' is no region");
    }

    /** Whatever a service answers, there is a document or a gap. */
    @Test
    void damagedAnswersAreGaps() throws IOException {
        Random random = new Random(8);
        byte[] whole = FakeAws.ok(Action.VPCS, "<vpcSet>" + vpc(1) + vpc(2) + "</vpcSet>")
                .body();
        for (int i = 0; i < 10; i++) {
            byte[] damaged = Arrays.copyOf(whole, i % 2 == 0 ? whole.length : random.nextInt(whole.length));
            for (int j = 0; j < 3 && damaged.length > 0; j++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            cloud.on(Action.VPCS, parameters -> new Answer(200, damaged));
            Path target = directory.resolve("damaged-" + i);
            Vector<NotCaptured> gaps = capture(scope(Duration.ofMillis(1_500), "us-west-2"), target, () -> false)
                    .get();
            Path document = target.resolve("aws/us-west-2/ec2.describe-vpcs.json");
            assertThat(Files.exists(document))
                    .isNotEqualTo(gaps.exists(gap -> gap.document().contains("vpcs")));
            if (Files.exists(document)) {
                assertThat(new ObjectMapper()
                                .readTree(document.toFile())
                                .path("Vpcs")
                                .isArray())
                        .isTrue();
            }
        }
    }
}
