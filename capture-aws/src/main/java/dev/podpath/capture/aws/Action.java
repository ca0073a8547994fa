package dev.podpath.capture.aws;

import java.util.Locale;

/** Everything that is ever asked for. All of it only reads; docs/capture.md has the policy, held against this list by a test. */
enum Action {
    ZONES(Service.ROUTE53, "ListHostedZones", "HostedZones"),
    ZONE(Service.ROUTE53, "GetHostedZone", "HostedZone"),
    RECORD_SETS(Service.ROUTE53, "ListResourceRecordSets", "ResourceRecordSets"),
    HEALTH_CHECKS(Service.ROUTE53, "ListHealthChecks", "HealthChecks"),
    HEALTH_CHECK_STATUS(Service.ROUTE53, "GetHealthCheckStatus", "HealthCheckObservations"),
    LOAD_BALANCERS(Service.ELBV2, "DescribeLoadBalancers", "LoadBalancers"),
    LOAD_BALANCER_ATTRIBUTES(Service.ELBV2, "DescribeLoadBalancerAttributes", "Attributes"),
    LISTENERS(Service.ELBV2, "DescribeListeners", "Listeners"),
    LISTENER_ATTRIBUTES(Service.ELBV2, "DescribeListenerAttributes", "Attributes"),
    RULES(Service.ELBV2, "DescribeRules", "Rules"),
    TARGET_GROUPS(Service.ELBV2, "DescribeTargetGroups", "TargetGroups"),
    TARGET_GROUP_ATTRIBUTES(Service.ELBV2, "DescribeTargetGroupAttributes", "Attributes"),
    TARGET_HEALTH(Service.ELBV2, "DescribeTargetHealth", "TargetHealthDescriptions"),
    TAGS(Service.ELBV2, "DescribeTags", "TagDescriptions"),
    CLASSIC_LOAD_BALANCERS(Service.ELB, "DescribeLoadBalancers", "LoadBalancerDescriptions"),
    CLASSIC_INSTANCE_HEALTH(Service.ELB, "DescribeInstanceHealth", "InstanceStates"),
    NETWORK_INTERFACES(Service.EC2, "DescribeNetworkInterfaces", "NetworkInterfaces"),
    INSTANCES(Service.EC2, "DescribeInstances", "Reservations"),
    SECURITY_GROUPS(Service.EC2, "DescribeSecurityGroups", "SecurityGroups"),
    ROUTE_TABLES(Service.EC2, "DescribeRouteTables", "RouteTables"),
    SUBNETS(Service.EC2, "DescribeSubnets", "Subnets"),
    VPCS(Service.EC2, "DescribeVpcs", "Vpcs"),
    NAT_GATEWAYS(Service.EC2, "DescribeNatGateways", "NatGateways"),
    ADDRESSES(Service.EC2, "DescribeAddresses", "Addresses"),
    INTERNET_GATEWAYS(Service.EC2, "DescribeInternetGateways", "InternetGateways"),
    NETWORK_ACLS(Service.EC2, "DescribeNetworkAcls", "NetworkAcls"),
    PREFIX_LIST_ENTRIES(Service.EC2, "GetManagedPrefixListEntries", "Entries");

    private final Service service;
    private final String action;
    private final String field;

    Action(Service service, String action, String field) {
        this.service = service;
        this.action = action;
        this.field = field;
    }

    Service service() {
        return service;
    }

    /** The name of the action in the service's API. */
    String action() {
        return action;
    }

    /** The member of the answer that is wanted; a list, wherever answers have pages. */
    String field() {
        return field;
    }

    /** The action in a policy. */
    String permission() {
        return service.prefix() + ":" + action;
    }

    /**
     * Where the output of the command line goes.
     *
     * @param region a region, {@code global}, or {@code *}
     * @param key what tells outputs of one operation apart; may be empty
     */
    String document(String region, String key) {
        return "aws/" + region + "/" + service.command() + "." + kebab(action) + (key.isEmpty() ? "" : "." + key)
                + ".json";
    }

    private static String kebab(String camel) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < camel.length(); i++) {
            char c = camel.charAt(i);
            if (Character.isUpperCase(c) && i > 0) {
                out.append('-');
            }
            out.append(c);
        }
        return out.toString().toLowerCase(Locale.ROOT);
    }

    /** Services by the name that the command line gives them. */
    enum Service {
        ROUTE53("route53", "route53"),
        ELBV2("elbv2", "elasticloadbalancing"),
        ELB("elb", "elasticloadbalancing"),
        EC2("ec2", "ec2");

        private final String command;
        private final String prefix;

        Service(String command, String prefix) {
            this.command = command;
            this.prefix = prefix;
        }

        /** The service's name on the command line, by which {@code --endpoint} takes it, too. */
        String command() {
            return command;
        }

        /** The service's name in policies. */
        String prefix() {
            return prefix;
        }
    }
}
