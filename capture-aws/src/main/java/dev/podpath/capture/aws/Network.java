package dev.podpath.capture.aws;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.IpPermission;
import software.amazon.awssdk.services.ec2.model.Route;
import software.amazon.awssdk.services.ec2.model.RouteTable;
import software.amazon.awssdk.services.ec2.model.SecurityGroup;

/** Interfaces, instances, and everything of a region's VPCs that lets packets pass or sends them somewhere. */
final class Network {
    private static final int PAGE = 500;
    private static final int SMALL_PAGE = 100;

    private final Survey survey;
    private final Ec2Client ec2;
    private final String region;
    private final Set<String> prefixLists = ConcurrentHashMap.newKeySet();

    Network(Survey survey, Ec2Client ec2, String region) {
        this.survey = survey;
        this.ec2 = ec2;
        this.region = region;
    }

    void all() {
        survey.leaf(
                Action.NETWORK_INTERFACES,
                region,
                "",
                () -> ec2.describeNetworkInterfacesPaginator(request -> request.maxResults(PAGE)));
        survey.leaf(
                Action.INSTANCES,
                region,
                "",
                () -> ec2.describeInstancesPaginator(request -> request.maxResults(PAGE)));
        survey.leaf(
                Action.SUBNETS, region, "", () -> ec2.describeSubnetsPaginator(request -> request.maxResults(PAGE)));
        survey.leaf(Action.VPCS, region, "", () -> ec2.describeVpcsPaginator(request -> request.maxResults(PAGE)));
        survey.leaf(
                Action.NAT_GATEWAYS,
                region,
                "",
                () -> ec2.describeNatGatewaysPaginator(request -> request.maxResults(PAGE)));
        survey.leaf(Action.ADDRESSES, region, "", () -> List.of(ec2.describeAddresses()));
        survey.leaf(
                Action.INTERNET_GATEWAYS,
                region,
                "",
                () -> ec2.describeInternetGatewaysPaginator(request -> request.maxResults(PAGE)));
        survey.leaf(
                Action.NETWORK_ACLS,
                region,
                "",
                () -> ec2.describeNetworkAclsPaginator(request -> request.maxResults(PAGE)));
        survey.later(() -> survey.list(
                Action.SECURITY_GROUPS,
                region,
                "",
                () -> ec2.describeSecurityGroupsPaginator(request -> request.maxResults(PAGE)),
                item -> of((SecurityGroup) item)));
        survey.later(() -> survey.list(
                Action.ROUTE_TABLES,
                region,
                "",
                () -> ec2.describeRouteTablesPaginator(request -> request.maxResults(SMALL_PAGE)),
                item -> ((RouteTable) item).routes().forEach(this::of)));
    }

    private void of(SecurityGroup group) {
        for (List<IpPermission> permissions : List.of(group.ipPermissions(), group.ipPermissionsEgress())) {
            permissions.forEach(
                    permission -> permission.prefixListIds().forEach(list -> prefixList(list.prefixListId())));
        }
    }

    private void of(Route route) {
        if (route.destinationPrefixListId() != null) {
            prefixList(route.destinationPrefixListId());
        }
    }

    private void prefixList(String id) {
        if (prefixLists.add(id)) {
            survey.leaf(
                    Action.PREFIX_LIST_ENTRIES,
                    region,
                    id,
                    () -> ec2.getManagedPrefixListEntriesPaginator(
                            request -> request.prefixListId(id).maxResults(SMALL_PAGE)));
        }
    }
}
