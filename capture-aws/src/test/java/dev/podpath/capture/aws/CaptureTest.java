package dev.podpath.capture.aws;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.podpath.capture.aws.FakeAws.Answer;
import dev.podpath.ports.capture.Capture;
import dev.podpath.ports.capture.CaptureScope;
import dev.podpath.ports.capture.Progress;
import dev.podpath.ports.snapshot.DocumentProblem;
import dev.podpath.ports.snapshot.NotCaptured;
import io.vavr.collection.TreeMap;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real client library against a local server that answers in the documented shapes. */
class CaptureTest {
    private static final String BALANCER =
            "arn:aws:elasticloadbalancing:us-west-2:111122223333:loadbalancer/app/shop/4f1c";
    private static final String LISTENER =
            "arn:aws:elasticloadbalancing:us-west-2:111122223333:listener/app/shop/4f1c/65f8";
    private static final String GROUP = "arn:aws:elasticloadbalancing:us-west-2:111122223333:targetgroup/shop-web/8c1d";

    private final FakeAws cloud = new FakeAws();

    @TempDir
    Path directory;

    @BeforeEach
    void credentials() {
        System.setProperty("aws.accessKeyId", "AKIAIOSFODNN7EXAMPLE");
        System.setProperty("aws.secretAccessKey", FakeAws.SECRET);
        System.setProperty("aws.disableEc2Metadata", "true");
    }

    @AfterEach
    void end() {
        cloud.close();
        System.clearProperty("aws.accessKeyId");
        System.clearProperty("aws.secretAccessKey");
        System.clearProperty("aws.disableEc2Metadata");
    }

    private CaptureScope scope(Duration patience, String... regions) {
        return CaptureScope.builder()
                .clouds(Vector.of("aws"))
                .regions(Vector.of(regions))
                .endpoints(TreeMap.of("*", cloud.url()))
                .cluster(false)
                .patience(patience)
                .build();
    }

    private Either<DocumentProblem, Vector<NotCaptured>> capture(CaptureScope scope) {
        return new Capture(Vector.of(new AwsCollector()), Progress.SILENT, () -> false)
                .into(directory.resolve("s"), scope);
    }

    private Vector<NotCaptured> gaps(String... regions) {
        return capture(scope(Duration.ofSeconds(5), regions)).get();
    }

    private String document(String path) throws IOException {
        return Files.readString(directory.resolve("s/aws").resolve(path), StandardCharsets.UTF_8);
    }

    private static String vpc(int number) {
        return "<item><vpcId>vpc-" + number + "</vpcId><cidrBlock>10." + number + ".0.0/16</cidrBlock></item>";
    }

    private FakeAws shop() {
        return cloud.on(
                        Action.LOAD_BALANCERS,
                        "<LoadBalancers><member><LoadBalancerArn>" + BALANCER
                                + "</LoadBalancerArn><DNSName>shop-1.us-west-2.elb.amazonaws.com</DNSName>"
                                + "<LoadBalancerName>shop</LoadBalancerName><Type>application</Type>"
                                + "<CreatedTime>2026-07-28T05:58:40.120Z</CreatedTime></member></LoadBalancers>")
                .on(
                        Action.LISTENERS,
                        "<Listeners><member><ListenerArn>" + LISTENER + "</ListenerArn><Port>443</Port>"
                                + "<Protocol>HTTPS</Protocol></member></Listeners>")
                .on(
                        Action.RULES,
                        "<Rules><member><RuleArn>" + LISTENER + "/1</RuleArn><Priority>default</Priority>"
                                + "<IsDefault>true</IsDefault><Actions><member><Type>forward</Type><TargetGroupArn>"
                                + GROUP + "</TargetGroupArn></member></Actions></member></Rules>")
                .on(
                        Action.TARGET_GROUPS,
                        "<TargetGroups><member><TargetGroupArn>" + GROUP
                                + "</TargetGroupArn><TargetGroupName>shop-web</TargetGroupName>"
                                + "<TargetType>ip</TargetType></member></TargetGroups>");
    }

    @Test
    void everythingIsAskedForAndNothingElse() throws IOException {
        shop().on(Action.CLASSIC_LOAD_BALANCERS, """
                <LoadBalancerDescriptions><member><LoadBalancerName>old</LoadBalancerName></member></LoadBalancerDescriptions>""")
                .on(Action.ZONES, """
                <HostedZones><HostedZone><Id>/hostedzone/Z1</Id><Name>example.com.</Name>
                <Config><PrivateZone>true</PrivateZone></Config></HostedZone></HostedZones><IsTruncated>false</IsTruncated>""")
                .on(Action.ZONE, """
                <HostedZone><Id>/hostedzone/Z1</Id><Name>example.com.</Name></HostedZone>
                <VPCs><VPC><VPCRegion>us-west-2</VPCRegion><VPCId>vpc-1</VPCId></VPC></VPCs>""")
                .on(Action.SECURITY_GROUPS, """
                <securityGroupInfo><item><groupId>sg-1</groupId><ipPermissions><item><ipProtocol>-1</ipProtocol><prefixListIds>
                <item><prefixListId>pl-1</prefixListId></item></prefixListIds></item></ipPermissions></item></securityGroupInfo>""");
        assertThat(gaps("us-west-2")).isEmpty();
        assertThat(cloud.strange).isEmpty();
        assertThat(cloud.asked).contains(Action.values());
        for (String name : List.of(
                "elbv2.describe-load-balancer-attributes.shop",
                "elbv2.describe-listeners.shop",
                "elbv2.describe-rules.65f8",
                "elbv2.describe-target-group-attributes.shop-web",
                "elbv2.describe-target-health.shop-web",
                "elbv2.describe-tags",
                "elb.describe-instance-health.old",
                "ec2.describe-addresses",
                "ec2.get-managed-prefix-list-entries.pl-1")) {
            assertThat(document("us-west-2/" + name + ".json")).startsWith("{\n    \"");
        }
        assertThat(document("global/route53.get-hosted-zone.Z1.json")).contains("\"VPCs\": [", "\"VPCId\": \"vpc-1\"");
        assertThat(document("global/route53.list-resource-record-sets.Z1.json"))
                .isEqualTo("{\n    \"ResourceRecordSets\": []\n}\n");
        for (Path file : files()) {
            new ObjectMapper().readTree(file.toFile());
        }
    }

    @Test
    void documentsAreAsTheCommandLinePrintsThem() throws IOException {
        shop().on(Action.NETWORK_INTERFACES, """
                <networkInterfaceSet><item><networkInterfaceId>eni-1</networkInterfaceId><attachment>
                <attachTime>2026-07-28T06:30:12.000Z</attachTime><deviceIndex>0</deviceIndex><status>attached</status>
                </attachment><description>ELB app/shop/4f1c</description><groupSet/><sourceDestCheck>true</sourceDestCheck>
                <ipv4PrefixSet><item><ipv4Prefix>10.0.1.16/28</ipv4Prefix></item></ipv4PrefixSet><tagSet/></item>
                </networkInterfaceSet>""");
        gaps("us-west-2");
        assertThat(document("us-west-2/elbv2.describe-load-balancers.json")).isEqualTo("""
                {
                    "LoadBalancers": [
                        {
                            "LoadBalancerArn": "%s",
                            "DNSName": "shop-1.us-west-2.elb.amazonaws.com",
                            "CreatedTime": "2026-07-28T05:58:40.120000+00:00",
                            "LoadBalancerName": "shop",
                            "Type": "application"
                        }
                    ]
                }
                """.formatted(BALANCER));
        String interfaces = document("us-west-2/ec2.describe-network-interfaces.json");
        assertThat(interfaces)
                .contains(
                        "\"AttachTime\": \"2026-07-28T06:30:12+00:00\"",
                        "\"DeviceIndex\": 0",
                        "\"SourceDestCheck\": true",
                        "\"Groups\": []",
                        "\"TagSet\": []",
                        "\"Ipv4Prefix\": \"10.0.1.16/28\"")
                .doesNotContain("Association", "PrivateIpAddresses", "RequestId");
    }

    @Test
    void allPagesAreAskedFor() throws IOException {
        cloud.on(Action.VPCS, parameters -> {
                    int page = Integer.parseInt(parameters.getOrDefault("NextToken", "0"));
                    return FakeAws.ok(
                            Action.VPCS,
                            "<vpcSet>" + vpc(page) + "</vpcSet>"
                                    + (page < 3 ? "<nextToken>" + (page + 1) + "</nextToken>" : ""));
                })
                .on(Action.TARGET_GROUPS, parameters -> {
                    int page = Integer.parseInt(parameters.getOrDefault("Marker", "0"));
                    StringBuilder groups = new StringBuilder();
                    for (int i = 0; i < 30; i++) {
                        groups.append("<member><TargetGroupArn>").append(GROUP).append(page * 30 + i);
                        groups.append("</TargetGroupArn><TargetGroupName>g").append(page * 30 + i);
                        groups.append("</TargetGroupName></member>");
                    }
                    return FakeAws.ok(
                            Action.TARGET_GROUPS,
                            "<TargetGroups>" + groups + "</TargetGroups>"
                                    + (page == 0 ? "<NextMarker>1</NextMarker>" : ""));
                })
                .on(
                        Action.ZONES,
                        "<HostedZones><HostedZone><Id>/hostedzone/Z1</Id><Name>example.com.</Name></HostedZone></HostedZones>"
                                + "<IsTruncated>false</IsTruncated><MaxItems>100</MaxItems>")
                .on(Action.RECORD_SETS, parameters -> {
                    boolean first = !parameters.containsKey("name");
                    return FakeAws.ok(
                            Action.RECORD_SETS,
                            "<ResourceRecordSets><ResourceRecordSet><Name>" + (first ? "a" : "b")
                                    + ".example.com.</Name><Type>A</Type></ResourceRecordSet></ResourceRecordSets><IsTruncated>"
                                    + first + "</IsTruncated>"
                                    + (first
                                            ? "<NextRecordName>b.example.com.</NextRecordName><NextRecordType>A</NextRecordType>"
                                            : "")
                                    + "<MaxItems>300</MaxItems>");
                });
        assertThat(gaps("us-west-2")).isEmpty();
        assertThat(document("us-west-2/ec2.describe-vpcs.json"))
                .contains("vpc-0", "vpc-1", "vpc-2", "vpc-3")
                .doesNotContain("NextToken");
        assertThat(document("global/route53.list-resource-record-sets.Z1.json"))
                .contains("a.example.com.", "b.example.com.");
        assertThat(cloud.count(Action.TARGET_HEALTH)).isEqualTo(60);
        assertThat(cloud.count(Action.TAGS)).isEqualTo(3);
        assertThat(directory.resolve("s/aws/us-west-2/elbv2.describe-tags.3.json"))
                .exists();
    }

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
        Either<DocumentProblem, Vector<NotCaptured>> captured = capture(scope(Duration.ofSeconds(5), "us-west-2"));
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
    void nothingSecretIsInTheSnapshot() throws IOException {
        shop();
        gaps("us-west-2");
        for (Path file : files()) {
            assertThat(Files.readString(file)).doesNotContain(FakeAws.SECRET, "AKIAIOSFODNN7EXAMPLE");
        }
    }

    @Test
    void regionsAreAskedSideBySide() {
        assertThat(gaps("us-west-2", "eu-central-1")).isEmpty();
        assertThat(directory.resolve("s/aws/eu-central-1/ec2.describe-vpcs.json"))
                .exists();
        assertThat(cloud.count(Action.ZONES)).isEqualTo(1);
        assertThat(cloud.count(Action.VPCS)).isEqualTo(2);
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
        Capture stopped = new Capture(Vector.of(new AwsCollector()), Progress.SILENT, stop::get);
        assertThat(stopped.into(directory.resolve("s"), scope(Duration.ofSeconds(5), "us-west-2"))
                        .isLeft())
                .isTrue();
        assertThat(cloud.count(Action.TARGET_HEALTH)).isLessThan(100);
        cloud.on(Action.TARGET_HEALTH, "");
        assertThat(gaps("us-west-2")).isEmpty();
        assertThat(cloud.count(Action.TARGET_HEALTH)).isLessThan(100 + 30);
        assertThat(directory.resolve("s/aws/us-west-2/elbv2.describe-target-health.g99.json"))
                .exists();
    }

    @Test
    void aRegionThatIsNoneIsToldSo() {
        assertThat(capture(scope(Duration.ofSeconds(5), "../x")).getLeft().toString())
                .contains("'../x' is no region");
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
            Vector<NotCaptured> gaps = new Capture(Vector.of(new AwsCollector()), Progress.SILENT, () -> false)
                    .into(target, scope(Duration.ofMillis(1_500), "us-west-2"))
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

    /** The policy in the documentation is what is asked for, no more and no less, and reads only. */
    @Test
    void thePolicyInTheDocumentationIsWhatIsAskedFor() throws IOException {
        Path documentation = Path.of(System.getProperty("podpath.root", "..")).resolve("docs/capture.md");
        List<String> policy;
        try (Stream<String> lines = Files.lines(documentation)) {
            policy = lines.filter(line -> line.matches("\\s+\"(route53|elasticloadbalancing|ec2):.*"))
                    .flatMap(line -> Arrays.stream(line.split("[\", ]+")))
                    .filter(word -> word.contains(":"))
                    .sorted()
                    .toList();
        }
        assertThat(policy)
                .containsExactlyElementsOf(Arrays.stream(Action.values())
                        .map(Action::permission)
                        .distinct()
                        .sorted()
                        .toList());
        assertThat(policy).allMatch(action -> action.matches("[a-z0-9]+:(Describe|List|Get)[A-Za-z0-9]+"));
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve("s"))) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.toString().endsWith(".json"))
                    .toList();
        }
    }
}
