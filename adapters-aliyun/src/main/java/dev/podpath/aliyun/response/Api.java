package dev.podpath.aliyun.response;

import io.vavr.collection.HashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * An API whose responses are read, with the shape of its body (versions Alidns 2015-01-09, PrivateZone 2018-01-01, Slb
 * 2014-05-15, Alb 2020-06-16, Nlb 2022-04-30, Ecs 2014-05-26, Vpc 2016-04-28).
 */
public enum Api {
    /** Zones of the public DNS. */
    DOMAINS("alidns", "DescribeDomains", "zones", "Domains/Domain", "DomainName"),
    /** All records of a zone. */
    DOMAIN_RECORDS("alidns", "DescribeDomainRecords", "records", "DomainRecords/Record", "RR,Type,Value"),
    /** The records of one name. */
    SUB_DOMAIN_RECORDS("alidns", "DescribeSubDomainRecords", "records", "DomainRecords/Record", "RR,Type,Value"),
    /** Names whose records have weights. */
    DNS_WEIGHTS("alidns", "DescribeDNSSLBSubDomains", "names", "SlbSubDomains/SlbSubDomain", "SubDomain"),
    /** Private zones. */
    PRIVATE_ZONES("pvtz", "DescribeZones", "zones", "Zones/Zone", "ZoneId"),
    /** One private zone and the VPCs it is bound to. */
    PRIVATE_ZONE("pvtz", "DescribeZoneInfo", "zones", "", "ZoneId"),
    /** Records of a private zone. */
    PRIVATE_RECORDS("pvtz", "DescribeZoneRecords", "records", "Records/Record", "Rr,Type,Value"),
    /** Load balancers. */
    LOAD_BALANCERS("slb", "DescribeLoadBalancers", "load balancers", "LoadBalancers/LoadBalancer", "LoadBalancerId"),
    /** One load balancer with its listeners' ports and its default server group. */
    LOAD_BALANCER("slb", "DescribeLoadBalancerAttribute", "load balancers", "", "LoadBalancerId"),
    /** Listeners of load balancers. */
    LISTENERS("slb", "DescribeLoadBalancerListeners", "listeners", "Listeners", "LoadBalancerId,ListenerPort"),
    /** One TCP listener. */
    TCP_LISTENER("slb", "DescribeLoadBalancerTCPListenerAttribute", "listeners", "", "ListenerPort"),
    /** One UDP listener. */
    UDP_LISTENER("slb", "DescribeLoadBalancerUDPListenerAttribute", "listeners", "", "ListenerPort"),
    /** One HTTP listener. */
    HTTP_LISTENER("slb", "DescribeLoadBalancerHTTPListenerAttribute", "listeners", "", "ListenerPort"),
    /** One HTTPS listener. */
    HTTPS_LISTENER("slb", "DescribeLoadBalancerHTTPSListenerAttribute", "listeners", "", "ListenerPort"),
    /** Forwarding rules of a listener. */
    RULES("slb", "DescribeRules", "rules", "Rules/Rule", "VServerGroupId"),
    /** A server group. */
    SERVER_GROUP("slb", "DescribeVServerGroupAttribute", "server groups", "", "VServerGroupId"),
    /** A server group of one active and one standby server. */
    MASTER_SLAVE_GROUP(
            "slb", "DescribeMasterSlaveServerGroupAttribute", "server groups", "", "MasterSlaveServerGroupId"),
    /** An access control list with its entries. */
    ACL("slb", "DescribeAccessControlListAttribute", "entries", "AclEntrys/AclEntry", "AclEntryIP"),
    /** Health of the servers of a load balancer. */
    HEALTH("slb", "DescribeHealthStatus", "servers", "BackendServers/BackendServer", "ServerHealthStatus"),
    /** Application load balancers. */
    ALB("alb", "ListLoadBalancers", "load balancers", "LoadBalancers", "LoadBalancerId"),
    /** One application load balancer with its addresses. */
    ALB_ONE("alb", "GetLoadBalancerAttribute", "load balancers", "", "LoadBalancerId"),
    /** Listeners of application load balancers. */
    ALB_LISTENERS("alb", "ListListeners", "listeners", "Listeners", "ListenerId,LoadBalancerId,ListenerPort"),
    /** One listener with its access control. */
    ALB_LISTENER("alb", "GetListenerAttribute", "listeners", "", "ListenerId,LoadBalancerId,ListenerPort"),
    /** Forwarding rules of listeners. */
    ALB_RULES("alb", "ListRules", "rules", "Rules", "RuleId,ListenerId"),
    /** Server groups of application load balancers. */
    ALB_GROUPS("alb", "ListServerGroups", "server groups", "ServerGroups", "ServerGroupId"),
    /** Servers of a group. */
    ALB_SERVERS("alb", "ListServerGroupServers", "servers", "Servers", "ServerId"),
    /** Servers that a listener does not find healthy. */
    ALB_HEALTH("alb", "GetListenerHealthStatus", "listeners", "ListenerHealthStatus", "ListenerId"),
    /** Entries of an access control list. */
    ALB_ACL("alb", "ListAclEntries", "entries", "AclEntries", "Entry"),
    /** Network load balancers. */
    NLB("nlb", "ListLoadBalancers", "load balancers", "LoadBalancers", "LoadBalancerId"),
    /** One network load balancer with its addresses. */
    NLB_ONE("nlb", "GetLoadBalancerAttribute", "load balancers", "", "LoadBalancerId"),
    /** Listeners of network load balancers. */
    NLB_LISTENERS("nlb", "ListListeners", "listeners", "Listeners", "ListenerId,LoadBalancerId"),
    /** Server groups of network load balancers. */
    NLB_GROUPS("nlb", "ListServerGroups", "server groups", "ServerGroups", "ServerGroupId"),
    /** Servers of a group. */
    NLB_SERVERS("nlb", "ListServerGroupServers", "servers", "Servers", "ServerId"),
    /** Servers that a listener does not find healthy. */
    NLB_HEALTH("nlb", "GetListenerHealthStatus", "listeners", "ListenerHealthStatus", "ListenerId"),
    /** Network interfaces. */
    NETWORK_INTERFACES(
            "ecs",
            "DescribeNetworkInterfaces",
            "network interfaces",
            "NetworkInterfaceSets/NetworkInterfaceSet",
            "NetworkInterfaceId"),
    /** Instances. */
    INSTANCES("ecs", "DescribeInstances", "instances", "Instances/Instance", "InstanceId"),
    /** Security groups. */
    SECURITY_GROUPS(
            "ecs", "DescribeSecurityGroups", "security groups", "SecurityGroups/SecurityGroup", "SecurityGroupId"),
    /** One security group with its rules. */
    SECURITY_GROUP("ecs", "DescribeSecurityGroupAttribute", "security groups", "", "SecurityGroupId"),
    /** A prefix list, which rules of security groups name. */
    PREFIX_LIST("ecs", "DescribePrefixListAttributes", "prefix lists", "", "PrefixListId"),
    /** Elastic addresses. */
    EIPS("vpc", "DescribeEipAddresses", "elastic addresses", "EipAddresses/EipAddress", "IpAddress"),
    /** VPCs. */
    VPCS("vpc", "DescribeVpcs", "VPCs", "Vpcs/Vpc", "VpcId"),
    /** vSwitches. */
    VSWITCHES("vpc", "DescribeVSwitches", "vSwitches", "VSwitches/VSwitch", "VSwitchId,CidrBlock"),
    /** Route tables. */
    ROUTE_TABLES(
            "vpc", "DescribeRouteTableList", "route tables", "RouterTableList/RouterTableListType", "RouteTableId"),
    /** A network ACL of vSwitches. */
    NETWORK_ACL("vpc", "DescribeNetworkAclAttributes", "network ACLs", "NetworkAclAttribute", "NetworkAclId"),
    /** Routes of a table. */
    ROUTES("vpc", "DescribeRouteEntryList", "routes", "RouteEntrys/RouteEntry", "DestinationCidrBlock"),
    /** NAT gateways. */
    NAT_GATEWAYS("vpc", "DescribeNatGateways", "NAT gateways", "NatGateways/NatGateway", "NatGatewayId"),
    /** SNAT entries of a NAT gateway. */
    SNAT_ENTRIES("vpc", "DescribeSnatTableEntries", "SNAT entries", "SnatTableEntries/SnatTableEntry", "SnatIp"),
    /** DNAT entries of a NAT gateway. */
    FORWARD_ENTRIES(
            "vpc",
            "DescribeForwardTableEntries",
            "DNAT entries",
            "ForwardTableEntries/ForwardTableEntry",
            "ExternalIp,InternalIp");

    private static final Map<String, Api> BY_NAME =
            HashMap.ofEntries(Vector.of(values()).map(api -> io.vavr.Tuple.of(api.product + "." + api.action, api)));

    private final String product;
    private final String action;
    private final String unit;
    private final Vector<String> container;
    private final Vector<String> required;

    Api(String product, String action, String unit, String container, String required) {
        this.product = product;
        this.action = action;
        this.unit = unit;
        this.container = container.isEmpty() ? Vector.empty() : Vector.of(container.split("/"));
        this.required = Vector.of(required.split(","));
    }

    /** The product's name on the command line, such as {@code slb}. */
    public String product() {
        return product;
    }

    /** The action's name. */
    public String action() {
        return action;
    }

    /** What the items of a response are, in the plural. */
    String unit() {
        return unit;
    }

    /** Fields below which the items are; empty where the body itself is the one item. */
    Vector<String> container() {
        return container;
    }

    /** Fields an item is of no use without. */
    Vector<String> required() {
        return required;
    }

    /** The API {@code product.Action}. */
    static Option<Api> of(String name) {
        return BY_NAME.get(name);
    }
}
