"""An account in moto, an independent implementation of the services, and what botocore, an independent client and the one
inside the AWS command line, reads from it: one file of JSON for each document. Ends when its input ends."""
import json
import os
import sys

os.environ.update(AWS_ACCESS_KEY_ID="id", AWS_SECRET_ACCESS_KEY="secret", AWS_DEFAULT_REGION="us-west-2")
for name in list(os.environ):
    if name.lower().endswith("_proxy"):
        del os.environ[name]

import boto3
from moto.server import ThreadedMotoServer

out = sys.argv[1]
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
host, port = server.get_host_and_port()
url = "http://127.0.0.1:%d" % port
clients = {name: boto3.client(name, endpoint_url=url) for name in ("ec2", "elbv2", "elb", "route53")}
ec2, elbv2, elb, route53 = (clients[name] for name in ("ec2", "elbv2", "elb", "route53"))

vpc = ec2.create_vpc(CidrBlock="10.77.0.0/16")["Vpc"]["VpcId"]
subnets = [
    ec2.create_subnet(VpcId=vpc, CidrBlock="10.77.%d.0/24" % i, AvailabilityZone="us-west-2" + zone)["Subnet"]["SubnetId"]
    for i, zone in enumerate("ab")
]
gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
address = ec2.allocate_address(Domain="vpc")["AllocationId"]
nat = ec2.create_nat_gateway(SubnetId=subnets[0], AllocationId=address)["NatGateway"]["NatGatewayId"]
table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=nat)
ec2.associate_route_table(RouteTableId=table, SubnetId=subnets[1])
prefixes = ec2.create_managed_prefix_list(
    PrefixListName="offices", MaxEntries=5, AddressFamily="IPv4", Entries=[{"Cidr": "192.0.2.0/24", "Description": "office"}]
)["PrefixList"]["PrefixListId"]
group = ec2.create_security_group(GroupName="web", Description="web & more", VpcId=vpc)["GroupId"]
ec2.authorize_security_group_ingress(
    GroupId=group,
    IpPermissions=[
        {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "0.0.0.0/0", "Description": "all"}]},
        {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "PrefixListIds": [{"PrefixListId": prefixes}]},
        {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": group}]},
    ],
)
image = ec2.describe_images()["Images"][0]["ImageId"]
instance = ec2.run_instances(
    ImageId=image, MinCount=1, MaxCount=1, SubnetId=subnets[0], SecurityGroupIds=[group], InstanceType="t3.micro"
)["Instances"][0]["InstanceId"]
balancer = elbv2.create_load_balancer(
    Name="shop", Subnets=subnets, SecurityGroups=[group], Tags=[{"Key": "elbv2.k8s.aws/cluster", "Value": "demo"}]
)["LoadBalancers"][0]["LoadBalancerArn"]
raw = elbv2.create_load_balancer(Name="raw", Subnets=subnets, Type="network", Scheme="internal")["LoadBalancers"][0][
    "LoadBalancerArn"
]
target = elbv2.create_target_group(Name="shop-web", Protocol="HTTP", Port=8080, VpcId=vpc, TargetType="instance")[
    "TargetGroups"
][0]["TargetGroupArn"]
elbv2.register_targets(TargetGroupArn=target, Targets=[{"Id": instance, "Port": 30080}])
listener = elbv2.create_listener(
    LoadBalancerArn=balancer, Protocol="HTTP", Port=80, DefaultActions=[{"Type": "forward", "TargetGroupArn": target}]
)["Listeners"][0]["ListenerArn"]
elbv2.create_rule(
    ListenerArn=listener,
    Priority=7,
    Conditions=[
        {"Field": "host-header", "HostHeaderConfig": {"Values": ["shop.example.com"]}},
        {"Field": "path-pattern", "PathPatternConfig": {"Values": ["/cart/*"]}},
    ],
    Actions=[
        {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "503", "MessageBody": "<later>", "ContentType": "text/plain"}}
    ],
)
elbv2.create_listener(
    LoadBalancerArn=raw, Protocol="TCP", Port=80, DefaultActions=[{"Type": "forward", "TargetGroupArn": elbv2.create_target_group(
        Name="raw-web", Protocol="TCP", Port=8080, VpcId=vpc, TargetType="ip")["TargetGroups"][0]["TargetGroupArn"]}]
)
elb.create_load_balancer(
    LoadBalancerName="old",
    Listeners=[{"Protocol": "tcp", "LoadBalancerPort": 80, "InstanceProtocol": "tcp", "InstancePort": 30080}],
    AvailabilityZones=["us-west-2a"],
)
elb.register_instances_with_load_balancer(LoadBalancerName="old", Instances=[{"InstanceId": instance}])
zone = route53.create_hosted_zone(Name="example.com.", CallerReference="1")["HostedZone"]["Id"].split("/")[-1]
inner = route53.create_hosted_zone(
    Name="inner.example.com.", CallerReference="2", VPC={"VPCRegion": "us-west-2", "VPCId": vpc},
    HostedZoneConfig={"PrivateZone": True, "Comment": "inside"},
)["HostedZone"]["Id"].split("/")[-1]
route53.change_resource_record_sets(
    HostedZoneId=zone,
    ChangeBatch={
        "Changes": [
            {
                "Action": "CREATE",
                "ResourceRecordSet": {
                    "Name": "w%d.example.com." % i, "Type": "A", "SetIdentifier": "blue", "Weight": i, "TTL": 60,
                    "ResourceRecords": [{"Value": "192.0.2.%d" % i}],
                },
            }
            for i in range(5)
        ]
    },
)
check = route53.create_health_check(
    CallerReference="3", HealthCheckConfig={"IPAddress": "192.0.2.9", "Port": 80, "Type": "HTTP", "ResourcePath": "/", "EnableSNI": False}
)["HealthCheck"]["Id"]


def write(region, service, action, field, key="", **parameters):
    method = "".join("_" + c.lower() if c.isupper() else c for c in action).lstrip("_")
    client = clients[service]
    if client.can_paginate(method):
        answer = client.get_paginator(method).paginate(**parameters).build_full_result()
    else:
        answer = getattr(client, method)(**parameters)
    answer.pop("ResponseMetadata", None)
    if field:
        answer = {field: answer[field]}
    name = service + "." + method.replace("_", "-") + ("." + key if key else "") + ".json"
    path = os.path.join(out, region, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        json.dump(answer, file, default=lambda time: time.isoformat())
    return answer


home = "us-west-2"
write("global", "route53", "ListHealthChecks", "HealthChecks")
for operation, field in (
    ("DescribeNetworkInterfaces", "NetworkInterfaces"), ("DescribeInstances", "Reservations"),
    ("DescribeSecurityGroups", "SecurityGroups"), ("DescribeRouteTables", "RouteTables"), ("DescribeSubnets", "Subnets"),
    ("DescribeVpcs", "Vpcs"), ("DescribeNatGateways", "NatGateways"), ("DescribeAddresses", "Addresses"),
    ("DescribeInternetGateways", "InternetGateways"), ("DescribeNetworkAcls", "NetworkAcls"),
):
    write(home, "ec2", operation, field)
write(home, "ec2", "GetManagedPrefixListEntries", "Entries", prefixes, PrefixListId=prefixes)
tagged = []
for found in write(home, "elbv2", "DescribeLoadBalancers", "LoadBalancers")["LoadBalancers"]:
    arn, name = found["LoadBalancerArn"], found["LoadBalancerName"]
    tagged.append(arn)
    write(home, "elbv2", "DescribeLoadBalancerAttributes", "Attributes", name, LoadBalancerArn=arn)
    for each in write(home, "elbv2", "DescribeListeners", "Listeners", name, LoadBalancerArn=arn)["Listeners"]:
        own = each["ListenerArn"]
        write(home, "elbv2", "DescribeRules", "Rules", own.split("/")[-1], ListenerArn=own)
        if found["Type"] == "network":
            write(home, "elbv2", "DescribeListenerAttributes", "Attributes", own.split("/")[-1], ListenerArn=own)
for found in write(home, "elbv2", "DescribeTargetGroups", "TargetGroups")["TargetGroups"]:
    arn, name = found["TargetGroupArn"], found["TargetGroupName"]
    tagged.append(arn)
    write(home, "elbv2", "DescribeTargetGroupAttributes", "Attributes", name, TargetGroupArn=arn)
    write(home, "elbv2", "DescribeTargetHealth", "TargetHealthDescriptions", name, TargetGroupArn=arn)
write(home, "elbv2", "DescribeTags", "TagDescriptions", ResourceArns=tagged)
write(home, "elb", "DescribeLoadBalancers", "LoadBalancerDescriptions")
write(home, "elb", "DescribeInstanceHealth", "InstanceStates", "old", LoadBalancerName="old")
write("global", "route53", "ListHostedZones", "HostedZones")
for each in (zone, inner):
    write("global", "route53", "ListResourceRecordSets", "ResourceRecordSets", each, HostedZoneId=each)
write("global", "route53", "GetHostedZone", None, inner, Id=inner)
print(url, flush=True)
sys.stdin.read()
