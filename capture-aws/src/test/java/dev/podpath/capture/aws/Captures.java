package dev.podpath.capture.aws;

import dev.podpath.ports.capture.Collector;
import dev.podpath.testkit.contract.CloudCapture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The real client library against a local server that answers in the documented shapes. */
abstract class Captures extends CloudCapture {
    static final String BALANCER = "arn:aws:elasticloadbalancing:us-west-2:111122223333:loadbalancer/app/shop/4f1c";
    static final String LISTENER = "arn:aws:elasticloadbalancing:us-west-2:111122223333:listener/app/shop/4f1c/65f8";
    static final String NETWORK = "arn:aws:elasticloadbalancing:us-west-2:111122223333:loadbalancer/net/raw/7a7b";
    static final String NETWORK_LISTENER =
            "arn:aws:elasticloadbalancing:us-west-2:111122223333:listener/net/raw/7a7b/9a0b";
    static final String GROUP = "arn:aws:elasticloadbalancing:us-west-2:111122223333:targetgroup/shop-web/8c1d";

    final FakeAws cloud = new FakeAws();

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

    @Override
    protected Collector collector() {
        return new AwsCollector();
    }

    @Override
    protected String url() {
        return cloud.url();
    }

    static String vpc(int number) {
        return "<item><vpcId>vpc-" + number + "</vpcId><cidrBlock>10." + number + ".0.0/16</cidrBlock></item>";
    }

    private static String listener(String arn, String protocol) {
        return "<Listeners><member><ListenerArn>" + arn + "</ListenerArn><Port>443</Port><Protocol>" + protocol
                + "</Protocol></member></Listeners>";
    }

    /** An application load balancer with a listener, a rule and a target group. */
    FakeAws shop() {
        return shop("");
    }

    FakeAws shopAndNetwork() {
        return shop("<member><LoadBalancerArn>" + NETWORK
                + "</LoadBalancerArn><LoadBalancerName>raw</LoadBalancerName><Type>network</Type></member>");
    }

    private FakeAws shop(String more) {
        return cloud.on(
                        Action.LOAD_BALANCERS,
                        "<LoadBalancers><member><LoadBalancerArn>" + BALANCER
                                + "</LoadBalancerArn><DNSName>shop-1.us-west-2.elb.amazonaws.com</DNSName>"
                                + "<LoadBalancerName>shop</LoadBalancerName><Type>application</Type>"
                                + "<CreatedTime>2026-07-28T05:58:40.120Z</CreatedTime></member>" + more
                                + "</LoadBalancers>")
                .on(
                        Action.LISTENERS,
                        parameters -> FakeAws.ok(
                                Action.LISTENERS,
                                parameters.get("LoadBalancerArn").equals(NETWORK)
                                        ? listener(NETWORK_LISTENER, "TCP")
                                        : listener(LISTENER, "HTTPS")))
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

    List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve("s"))) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.toString().endsWith(".json"))
                    .toList();
        }
    }
}
