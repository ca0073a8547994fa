package dev.podpath.capture.aws;

import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.elasticloadbalancing.ElasticLoadBalancingClient;
import software.amazon.awssdk.services.elasticloadbalancing.model.LoadBalancerDescription;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Listener;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancer;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerTypeEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroup;

/** A region's load balancers of all kinds, with what they listen to, by which rules, and who is behind them. */
final class Balancers {
    private static final int PAGE = 400;
    private static final int RESOURCES_A_CALL = 20;

    private final Survey survey;
    private final ElasticLoadBalancingV2Client balancers;
    private final ElasticLoadBalancingClient classic;
    private final String region;

    Balancers(
            Survey survey, ElasticLoadBalancingV2Client balancers, ElasticLoadBalancingClient classic, String region) {
        this.survey = survey;
        this.balancers = balancers;
        this.classic = classic;
        this.region = region;
    }

    void all() {
        survey.later(this::newer);
        survey.later(() -> survey.list(
                Action.CLASSIC_LOAD_BALANCERS,
                region,
                "",
                () -> classic.describeLoadBalancersPaginator(request -> request.pageSize(PAGE)),
                item -> of((LoadBalancerDescription) item)));
    }

    private void newer() {
        List<String> tagged = new ArrayList<>();
        survey.list(
                Action.LOAD_BALANCERS,
                region,
                "",
                () -> balancers.describeLoadBalancersPaginator(request -> request.pageSize(PAGE)),
                item -> of((LoadBalancer) item, tagged));
        survey.list(
                Action.TARGET_GROUPS,
                region,
                "",
                () -> balancers.describeTargetGroupsPaginator(request -> request.pageSize(PAGE)),
                item -> of((TargetGroup) item, tagged));
        for (int from = 0; from < tagged.size(); from += RESOURCES_A_CALL) {
            List<String> some = tagged.subList(from, Math.min(from + RESOURCES_A_CALL, tagged.size()));
            survey.leaf(
                    Action.TAGS,
                    region,
                    from == 0 ? "" : String.valueOf(from / RESOURCES_A_CALL + 1),
                    () -> List.of(balancers.describeTags(request -> request.resourceArns(some))));
        }
    }

    private void of(LoadBalancer balancer, List<String> tagged) {
        String arn = balancer.loadBalancerArn();
        String name = balancer.loadBalancerName();
        if (arn == null || name == null) {
            return;
        }
        tagged.add(arn);
        survey.leaf(
                Action.LOAD_BALANCER_ATTRIBUTES,
                region,
                name,
                () -> List.of(balancers.describeLoadBalancerAttributes(request -> request.loadBalancerArn(arn))));
        survey.later(() -> survey.list(
                Action.LISTENERS,
                region,
                name,
                () -> balancers.describeListenersPaginator(
                        request -> request.loadBalancerArn(arn).pageSize(PAGE)),
                item -> of(balancer, (Listener) item)));
    }

    private void of(LoadBalancer balancer, Listener listener) {
        String arn = listener.listenerArn();
        if (arn == null) {
            return;
        }
        String key = arn.substring(arn.lastIndexOf('/') + 1);
        survey.leaf(
                Action.RULES,
                region,
                key,
                () -> balancers.describeRulesPaginator(
                        request -> request.listenerArn(arn).pageSize(PAGE)));
        if (balancer.type() == LoadBalancerTypeEnum.NETWORK) {
            survey.leaf(
                    Action.LISTENER_ATTRIBUTES,
                    region,
                    key,
                    () -> List.of(balancers.describeListenerAttributes(request -> request.listenerArn(arn))));
        }
    }

    private void of(TargetGroup group, List<String> tagged) {
        String arn = group.targetGroupArn();
        String name = group.targetGroupName();
        if (arn == null || name == null) {
            return;
        }
        tagged.add(arn);
        survey.leaf(
                Action.TARGET_GROUP_ATTRIBUTES,
                region,
                name,
                () -> List.of(balancers.describeTargetGroupAttributes(request -> request.targetGroupArn(arn))));
        survey.leaf(
                Action.TARGET_HEALTH,
                region,
                name,
                () -> List.of(balancers.describeTargetHealth(request -> request.targetGroupArn(arn))));
    }

    private void of(LoadBalancerDescription balancer) {
        String name = balancer.loadBalancerName();
        if (name != null) {
            survey.leaf(
                    Action.CLASSIC_INSTANCE_HEALTH,
                    region,
                    name,
                    () -> List.of(classic.describeInstanceHealth(request -> request.loadBalancerName(name))));
        }
    }
}
