package dev.podpath.capture.aliyun;

import io.vavr.collection.Vector;

/** Every action that is ever asked for. All of them only read; the list of permissions in the documentation is this one. */
enum Action {
    DOMAINS(Product.ALIDNS, "DescribeDomains", Paging.NUMBER, 100, "Domains/Domain"),
    DOMAIN_RECORDS(Product.ALIDNS, "DescribeDomainRecords", Paging.NUMBER, 500, "DomainRecords/Record"),
    DNS_WEIGHTS(Product.ALIDNS, "DescribeDNSSLBSubDomains", Paging.NUMBER, 100, "SlbSubDomains/SlbSubDomain"),
    PRIVATE_ZONES(Product.PVTZ, "DescribeZones", Paging.NUMBER, 100, "Zones/Zone"),
    PRIVATE_ZONE(Product.PVTZ, "DescribeZoneInfo", Paging.NONE, 0, ""),
    PRIVATE_RECORDS(Product.PVTZ, "DescribeZoneRecords", Paging.NUMBER, 100, "Records/Record"),
    CLB(Product.SLB, "DescribeLoadBalancers", Paging.NUMBER, 100, "LoadBalancers/LoadBalancer"),
    CLB_ONE(Product.SLB, "DescribeLoadBalancerAttribute", Paging.NONE, 0, ""),
    CLB_TCP(Product.SLB, "DescribeLoadBalancerTCPListenerAttribute", Paging.NONE, 0, ""),
    CLB_UDP(Product.SLB, "DescribeLoadBalancerUDPListenerAttribute", Paging.NONE, 0, ""),
    CLB_HTTP(Product.SLB, "DescribeLoadBalancerHTTPListenerAttribute", Paging.NONE, 0, ""),
    CLB_HTTPS(Product.SLB, "DescribeLoadBalancerHTTPSListenerAttribute", Paging.NONE, 0, ""),
    CLB_RULES(Product.SLB, "DescribeRules", Paging.NONE, 0, "Rules/Rule"),
    CLB_GROUPS(Product.SLB, "DescribeVServerGroups", Paging.NONE, 0, "VServerGroups/VServerGroup"),
    CLB_GROUP(Product.SLB, "DescribeVServerGroupAttribute", Paging.NONE, 0, ""),
    CLB_PAIR(Product.SLB, "DescribeMasterSlaveServerGroupAttribute", Paging.NONE, 0, ""),
    CLB_HEALTH(Product.SLB, "DescribeHealthStatus", Paging.NONE, 0, "BackendServers/BackendServer"),
    CLB_ACLS(Product.SLB, "DescribeAccessControlLists", Paging.NUMBER, 50, "Acls/Acl"),
    CLB_ACL(Product.SLB, "DescribeAccessControlListAttribute", Paging.PAGE, 50, "AclEntrys/AclEntry"),
    ALB(Product.ALB, "ListLoadBalancers", Paging.TOKEN, 100, "LoadBalancers"),
    ALB_ONE(Product.ALB, "GetLoadBalancerAttribute", Paging.NONE, 0, ""),
    ALB_LISTENERS(Product.ALB, "ListListeners", Paging.TOKEN, 100, "Listeners"),
    ALB_LISTENER(Product.ALB, "GetListenerAttribute", Paging.NONE, 0, ""),
    ALB_RULES(Product.ALB, "ListRules", Paging.TOKEN, 100, "Rules"),
    ALB_GROUPS(Product.ALB, "ListServerGroups", Paging.TOKEN, 100, "ServerGroups"),
    ALB_SERVERS(Product.ALB, "ListServerGroupServers", Paging.TOKEN, 100, "Servers"),
    ALB_HEALTH(Product.ALB, "GetListenerHealthStatus", Paging.TOKEN, 30, "ListenerHealthStatus"),
    ALB_ACL(Product.ALB, "ListAclEntries", Paging.TOKEN, 100, "AclEntries"),
    NLB(Product.NLB, "ListLoadBalancers", Paging.TOKEN, 100, "LoadBalancers"),
    NLB_ONE(Product.NLB, "GetLoadBalancerAttribute", Paging.NONE, 0, ""),
    NLB_LISTENERS(Product.NLB, "ListListeners", Paging.TOKEN, 100, "Listeners"),
    NLB_GROUPS(Product.NLB, "ListServerGroups", Paging.TOKEN, 100, "ServerGroups"),
    NLB_SERVERS(Product.NLB, "ListServerGroupServers", Paging.TOKEN, 100, "Servers"),
    NLB_HEALTH(Product.NLB, "GetListenerHealthStatus", Paging.NONE, 0, "ListenerHealthStatus"),
    INTERFACES(Product.ECS, "DescribeNetworkInterfaces", Paging.TOKEN, 100, "NetworkInterfaceSets/NetworkInterfaceSet"),
    INSTANCES(Product.ECS, "DescribeInstances", Paging.TOKEN, 100, "Instances/Instance"),
    GROUPS(Product.ECS, "DescribeSecurityGroups", Paging.TOKEN, 100, "SecurityGroups/SecurityGroup"),
    GROUP(Product.ECS, "DescribeSecurityGroupAttribute", Paging.TOKEN, 500, "Permissions/Permission"),
    PREFIX_LIST(Product.ECS, "DescribePrefixListAttributes", Paging.NONE, 0, ""),
    VPCS(Product.VPC, "DescribeVpcs", Paging.NUMBER, 50, "Vpcs/Vpc"),
    VSWITCHES(Product.VPC, "DescribeVSwitches", Paging.NUMBER, 50, "VSwitches/VSwitch"),
    EIPS(Product.VPC, "DescribeEipAddresses", Paging.NUMBER, 100, "EipAddresses/EipAddress"),
    NAT_GATEWAYS(Product.VPC, "DescribeNatGateways", Paging.NUMBER, 50, "NatGateways/NatGateway"),
    SNAT(Product.VPC, "DescribeSnatTableEntries", Paging.NUMBER, 50, "SnatTableEntries/SnatTableEntry"),
    DNAT(Product.VPC, "DescribeForwardTableEntries", Paging.NUMBER, 50, "ForwardTableEntries/ForwardTableEntry"),
    ROUTE_TABLES(Product.VPC, "DescribeRouteTableList", Paging.NUMBER, 50, "RouterTableList/RouterTableListType"),
    ROUTES(Product.VPC, "DescribeRouteEntryList", Paging.TOKEN_OF_ROUTES, 100, "RouteEntrys/RouteEntry"),
    NETWORK_ACL(Product.VPC, "DescribeNetworkAclAttributes", Paging.NONE, 0, "");

    private final Product product;
    private final String action;
    private final Paging paging;
    private final int pageSize;
    private final Vector<String> container;

    Action(Product product, String action, Paging paging, int pageSize, String container) {
        this.product = product;
        this.action = action;
        this.paging = paging;
        this.pageSize = pageSize;
        this.container = container.isEmpty() ? Vector.empty() : Vector.of(container.split("/"));
    }

    Product product() {
        return product;
    }

    /** Its name in the API. */
    String action() {
        return action;
    }

    Paging paging() {
        return paging;
    }

    int pageSize() {
        return pageSize;
    }

    /** The fields below which the items of an answer are; empty where the answer is the one item. */
    Vector<String> container() {
        return container;
    }

    /** The permission it needs, such as {@code slb:DescribeLoadBalancers}. */
    String permission() {
        return product.id() + ":" + action;
    }
}
