package dev.podpath.aws;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Endpoint;
import dev.podpath.core.cluster.Node;
import dev.podpath.core.cluster.Pod;
import dev.podpath.core.cluster.Service;
import dev.podpath.core.cluster.ServiceKey;
import dev.podpath.core.cluster.ServicePort;
import dev.podpath.core.location.DnsName;
import dev.podpath.core.location.Flow;
import dev.podpath.core.location.HttpRequest;
import dev.podpath.core.location.NodePacket;
import dev.podpath.core.location.PodPort;
import dev.podpath.core.location.Vantage;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.resolve.HopResolver;
import dev.podpath.core.resolve.PathTracer;
import dev.podpath.core.resolve.Resolution;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.Evidence;
import dev.podpath.core.trace.Hop;
import dev.podpath.core.trace.HopKind;
import dev.podpath.core.trace.Location;
import dev.podpath.core.trace.Trace;
import dev.podpath.core.trace.TracedHop;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * A small account with one VPC, two nodes, an application load balancer to pods and a network load balancer to node ports,
 * in the form the AWS command line prints it; tests change single documents.
 */
public final class Account {
    public static final String DIR = "aws/eu-west-1/";
    public static final String ALB =
            "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/web/aaaa111122223333";
    public static final String NLB =
            "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/raw/bbbb111122223333";
    public static final String TG_WEB =
            "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/tg-web/cccc111122223333";
    public static final String TG_RAW =
            "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/tg-raw/dddd111122223333";
    public static final String ALB_LISTENER = ALB.replace(":loadbalancer/", ":listener/") + "/eeee111122223333";
    public static final String NLB_LISTENER = NLB.replace(":loadbalancer/", ":listener/") + "/ffff111122223333";

    private Account() {}

    public static TestSnapshot snapshot() {
        return new TestSnapshot()
                .with("aws/global/route53.list-hosted-zones.json", zones())
                .with("aws/global/route53.list-resource-record-sets.Z1.json", records("""
                        {"Name":"web.example.com.","Type":"A","AliasTarget":{"HostedZoneId":"Z32O12XQLNTSW2",
                          "DNSName":"dualstack.WEB-1.eu-west-1.elb.amazonaws.com.","EvaluateTargetHealth":true}},
                        {"Name":"raw.example.com.","Type":"CNAME","TTL":60,
                          "ResourceRecords":[{"Value":"raw-1.elb.eu-west-1.amazonaws.com"}]}"""))
                .with(DIR + "elbv2.describe-load-balancers.json", loadBalancers("active", "internet-facing"))
                .with(DIR + "elbv2.describe-listeners.web.json", albListeners())
                .with(DIR + "elbv2.describe-listeners.raw.json", nlbListeners())
                .with(
                        DIR + "elbv2.describe-rules.eeee111122223333.json",
                        rules(rule(
                                        "1",
                                        "{\"Field\":\"path-pattern\",\"PathPatternConfig\":{\"Values\":[\"/internal/*\"]}}",
                                        "{\"Type\":\"fixed-response\",\"FixedResponseConfig\":{\"StatusCode\":\"403\"}}")
                                + "," + rule("default", "", forward(TG_WEB))))
                .with(
                        DIR + "elbv2.describe-rules.ffff111122223333.json",
                        rules(rule("default", "", forward(TG_RAW))
                                .replace("eeee111122223333", "ffff111122223333")
                                .replace("/app/web/aaaa", "/net/raw/bbbb")))
                .with(DIR + "elbv2.describe-target-groups.json", targetGroups())
                .with(
                        DIR + "elbv2.describe-target-group-attributes.tg-web.json",
                        attributes("load_balancing.algorithm.type", "round_robin"))
                .with(
                        DIR + "elbv2.describe-target-group-attributes.tg-raw.json",
                        attributes("preserve_client_ip.enabled", "true"))
                .with(
                        DIR + "elbv2.describe-load-balancer-attributes.raw.json",
                        attributes("load_balancing.cross_zone.enabled", "false"))
                .with(
                        DIR + "elbv2.describe-target-health.tg-web.json",
                        health(
                                target("10.0.1.20", 8080, "eu-west-1a", "healthy", ""),
                                target("10.0.2.49", 8080, "eu-west-1b", "healthy", "")))
                .with(
                        DIR + "elbv2.describe-target-health.tg-raw.json",
                        health(target("i-a", 30443, "", "healthy", ""), target("i-b", 30443, "", "healthy", "")))
                .with(DIR + "ec2.describe-network-interfaces.json", interfaces())
                .with(DIR + "ec2.describe-instances.json", instances())
                .with(DIR + "ec2.describe-security-groups.json", securityGroups("10.0.0.0/16"))
                .with(DIR + "ec2.describe-subnets.json", subnets())
                .with(
                        DIR + "ec2.describe-vpcs.json",
                        "{\"Vpcs\":[{\"VpcId\":\"vpc-1\",\"CidrBlock\":\"10.0.0.0/16\"}]}")
                .with(DIR + "ec2.describe-route-tables.json", routeTables("\"NatGatewayId\":\"nat-1\""))
                .with(DIR + "ec2.describe-nat-gateways.json", natGateways("203.0.113.40"))
                .with(
                        DIR + "ec2.describe-addresses.json",
                        "{\"Addresses\":[{\"PublicIp\":\"203.0.113.40\","
                                + "\"PrivateIpAddress\":\"10.0.0.50\",\"NetworkInterfaceId\":\"eni-nat\"}]}")
                .with("kubernetes/targetgroupbindings.json", """
                        {"items":[{"metadata":{"namespace":"shop","name":"b1"},"spec":{"targetGroupARN":"%s",
                          "serviceRef":{"name":"web","port":"http"}}}]}""".formatted(TG_WEB));
    }

    public static String zones() {
        return """
                {"HostedZones":[{"Id":"/hostedzone/Z1","Name":"example.com.","Config":{"PrivateZone":false}}]}""";
    }

    public static String records(String sets) {
        return "{\"ResourceRecordSets\":[" + sets + "]}";
    }

    public static String loadBalancers(String state, String scheme) {
        return """
                {"LoadBalancers":[
                  {"LoadBalancerArn":"%s","DNSName":"web-1.eu-west-1.elb.amazonaws.com","LoadBalancerName":"web",
                   "Scheme":"%s","VpcId":"vpc-1","State":{"Code":"%s"},"Type":"application","SecurityGroups":["sg-lb"],
                   "AvailabilityZones":[{"ZoneName":"eu-west-1a"},{"ZoneName":"eu-west-1b"}]},
                  {"LoadBalancerArn":"%s","DNSName":"raw-1.elb.eu-west-1.amazonaws.com","LoadBalancerName":"raw",
                   "Scheme":"%s","VpcId":"vpc-1","State":{"Code":"%s"},"Type":"network",
                   "AvailabilityZones":[{"ZoneName":"eu-west-1a"},{"ZoneName":"eu-west-1b"}]}]}""".formatted(ALB, scheme, state, NLB, scheme, state);
    }

    public static String albListeners() {
        return """
                {"Listeners":[{"ListenerArn":"%s","LoadBalancerArn":"%s","Port":443,"Protocol":"HTTPS",
                  "DefaultActions":[%s]},
                 {"ListenerArn":"%s0","LoadBalancerArn":"%s","Port":80,"Protocol":"HTTP",
                  "DefaultActions":[{"Type":"redirect","RedirectConfig":{"Protocol":"HTTPS","Port":"443",
                    "StatusCode":"HTTP_301"}}]}]}""".formatted(ALB_LISTENER, ALB, forward(TG_WEB), ALB_LISTENER, ALB);
    }

    public static String nlbListeners() {
        return """
                {"Listeners":[{"ListenerArn":"%s","LoadBalancerArn":"%s","Port":443,"Protocol":"TCP",
                  "DefaultActions":[%s]}]}""".formatted(NLB_LISTENER, NLB, forward(TG_RAW));
    }

    public static String forward(String group) {
        return "{\"Type\":\"forward\",\"TargetGroupArn\":\"" + group + "\",\"Order\":1}";
    }

    public static String rules(String rules) {
        return "{\"Rules\":[" + rules + "]}";
    }

    public static String rule(String priority, String conditions, String actions) {
        return """
                {"RuleArn":"%s/%s","Priority":"%s","Conditions":[%s],"Actions":[%s],"IsDefault":%s}""".formatted(
                        ALB_LISTENER.replace(":listener/", ":listener-rule/"),
                        "rule" + priority,
                        priority,
                        conditions,
                        actions,
                        priority.equals("default"));
    }

    public static String targetGroups() {
        return """
                {"TargetGroups":[
                  {"TargetGroupArn":"%s","TargetGroupName":"tg-web","Protocol":"HTTP","Port":8080,"VpcId":"vpc-1",
                   "TargetType":"ip"},
                  {"TargetGroupArn":"%s","TargetGroupName":"tg-raw","Protocol":"TCP","Port":30443,"VpcId":"vpc-1",
                   "TargetType":"instance"}]}""".formatted(TG_WEB, TG_RAW);
    }

    public static String attributes(String... keysAndValues) {
        StringBuilder out = new StringBuilder("{\"Attributes\":[");
        for (int i = 0; i < keysAndValues.length; i += 2) {
            out.append(i == 0 ? "" : ",")
                    .append("{\"Key\":\"" + keysAndValues[i] + "\",\"Value\":\"" + keysAndValues[i + 1] + "\"}");
        }
        return out.append("]}").toString();
    }

    public static String health(String... targets) {
        return "{\"TargetHealthDescriptions\":[" + String.join(",", targets) + "]}";
    }

    public static String target(String id, int port, String zone, String state, String reason) {
        String place = zone.isEmpty() ? "" : ",\"AvailabilityZone\":\"" + zone + "\"";
        String why = reason.isEmpty() ? "" : ",\"Reason\":\"" + reason + "\"";
        return "{\"Target\":{\"Id\":\"" + id + "\",\"Port\":" + port + place + "},\"TargetHealth\":{\"State\":\""
                + state + "\"" + why + "}}";
    }

    public static String interfaces() {
        return """
                {"NetworkInterfaces":[
                  {"NetworkInterfaceId":"eni-a","Attachment":{"InstanceId":"i-a","DeviceIndex":0},"VpcId":"vpc-1",
                   "SubnetId":"subnet-a","AvailabilityZone":"eu-west-1a","Groups":[{"GroupId":"sg-node"}],
                   "PrivateIpAddresses":[{"PrivateIpAddress":"10.0.1.10","Primary":true},
                                         {"PrivateIpAddress":"10.0.1.20","Primary":false}]},
                  {"NetworkInterfaceId":"eni-b","Attachment":{"InstanceId":"i-b","DeviceIndex":0},"VpcId":"vpc-1",
                   "SubnetId":"subnet-b","AvailabilityZone":"eu-west-1b","Groups":[{"GroupId":"sg-node"}],
                   "PrivateIpAddresses":[{"PrivateIpAddress":"10.0.2.10","Primary":true}],
                   "Ipv4Prefixes":[{"Ipv4Prefix":"10.0.2.48/28"}]},
                  {"NetworkInterfaceId":"eni-web-a","Description":"ELB app/web/aaaa111122223333","VpcId":"vpc-1",
                   "SubnetId":"subnet-pub","AvailabilityZone":"eu-west-1a","Groups":[{"GroupId":"sg-lb"}],
                   "PrivateIpAddresses":[{"PrivateIpAddress":"10.0.0.11","Primary":true,
                     "Association":{"PublicIp":"203.0.113.11"}}]},
                  {"NetworkInterfaceId":"eni-web-b","Description":"ELB app/web/aaaa111122223333","VpcId":"vpc-1",
                   "SubnetId":"subnet-pub","AvailabilityZone":"eu-west-1b","Groups":[{"GroupId":"sg-lb"}],
                   "PrivateIpAddresses":[{"PrivateIpAddress":"10.0.0.12","Primary":true,
                     "Association":{"PublicIp":"203.0.113.12"}}]},
                  {"NetworkInterfaceId":"eni-raw-a","Description":"ELB net/raw/bbbb111122223333","VpcId":"vpc-1",
                   "SubnetId":"subnet-pub","AvailabilityZone":"eu-west-1a","Groups":[],
                   "PrivateIpAddresses":[{"PrivateIpAddress":"10.0.0.21","Primary":true,
                     "Association":{"PublicIp":"203.0.113.21"}}]},
                  {"NetworkInterfaceId":"eni-raw-b","Description":"ELB net/raw/bbbb111122223333","VpcId":"vpc-1",
                   "SubnetId":"subnet-pub","AvailabilityZone":"eu-west-1b","Groups":[],
                   "PrivateIpAddresses":[{"PrivateIpAddress":"10.0.0.22","Primary":true,
                     "Association":{"PublicIp":"203.0.113.22"}}]},
                  {"NetworkInterfaceId":"eni-nat","Description":"Interface for NAT Gateway nat-1","VpcId":"vpc-1",
                   "InterfaceType":"nat_gateway","SubnetId":"subnet-pub","Groups":[],
                   "PrivateIpAddresses":[{"PrivateIpAddress":"10.0.0.50","Primary":true}]}]}""";
    }

    public static String instances() {
        return """
                {"Reservations":[{"Instances":[
                  {"InstanceId":"i-a","PrivateIpAddress":"10.0.1.10","Placement":{"AvailabilityZone":"eu-west-1a"}},
                  {"InstanceId":"i-b","PrivateIpAddress":"10.0.2.10","Placement":{"AvailabilityZone":"eu-west-1b"}}]}]}""";
    }

    /** Groups of the load balancer (open on 80 and 443) and of the nodes. */
    public static String securityGroups(String nodePortsFrom) {
        return """
                {"SecurityGroups":[
                  {"GroupId":"sg-lb","IpPermissions":[
                    {"IpProtocol":"tcp","FromPort":80,"ToPort":80,"IpRanges":[{"CidrIp":"0.0.0.0/0"}]},
                    {"IpProtocol":"tcp","FromPort":443,"ToPort":444,"IpRanges":[{"CidrIp":"0.0.0.0/0"}]}],
                   "IpPermissionsEgress":[{"IpProtocol":"-1","IpRanges":[{"CidrIp":"0.0.0.0/0"}]}]},
                  {"GroupId":"sg-node","IpPermissions":[
                    {"IpProtocol":"tcp","FromPort":8080,"ToPort":8080,"UserIdGroupPairs":[{"GroupId":"sg-lb"}]},
                    {"IpProtocol":"tcp","FromPort":30000,"ToPort":32767,"IpRanges":[{"CidrIp":"%s"},
                      {"CidrIp":"198.51.100.0/24"}]}],
                   "IpPermissionsEgress":[{"IpProtocol":"-1","IpRanges":[{"CidrIp":"0.0.0.0/0"}]}]}]}""".formatted(nodePortsFrom);
    }

    public static String subnets() {
        return """
                {"Subnets":[{"SubnetId":"subnet-pub","VpcId":"vpc-1","CidrBlock":"10.0.0.0/24"},
                  {"SubnetId":"subnet-a","VpcId":"vpc-1","CidrBlock":"10.0.1.0/24"},
                  {"SubnetId":"subnet-b","VpcId":"vpc-1","CidrBlock":"10.0.2.0/24"}]}""";
    }

    /** The main table with this next hop for everything, and one for the public subnet. */
    public static String routeTables(String nextHop) {
        return """
                {"RouteTables":[
                  {"RouteTableId":"rtb-main","VpcId":"vpc-1","Associations":[{"Main":true}],"Routes":[
                    {"DestinationCidrBlock":"10.0.0.0/16","GatewayId":"local","Origin":"CreateRouteTable","State":"active"},
                    {"DestinationCidrBlock":"0.0.0.0/0",%s,"Origin":"CreateRoute"}]},
                  {"RouteTableId":"rtb-pub","VpcId":"vpc-1","Associations":[{"Main":false,"SubnetId":"subnet-pub"}],
                   "Routes":[{"DestinationCidrBlock":"10.0.0.0/16","GatewayId":"local","State":"active"},
                    {"DestinationCidrBlock":"0.0.0.0/0","GatewayId":"igw-1","State":"active"}]}]}""".formatted(nextHop.contains("State") ? nextHop : nextHop + ",\"State\":\"active\"");
    }

    public static String natGateways(String... publicAddresses) {
        String addresses = Vector.of(publicAddresses)
                .map(address ->
                        "{\"PublicIp\":\"" + address + "\",\"PrivateIp\":\"10.0.0.50\",\"Status\":\"succeeded\"}")
                .mkString(",");
        return "{\"NatGateways\":[{\"NatGatewayId\":\"nat-1\",\"State\":\"available\",\"SubnetId\":\"subnet-pub\","
                + "\"VpcId\":\"vpc-1\",\"ConnectivityType\":\"public\",\"NatGatewayAddresses\":[" + addresses + "]}]}";
    }

    /** Two nodes, a pod on each, and the service of both. */
    public static Cluster cluster() {
        ServiceKey web = new ServiceKey("shop", "web");
        Evidence evidence = Evidence.document("kubernetes/test.json", "");
        Service service = Service.builder()
                .key(web)
                .ports(Vector.of(new ServicePort("http", Protocol.TCP, 80, "8080", Option.none())))
                .evidence(evidence)
                .build();
        return new Cluster(
                Cluster.Captured.ALL,
                "cluster.local",
                Option.none(),
                Vector.of(service),
                Vector.<Endpoint>empty(),
                Vector.of(pod("web-1", "10.0.1.20", "node-a"), pod("web-2", "10.0.2.49", "node-b")),
                Vector.of(node("node-a", "i-a", "10.0.1.10"), node("node-b", "i-b", "10.0.2.10")));
    }

    private static Node node(String name, String instance, String address) {
        return Node.builder()
                .name(name)
                .providerId(Option.some("aws:///eu-west-1a/" + instance))
                .internalAddresses(Vector.of(IpAddress.of(address)))
                .evidence(Evidence.document("kubernetes/nodes.json", name))
                .build();
    }

    private static Pod pod(String name, String address, String node) {
        return Pod.builder()
                .namespace("shop")
                .name(name)
                .addresses(Vector.of(IpAddress.of(address)))
                .node(Option.some(node))
                .evidence(Evidence.document("kubernetes/pods.json", name))
                .build();
    }

    public static Vector<HopResolver> resolvers(TestSnapshot snapshot, Cluster cluster) {
        return new AwsProvider().open(snapshot, cluster).value();
    }

    /** Traces with the resolvers of this module; a pod or node that is reached counts as delivered. */
    public static Trace trace(TestSnapshot snapshot, Location start) {
        return trace(snapshot, cluster(), start);
    }

    public static Trace trace(TestSnapshot snapshot, Cluster cluster, Location start) {
        return new PathTracer(resolvers(snapshot, cluster).append(new Arrived())).trace("test", start);
    }

    public static DnsName url(String scheme, String host, int port, String path, Option<String> client) {
        Flow flow = new Flow(Protocol.TCP, client.map(IpAddress::of), Option.some(new HttpRequest(scheme, host, path)));
        return new DnsName(host, port, flow, new Vantage.Internet());
    }

    /** {@code https} from a client on the Internet. */
    public static DnsName https(String host, String path) {
        return url("https", host, 443, path, Option.some("198.51.100.7"));
    }

    public static Flow tcp(String source) {
        return new Flow(Protocol.TCP, Option.some(IpAddress.of(source)), Option.none());
    }

    public static Vector<String> codes(Trace trace) {
        return trace.findings().map(placed -> placed.finding().code().code()).distinct();
    }

    public static Vector<Disposition> ends(Trace trace) {
        return trace.outcomes().map(outcome -> outcome.disposition()).distinct();
    }

    public static Vector<Location> places(Trace trace) {
        return trace.hops().map(TracedHop::hop).map(Hop::location);
    }

    /** Stands in for the resolvers of nodes and pods. */
    private static final class Arrived implements HopResolver {
        @Override
        public String id() {
            return "test.arrived";
        }

        @Override
        public boolean handles(Location location) {
            return location instanceof PodPort || location instanceof NodePacket;
        }

        @Override
        public Resolution resolve(Location location) {
            dev.podpath.core.trace.Target target = location instanceof PodPort pod
                    ? dev.podpath.core.trace.Target.at(pod.address())
                    : dev.podpath.core.trace.Target.at(
                            ((NodePacket) location).packet().to());
            return Resolution.of(Hop.at(location, HopKind.POD, location.label())
                    .ends(Disposition.DELIVERED, target)
                    .build());
        }
    }
}
