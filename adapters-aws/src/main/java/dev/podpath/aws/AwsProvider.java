package dev.podpath.aws;

import dev.podpath.aws.document.Responses;
import dev.podpath.aws.ec2.Ec2;
import dev.podpath.aws.ec2.Ec2Findings;
import dev.podpath.aws.ec2.EgressResolver;
import dev.podpath.aws.ec2.InterfaceResolver;
import dev.podpath.aws.ec2.NetworkAcls;
import dev.podpath.aws.ec2.SecurityGroups;
import dev.podpath.aws.ec2.Vpc;
import dev.podpath.aws.elb.Bindings;
import dev.podpath.aws.elb.Elb;
import dev.podpath.aws.elb.ElbFindings;
import dev.podpath.aws.elb.LoadBalancerResolver;
import dev.podpath.aws.route53.HealthChecks;
import dev.podpath.aws.route53.NameResolver;
import dev.podpath.aws.route53.Route53Findings;
import dev.podpath.aws.route53.Wishes;
import dev.podpath.aws.route53.Zones;
import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.finding.FindingCode;
import dev.podpath.core.resolve.HopResolver;
import dev.podpath.ports.plugin.Reading;
import dev.podpath.ports.plugin.ResolverProvider;
import dev.podpath.ports.snapshot.Snapshot;
import io.vavr.collection.Vector;

/**
 * Resolves through Amazon Web Services from captured outputs of the AWS command line, {@code
 * aws/REGION/SERVICE.OPERATION[.KEY].json}. Needs no network and no credentials.
 */
public final class AwsProvider implements ResolverProvider {
    /** For the service loader. */
    public AwsProvider() {}

    @Override
    public String id() {
        return "aws";
    }

    @Override
    public String description() {
        return "Amazon Web Services: Route 53, Elastic Load Balancing, EC2 network interfaces and VPC routes";
    }

    @Override
    public Vector<FindingCode> findings() {
        return Route53Findings.all().appendAll(ElbFindings.all()).appendAll(Ec2Findings.all());
    }

    @Override
    public Reading<Vector<HopResolver>> open(Snapshot snapshot, Cluster cluster) {
        if (snapshot.paths().forAll(path -> !path.startsWith("aws/"))) {
            return Reading.of(Vector.empty());
        }
        Responses responses = Responses.of(snapshot);
        Ec2 ec2 = Ec2.of(responses);
        SecurityGroups groups = SecurityGroups.of(responses);
        NetworkAcls acls = NetworkAcls.of(responses);
        Elb elb = Elb.of(responses, ec2);
        Bindings bindings = Bindings.of(snapshot, responses, cluster);
        Vector<HopResolver> resolvers = Vector.of(
                new NameResolver(
                        Zones.of(responses),
                        HealthChecks.of(responses),
                        elb,
                        Wishes.of(snapshot, cluster),
                        ec2,
                        cluster),
                new LoadBalancerResolver(elb, ec2, groups, acls, bindings),
                new InterfaceResolver(ec2, groups, acls, cluster),
                new EgressResolver(ec2, groups, acls, Vpc.of(responses, ec2), cluster));
        return Reading.of(resolvers)
                .withProblems(responses.problems().appendAll(bindings.problems()))
                .withReports(responses.reports().appendAll(bindings.reports()));
    }
}
