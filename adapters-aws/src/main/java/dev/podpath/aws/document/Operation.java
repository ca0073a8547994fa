package dev.podpath.aws.document;

import dev.podpath.core.trace.Missing;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * An operation of the AWS command line whose output is understood. The output shapes are those of the service models in
 * {@code botocore} (elbv2 2015-12-01, elb 2012-06-01, route53 2013-04-01, ec2 2016-11-15).
 */
public enum Operation {
    /** Route 53 zones of the account. */
    HOSTED_ZONES("route53.list-hosted-zones", "HostedZones", "zones", "", "Id", "Name"),
    /** The record sets of one zone; the key is the zone's id. */
    RECORD_SETS(
            "route53.list-resource-record-sets",
            "ResourceRecordSets",
            "record sets",
            "--hosted-zone-id",
            "Name",
            "Type"),
    /** One zone with the VPCs it is private to; the key is the zone's id. */
    HOSTED_ZONE("route53.get-hosted-zone", "VPCs", "VPCs", "--id", "VPCId"),
    /** Health checks. */
    HEALTH_CHECKS("route53.list-health-checks", "HealthChecks", "health checks", "", "Id"),
    /** What the checkers of one health check found; the key is the health check's id. */
    HEALTH_CHECK_STATUS(
            "route53.get-health-check-status",
            "HealthCheckObservations",
            "observations",
            "--health-check-id",
            "StatusReport"),
    /** Application, network and gateway load balancers. */
    LOAD_BALANCERS(
            "elbv2.describe-load-balancers", "LoadBalancers", "load balancers", "", "LoadBalancerArn", "DNSName"),
    /** The attributes of one load balancer. */
    LOAD_BALANCER_ATTRIBUTES(
            "elbv2.describe-load-balancer-attributes", "Attributes", "attributes", "--load-balancer-arn", "Key"),
    /** The listeners of one load balancer. */
    LISTENERS(
            "elbv2.describe-listeners",
            "Listeners",
            "listeners",
            "--load-balancer-arn",
            "ListenerArn",
            "LoadBalancerArn",
            "Port",
            "Protocol"),
    /** The attributes of one listener. */
    LISTENER_ATTRIBUTES("elbv2.describe-listener-attributes", "Attributes", "attributes", "--listener-arn", "Key"),
    /** The rules of one listener. */
    RULES("elbv2.describe-rules", "Rules", "rules", "--listener-arn", "RuleArn", "Priority", "Actions"),
    /** Target groups. */
    TARGET_GROUPS("elbv2.describe-target-groups", "TargetGroups", "target groups", "", "TargetGroupArn", "TargetType"),
    /** The attributes of one target group. */
    TARGET_GROUP_ATTRIBUTES(
            "elbv2.describe-target-group-attributes", "Attributes", "attributes", "--target-group-arn", "Key"),
    /** The targets of one target group with their health. */
    TARGET_HEALTH(
            "elbv2.describe-target-health",
            "TargetHealthDescriptions",
            "targets",
            "--target-group-arn",
            "Target",
            "TargetHealth"),
    /** Tags of load balancers and target groups. */
    LOAD_BALANCER_TAGS("elbv2.describe-tags", "TagDescriptions", "tagged resources", "--resource-arns", "ResourceArn"),
    /** Classic load balancers. */
    CLASSIC_LOAD_BALANCERS(
            "elb.describe-load-balancers",
            "LoadBalancerDescriptions",
            "classic load balancers",
            "",
            "LoadBalancerName",
            "DNSName"),
    /** The instances of one classic load balancer with their health. */
    CLASSIC_INSTANCE_HEALTH(
            "elb.describe-instance-health",
            "InstanceStates",
            "instances",
            "--load-balancer-name",
            "InstanceId",
            "State"),
    /** Elastic network interfaces. */
    NETWORK_INTERFACES(
            "ec2.describe-network-interfaces", "NetworkInterfaces", "network interfaces", "", "NetworkInterfaceId"),
    /** Instances, inside reservations. */
    INSTANCES("ec2.describe-instances", "Reservations", "reservations", "", "Instances"),
    /** Security groups with their rules. */
    SECURITY_GROUPS("ec2.describe-security-groups", "SecurityGroups", "security groups", "", "GroupId"),
    /** Route tables. */
    ROUTE_TABLES("ec2.describe-route-tables", "RouteTables", "route tables", "", "RouteTableId", "Routes"),
    /** Subnets. */
    SUBNETS("ec2.describe-subnets", "Subnets", "subnets", "", "SubnetId", "VpcId"),
    /** VPCs. */
    VPCS("ec2.describe-vpcs", "Vpcs", "VPCs", "", "VpcId"),
    /** NAT gateways. */
    NAT_GATEWAYS("ec2.describe-nat-gateways", "NatGateways", "NAT gateways", "", "NatGatewayId"),
    /** Elastic IP addresses. */
    ADDRESSES("ec2.describe-addresses", "Addresses", "elastic addresses", "", "PublicIp"),
    /** Internet gateways. */
    INTERNET_GATEWAYS(
            "ec2.describe-internet-gateways", "InternetGateways", "internet gateways", "", "InternetGatewayId"),
    /** Network access control lists. */
    NETWORK_ACLS("ec2.describe-network-acls", "NetworkAcls", "network ACLs", "", "NetworkAclId", "Entries"),
    /** The entries of one managed prefix list; the key is the list's id. */
    PREFIX_LIST_ENTRIES(
            "ec2.get-managed-prefix-list-entries", "Entries", "prefix list entries", "--prefix-list-id", "Cidr");

    private final String id;
    private final String field;
    private final String unit;
    private final String subjectOption;
    private final Vector<String> required;

    Operation(String id, String field, String unit, String subjectOption, String... required) {
        this.id = id;
        this.field = field;
        this.unit = unit;
        this.subjectOption = subjectOption;
        this.required = Vector.of(required);
    }

    /** {@code service.operation}, as file names begin. */
    public String id() {
        return id;
    }

    /** The top-level array of the output. */
    public String field() {
        return field;
    }

    /** What the array holds, in the plural. */
    public String unit() {
        return unit;
    }

    /** Fields without which an element of the array is of no use. */
    Vector<String> required() {
        return required;
    }

    /** The operation of this name. */
    static Option<Operation> of(String id) {
        return Vector.of(values()).find(operation -> operation.id.equals(id));
    }

    /** What to capture where all of this operation's output is missing. */
    public Missing missing() {
        return missing("REGION", "", "");
    }

    /** The same for one region. */
    public Missing missing(String region) {
        return missing(region, "", "");
    }

    /**
     * What to capture where the output for one subject is missing.
     *
     * @param region directory below {@code aws/}
     * @param key the key in the file's name
     * @param subject what follows the option that names the subject, such as an ARN
     */
    public Missing missing(String region, String key, String subject) {
        boolean global = id.startsWith("route53.");
        String document = "aws/" + (global ? "global" : region) + "/" + id + (key.isEmpty() ? "" : "." + key) + ".json";
        String where = global || region.equals("REGION") ? "" : " --region " + region;
        String options = subject.isEmpty() ? "" : " " + subjectOption + " " + subject;
        return new Missing(document, "aws " + id.replaceFirst("\\.", " ") + where + options + " > " + document);
    }
}
