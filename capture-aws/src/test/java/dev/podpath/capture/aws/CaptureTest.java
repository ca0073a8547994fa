package dev.podpath.capture.aws;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.vavr.collection.Vector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a capture asks for, and the documents it makes of the answers. */
class CaptureTest extends Captures {
    @Test
    void everythingIsAskedForAndNothingElse() throws IOException {
        shopAndNetwork()
                .on(Action.CLASSIC_LOAD_BALANCERS, """
                <LoadBalancerDescriptions><member><LoadBalancerName>old</LoadBalancerName></member></LoadBalancerDescriptions>""")
                .on(Action.ZONES, """
                <HostedZones><HostedZone><Id>/hostedzone/Z1</Id><Name>example.com.</Name>
                <Config><PrivateZone>true</PrivateZone></Config></HostedZone></HostedZones><IsTruncated>false</IsTruncated>""")
                .on(Action.ZONE, """
                <HostedZone><Id>/hostedzone/Z1</Id><Name>example.com.</Name></HostedZone>
                <VPCs><VPC><VPCRegion>us-west-2</VPCRegion><VPCId>vpc-1</VPCId></VPC></VPCs>""")
                .on(Action.HEALTH_CHECKS, """
                <HealthChecks><HealthCheck><Id>hc-1</Id><HealthCheckConfig><Type>HTTP</Type></HealthCheckConfig></HealthCheck>
                <HealthCheck><Id>hc-2</Id><HealthCheckConfig><Type>CALCULATED</Type></HealthCheckConfig></HealthCheck>
                </HealthChecks><IsTruncated>false</IsTruncated><MaxItems>100</MaxItems>""")
                .on(Action.HEALTH_CHECK_STATUS, """
                <HealthCheckObservations><HealthCheckObservation><Region>us-east-1</Region><IPAddress>192.0.2.9</IPAddress>
                <StatusReport><Status>Success: HTTP Status Code 200, OK</Status></StatusReport></HealthCheckObservation>
                </HealthCheckObservations>""")
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
                "elbv2.describe-listener-attributes.9a0b",
                "elbv2.describe-target-group-attributes.shop-web",
                "elbv2.describe-target-health.shop-web",
                "elbv2.describe-tags",
                "elb.describe-instance-health.old",
                "ec2.describe-addresses",
                "ec2.get-managed-prefix-list-entries.pl-1")) {
            assertThat(document("us-west-2/" + name + ".json")).startsWith("{\n    \"");
        }
        assertThat(cloud.count(Action.HEALTH_CHECK_STATUS)).isEqualTo(1);
        assertThat(cloud.count(Action.LISTENER_ATTRIBUTES)).isEqualTo(1);
        assertThat(document("global/route53.get-health-check-status.hc-1.json"))
                .contains("\"HealthCheckObservations\": [", "\"Status\": \"Success: HTTP Status Code 200, OK\"");
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
        assertThat(file("us-west-2/elbv2.describe-tags.3.json")).exists();
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
        assertThat(file("eu-central-1/ec2.describe-vpcs.json")).exists();
        assertThat(cloud.count(Action.ZONES)).isEqualTo(1);
        assertThat(cloud.count(Action.VPCS)).isEqualTo(2);
    }

    @Test
    void thePolicyInTheDocumentationIsWhatIsAskedFor() throws IOException {
        assertPolicyIsDocumented(
                Vector.of(Action.values()).map(Action::permission).distinct());
    }
}
