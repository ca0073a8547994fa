package dev.podpath.aliyun;

import io.vavr.collection.Vector;

/** Bodies of API responses, as short as they can be. */
final class Documents {
    private Documents() {}

    static String list(String outer, String inner, String... items) {
        return "{'" + outer + "':{'" + inner + "':[" + String.join(",", items) + "]},'TotalCount':" + items.length
                + "}";
    }

    static String record(String rr, String type, String value, String line, String status, int weight) {
        return ("{'DomainName':'a.com','RR':'%s','Type':'%s','Value':'%s','Line':'%s','Status':'%s','Weight':%d,"
                        + "'RecordId':'%s'}")
                .formatted(rr, type, value, line, status, weight, rr + type + value + line + status);
    }

    static String a(String rr, String value) {
        return record(rr, "A", value, "default", "Enable", 1);
    }

    static String cname(String rr, String value) {
        return record(rr, "CNAME", value, "default", "ENABLE", 1);
    }

    static String records(String... records) {
        return list("DomainRecords", "Record", records);
    }

    /** The internet CLB lb-1 at 203.0.113.10 and the intranet CLB lb-2 at 10.0.3.20. */
    static Account balancers(Account account) {
        return account.with(
                        "slb.DescribeLoadBalancers",
                        list(
                                "LoadBalancers",
                                "LoadBalancer",
                                balancer("lb-1", "203.0.113.10", "internet", "active"),
                                balancer("lb-2", "10.0.3.20", "intranet", "active")))
                .with("slb.DescribeLoadBalancerAttribute.lb-1", attribute("lb-1", "203.0.113.10", "internet", "80:tcp"))
                .with("slb.DescribeLoadBalancerAttribute.lb-2", attribute("lb-2", "10.0.3.20", "intranet", "80:tcp"));
    }

    static String balancer(String id, String address, String type, String status) {
        return ("{'LoadBalancerId':'%s','LoadBalancerName':'%s','Address':'%s','AddressType':'%s',"
                        + "'LoadBalancerStatus':'%s','VpcId':'%s'}")
                .formatted(id, id + "-name", address, type, status, type.equals("internet") ? "" : "vpc-1");
    }

    static String attribute(String id, String address, String type, String... listeners) {
        String ports = Vector.of(listeners)
                .map(l -> "{'ListenerPort':'%s','ListenerProtocol':'%s'}".formatted(l.split(":")[0], l.split(":")[1]))
                .mkString(",");
        return ("{'LoadBalancerId':'%s','Address':'%s','AddressType':'%s','LoadBalancerStatus':'active','VpcId':'%s',"
                        + "'ListenerPortsAndProtocol':{'ListenerPortAndProtocol':[%s]},"
                        + "'BackendServers':{'BackendServer':[]}}")
                .formatted(id, address, type, type.equals("internet") ? "" : "vpc-1", ports);
    }

    static String listener(String status, String extra) {
        return "{'ListenerPort':80,'Status':'" + status + "','VServerGroupId':'rsp-1','HealthCheck':'on',"
                + "'Scheduler':'wrr'" + (extra.isEmpty() ? "" : "," + extra) + "}";
    }

    static String group(String... servers) {
        return "{'VServerGroupId':'rsp-1','VServerGroupName':'k8s/80/web/app/c1','BackendServers':{'BackendServer':["
                + String.join(",", servers) + "]}}";
    }

    static String eni(String ip, int weight) {
        return "{'ServerId':'eni-%s','ServerIp':'%s','Port':'8080','Weight':'%d','Type':'eni','VpcId':'vpc-1'}"
                .formatted(ip, ip, weight);
    }

    static String health(String ip, String status) {
        return ("{'ListenerPort':80,'Protocol':'tcp','ServerId':'eni-%s','ServerIp':'%s','Port':8080,"
                        + "'ServerHealthStatus':'%s'}")
                .formatted(ip, ip, status);
    }

    static String acl(String... entries) {
        String listed = Vector.of(entries)
                .map(e -> "{'AclEntryIP':'" + e + "','AclEntryComment':'c'}")
                .mkString(",");
        return "{'AclId':'acl-1','AclEntrys':{'AclEntry':[" + listed + "]},'TotalAclEntry':" + entries.length + "}";
    }

    /** lb-1 with a running TCP listener 80 and these healthy servers of weight 100. */
    static Account serving(Account account, String... ips) {
        return balancers(account)
                .with("slb.DescribeLoadBalancerTCPListenerAttribute.lb-1.80", listener("running", ""))
                .with(
                        "slb.DescribeVServerGroupAttribute.rsp-1",
                        group(Vector.of(ips).map(ip -> eni(ip, 100)).toJavaArray(String[]::new)))
                .with(
                        "slb.DescribeHealthStatus.lb-1",
                        list(
                                "BackendServers",
                                "BackendServer",
                                Vector.of(ips).map(ip -> health(ip, "normal")).toJavaArray(String[]::new)));
    }

    /** The VPC: vSwitch vsw-n 10.0.1.0/24 of nodes, vsw-p 10.0.2.0/24 of pods; route table vtb-1; NAT gateway ngw-1. */
    static Account network(Account account, String snatEntries, String... routes) {
        return account.with(
                        "ecs.DescribeNetworkInterfaces",
                        list(
                                "NetworkInterfaceSets",
                                "NetworkInterfaceSet",
                                networkInterface("eni-n", "i-n1", "Primary", "vsw-n", "10.0.1.11"),
                                networkInterface("eni-p", "i-n1", "Secondary", "vsw-p", "10.0.2.11", "10.0.2.21"),
                                networkInterface("eni-x", "i-x", "Primary", "vsw-n", "10.0.1.99")))
                .with(
                        "vpc.DescribeVSwitches",
                        list(
                                "VSwitches",
                                "VSwitch",
                                "{'VSwitchId':'vsw-n','VpcId':'vpc-1','CidrBlock':'10.0.1.0/24'}",
                                "{'VSwitchId':'vsw-p','VpcId':'vpc-1','CidrBlock':'10.0.2.0/24'}"))
                .with(
                        "vpc.DescribeRouteTableList",
                        list(
                                "RouterTableList",
                                "RouterTableListType",
                                "{'RouteTableId':'vtb-1','VpcId':'vpc-1','RouteTableType':'System',"
                                        + "'VSwitchIds':{'VSwitchId':['vsw-n','vsw-p']}}"))
                .with("vpc.DescribeRouteEntryList.vtb-1", list("RouteEntrys", "RouteEntry", routes))
                .with(
                        "vpc.DescribeNatGateways",
                        list(
                                "NatGateways",
                                "NatGateway",
                                "{'NatGatewayId':'ngw-1','VpcId':'vpc-1','Status':'Available','NetworkType':'internet',"
                                        + "'SnatTableIds':{'SnatTableId':['stb-1']},"
                                        + "'ForwardTableIds':{'ForwardTableId':['ftb-1']}}"))
                .with("vpc.DescribeForwardTableEntries.ftb-1", list("ForwardTableEntries", "ForwardTableEntry"))
                .with(
                        "vpc.DescribeSnatTableEntries.stb-1",
                        "{'SnatTableEntries':{'SnatTableEntry':[" + snatEntries + "]}}")
                .with("vpc.DescribeEipAddresses", list("EipAddresses", "EipAddress"));
    }

    static String networkInterface(String id, String instance, String type, String vSwitch, String... ips) {
        String set = Vector.of(ips)
                .map(ip -> "{'PrivateIpAddress':'%s','Primary':%b}".formatted(ip, ip.equals(ips[0])))
                .mkString(",");
        return ("{'NetworkInterfaceId':'%s','InstanceId':'%s','Type':'%s','Status':'InUse','VpcId':'vpc-1',"
                        + "'VSwitchId':'%s','PrivateIpAddress':'%s','PrivateIpSets':{'PrivateIpSet':[%s]}}")
                .formatted(id, instance, type, vSwitch, ips[0], set);
    }

    static String route(String destination, String type, String id) {
        return ("{'RouteTableId':'vtb-1','DestinationCidrBlock':'%s','Status':'Available',"
                        + "'NextHops':{'NextHop':[{'NextHopType':'%s','NextHopId':'%s','Enabled':1}]}}")
                .formatted(destination, type, id);
    }

    static String snat(String id, String source, String ips, String affinity, String status) {
        return ("{'SnatEntryId':'%s','SnatTableId':'stb-1','NatGatewayId':'ngw-1','SourceCIDR':'%s','SnatIp':'%s',"
                        + "'EipAffinity':'%s','Status':'%s'}")
                .formatted(id, source, ips, affinity, status);
    }

    static String eip(String ip, String type, String id, String privateIp) {
        return "{'IpAddress':'%s','AllocationId':'eip-%s','InstanceType':'%s','InstanceId':'%s','PrivateIpAddress':'%s'}"
                .formatted(ip, ip, type, id, privateIp);
    }
}
