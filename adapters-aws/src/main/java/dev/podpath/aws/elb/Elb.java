package dev.podpath.aws.elb;

import dev.podpath.aws.document.Operation;
import dev.podpath.aws.document.Response;
import dev.podpath.aws.document.Responses;
import dev.podpath.aws.ec2.Ec2;
import dev.podpath.aws.ec2.NetworkInterface;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.trace.Evidence;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Load balancers of all generations with what belongs to them, indexed once. */
public final class Elb {
    /** How the id of a classic load balancer begins in a location; an ARN begins otherwise. */
    static final String CLASSIC = "classic/";

    private final Responses responses;
    private final Ec2 ec2;
    private final Map<String, LoadBalancer> byArn = new LinkedHashMap<>();
    private final Map<String, ClassicLoadBalancer> classics = new LinkedHashMap<>();
    private final Map<String, String> idByDnsName = new HashMap<>();
    private final Map<IpAddress, Owner> byAddress = new HashMap<>();
    private final Map<String, List<Listener>> listeners = new HashMap<>();
    private final Map<String, List<ListenerRule>> rules = new HashMap<>();
    private final Map<String, TargetGroup> targetGroups = new HashMap<>();

    private Elb(Responses responses, Ec2 ec2) {
        this.responses = responses;
        this.ec2 = ec2;
    }

    /** Indexes what was captured. */
    public static Elb of(Responses responses, Ec2 ec2) {
        Elb elb = new Elb(responses, ec2);
        responses.items(Operation.LOAD_BALANCERS).map(LoadBalancer::new).forEach(elb::add);
        responses
                .items(Operation.CLASSIC_LOAD_BALANCERS)
                .map(ClassicLoadBalancer::new)
                .forEach(elb::add);
        responses
                .items(Operation.LISTENERS)
                .forEach(json -> json.text("LoadBalancerArn")
                        .forEach(arn -> elb.listeners
                                .computeIfAbsent(arn, a -> new ArrayList<>())
                                .add(new Listener(json))));
        responses
                .items(Operation.RULES)
                .forEach(json -> json.text("RuleArn")
                        .flatMap(Elb::listenerOf)
                        .forEach(arn -> elb.rules
                                .computeIfAbsent(arn, a -> new ArrayList<>())
                                .add(ListenerRule.of(json))));
        responses
                .items(Operation.TARGET_GROUPS)
                .map(TargetGroup::new)
                .forEach(group -> elb.targetGroups.putIfAbsent(group.arn().text(), group));
        return elb;
    }

    /** The form names of load balancers are compared in: lower case, without trailing dot and {@code dualstack.}. */
    public static String plainName(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        String undotted = lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
        return undotted.startsWith("dualstack.") ? undotted.substring("dualstack.".length()) : undotted;
    }

    /** Whether a name is of the kind load balancers are published under. */
    public static boolean isElbName(String name) {
        String plain = plainName(name);
        return (plain.endsWith(".amazonaws.com") || plain.endsWith(".amazonaws.com.cn")) && plain.contains(".elb.");
    }

    /** Whether a load balancer of this name would have been captured, if there was one: its region was. */
    public boolean wouldHave(String name) {
        Vector<String> labels = Vector.of(plainName(name).split("\\.", -1));
        return !responses.isTruncated(Operation.LOAD_BALANCERS)
                && !responses.isTruncated(Operation.CLASSIC_LOAD_BALANCERS)
                && responses
                        .of(Operation.LOAD_BALANCERS)
                        .appendAll(responses.of(Operation.CLASSIC_LOAD_BALANCERS))
                        .exists(response -> labels.contains(response.region()));
    }

    /** The load balancer published under this name: its id in a location, and the place in its document. */
    public Option<Named> named(String dnsName) {
        return Option.of(idByDnsName.get(plainName(dnsName)))
                .map(id -> new Named(
                        id,
                        loadBalancer(id)
                                .map(LoadBalancer::evidence)
                                .orElse(classic(id).map(ClassicLoadBalancer::evidence))
                                .get()));
    }

    /**
     * The addresses that DNS gives for a load balancer: public ones of one that faces the Internet, private ones of an
     * internal one; as far as they were captured.
     */
    public Vector<IpAddress> published(String id) {
        boolean internal = loadBalancer(id)
                .map(LoadBalancer::isInternal)
                .orElse(classic(id).map(ClassicLoadBalancer::isInternal))
                .getOrElse(false);
        return addresses(id)
                .map(LoadBalancer.Front::address)
                .filter(address -> address.isPublic() != internal && !address.isV6())
                .distinct();
    }

    /** Every address of a load balancer that was captured. */
    Vector<LoadBalancer.Front> addresses(String id) {
        String path = loadBalancer(id)
                .map(lb -> lb.arn().path())
                .getOrElse(id.startsWith(CLASSIC) ? id.substring(CLASSIC.length()) : id);
        Vector<LoadBalancer.Front> own =
                loadBalancer(id).map(LoadBalancer::addresses).getOrElse(Vector.empty());
        return own.appendAll(ec2.ofLoadBalancer(path).flatMap(Elb::fronts)).distinctBy(LoadBalancer.Front::address);
    }

    /** The private addresses a load balancer connects to its targets from. */
    Vector<LoadBalancer.Front> inside(String id) {
        return addresses(id)
                .filter(front -> front.address().isV6()
                        || !front.address().isPublic()
                        || ec2.interfaceAt(front.address()).isDefined());
    }

    /** Whose address this is. */
    Option<Owner> at(IpAddress address) {
        return Option.of(byAddress.get(address));
    }

    Option<LoadBalancer> loadBalancer(String arn) {
        return Option.of(byArn.get(arn));
    }

    Option<ClassicLoadBalancer> classic(String id) {
        return Option.of(classics.get(id));
    }

    /** The listeners of a load balancer; empty where they were not captured. */
    Option<Vector<Listener>> listeners(LoadBalancer balancer) {
        List<Listener> found = listeners.get(balancer.arn().text());
        boolean captured = found != null
                || responses.about(Operation.LISTENERS, balancer.arn()).isDefined();
        return captured ? Option.some(Vector.ofAll(found == null ? List.of() : found)) : Option.none();
    }

    /** The rules of a listener; empty where they were not captured. */
    Option<Vector<ListenerRule>> rules(Listener listener) {
        return Option.of(rules.get(listener.arn().text())).map(Vector::ofAll);
    }

    Option<TargetGroup> targetGroup(String arn) {
        return Option.of(targetGroups.get(arn));
    }

    /** The targets of a group; empty where they were not captured. */
    Option<Response> health(TargetGroup group) {
        return responses.about(Operation.TARGET_HEALTH, group.arn());
    }

    Option<Response> health(ClassicLoadBalancer balancer) {
        return responses.keyed(Operation.CLASSIC_INSTANCE_HEALTH, balancer.name());
    }

    Attributes attributes(TargetGroup group) {
        return new Attributes(responses.about(Operation.TARGET_GROUP_ATTRIBUTES, group.arn()));
    }

    Attributes attributes(LoadBalancer balancer) {
        return new Attributes(responses.about(Operation.LOAD_BALANCER_ATTRIBUTES, balancer.arn()));
    }

    Attributes attributes(Listener listener) {
        return new Attributes(responses.about(Operation.LISTENER_ATTRIBUTES, listener.arn()));
    }

    /** The target groups of a load balancer: those that say so, and those its listeners and rules forward to. */
    Vector<TargetGroup> groups(LoadBalancer balancer) {
        String arn = balancer.arn().text();
        Vector<Json> actions = listeners(balancer)
                .getOrElse(Vector.empty())
                .flatMap(listener -> listener.json()
                        .items("DefaultActions")
                        .appendAll(rules(listener)
                                .getOrElse(Vector.empty())
                                .flatMap(rule -> rule.json().items("Actions"))));
        Vector<String> forwarded = actions.flatMap(action -> action.text("TargetGroupArn")
                .toVector()
                .appendAll(
                        action.items("ForwardConfig", "TargetGroups").flatMap(group -> group.text("TargetGroupArn"))));
        return Vector.ofAll(targetGroups.values())
                .filter(group -> forwarded.contains(group.arn().text())
                        || group.json()
                                .items("LoadBalancerArns")
                                .exists(id -> id.text().contains(arn)))
                .sortBy(TargetGroup::name);
    }

    /**
     * Whether an alias that evaluates its target's health takes this load balancer for healthy: each of its target groups
     * has a healthy target, or an instance of a classic load balancer is in service (Route 53 API, {@code
     * AliasTarget.EvaluateTargetHealth}). Empty where what it takes to tell was not captured.
     */
    public Option<Evaluated> evaluated(String id) {
        Option<ClassicLoadBalancer> classic = classic(id);
        if (classic.isDefined()) {
            return health(classic.get()).map(states -> {
                int serving =
                        states.items().count(state -> state.textOr("", "State").equals("InService"));
                return new Evaluated(
                        serving > 0,
                        serving + " of " + states.items().size() + " instances are in service",
                        states.body().evidence("InstanceStates"));
            });
        }
        Option<LoadBalancer> balancer = loadBalancer(id);
        if (balancer.isEmpty() || listeners(balancer.get()).isEmpty()) {
            return Option.none();
        }
        Vector<TargetGroup> groups = groups(balancer.get());
        Vector<Option<Response>> states = groups.map(this::health);
        if (groups.isEmpty() || states.exists(Option::isEmpty)) {
            return Option.none();
        }
        for (int i = 0; i < groups.size(); i++) {
            Response read = states.get(i).get();
            if (!read.items()
                    .exists(target -> target.text("TargetHealth", "State").contains("healthy"))) {
                return Option.some(new Evaluated(
                        false,
                        "no target of group " + groups.get(i).name() + " is healthy",
                        read.body().evidence(Operation.TARGET_HEALTH.field())));
            }
        }
        return Option.some(new Evaluated(
                true,
                "a target is healthy in each of its target groups, "
                        + groups.map(TargetGroup::name).mkString(", "),
                states.head().get().body().evidence(Operation.TARGET_HEALTH.field())));
    }

    private void add(LoadBalancer balancer) {
        String arn = balancer.arn().text();
        if (arn.isEmpty() || byArn.putIfAbsent(arn, balancer) != null) {
            return;
        }
        balancer.dnsName().forEach(name -> idByDnsName.putIfAbsent(name, arn));
        index(arn);
    }

    private void add(ClassicLoadBalancer balancer) {
        String id = CLASSIC + balancer.name();
        if (classics.putIfAbsent(id, balancer) == null) {
            balancer.dnsName().forEach(name -> idByDnsName.putIfAbsent(name, id));
            index(id);
        }
    }

    private void index(String id) {
        addresses(id).forEach(front -> byAddress.putIfAbsent(front.address(), new Owner(id, front.zone())));
    }

    private static Vector<LoadBalancer.Front> fronts(NetworkInterface eni) {
        return eni.addresses()
                .flatMap(assigned -> Vector.of(assigned.address()).appendAll(assigned.publicAddress()))
                .map(address -> new LoadBalancer.Front(address, eni.zone()));
    }

    /** The ARN of a rule is its listener's with one segment more and another type. */
    private static Option<String> listenerOf(String ruleArn) {
        int end = ruleArn.lastIndexOf('/');
        return end < 0 || !ruleArn.contains(":listener-rule/")
                ? Option.none()
                : Option.some(ruleArn.substring(0, end).replace(":listener-rule/", ":listener/"));
    }

    /**
     * A load balancer found by its name.
     *
     * @param id its id in a {@link dev.podpath.core.location.LoadBalancerPort}
     * @param evidence its place in the document
     */
    public record Named(String id, Evidence evidence) {}

    /**
     * What evaluating the health of an alias target comes to.
     *
     * @param healthy whether it is taken for healthy
     * @param why what that rests on
     * @param evidence its place
     */
    public record Evaluated(boolean healthy, String why, Evidence evidence) {}

    /**
     * The load balancer an address belongs to.
     *
     * @param id its id
     * @param zone the zone of the address
     */
    record Owner(String id, Option<String> zone) {}
}
