package dev.podpath.aws.elb;

import dev.podpath.aws.ec2.Ec2;
import dev.podpath.core.location.Ending;
import dev.podpath.core.location.Flow;
import dev.podpath.core.location.HttpRequest;
import dev.podpath.core.resolve.HopDraft;
import dev.podpath.core.trace.Branch;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.HopKind;
import dev.podpath.core.trace.Share;
import dev.podpath.core.trace.Target;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/** Carries out the actions of a rule (ELBv2 API {@code Action}). */
final class Actions {
    private static final Vector<String> AUTHENTICATION =
            Vector.of("authenticate-oidc", "authenticate-cognito", "jwt-validation");

    private final Elb elb;
    private final Ec2 ec2;
    private final Bindings bindings;
    private final LoadBalancer balancer;
    private final Listener listener;
    private final Entry entry;
    private final BoundedRegex regex;
    private final HopDraft draft;

    Actions(
            Elb elb,
            Ec2 ec2,
            Bindings bindings,
            LoadBalancer balancer,
            Listener listener,
            Entry entry,
            BoundedRegex regex,
            HopDraft draft) {
        this.elb = elb;
        this.ec2 = ec2;
        this.bindings = bindings;
        this.balancer = balancer;
        this.listener = listener;
        this.entry = entry;
        this.regex = regex;
        this.draft = draft;
    }

    /** The ways on, or one that ends at once. */
    Vector<Branch> branches(ListenerRule rule) {
        for (Json action : rule.actions()) {
            String type = action.textOr("", "Type");
            if (AUTHENTICATION.contains(type)) {
                draft.add(
                        Decision.found(rule.title() + " first carries out " + type, action.evidence("Type", "Order")));
                draft.assume("the request passes " + type);
                continue;
            }
            return switch (type) {
                case "forward" -> forward(rule, action);
                case "redirect" -> redirect(action);
                case "fixed-response" -> fixedResponse(action);
                default -> unknown("action '" + type + "' of " + rule.title() + " is not known");
            };
        }
        return unknown(rule.title() + " has no action that ends the decision");
    }

    private Vector<Branch> redirect(Json action) {
        Json config = action.at("RedirectConfig");
        Option<HttpRequest> http = entry.flow().http();
        if (http.isEmpty()) {
            return unknown("where the redirect leads depends on the HTTP request, which is not known");
        }
        String answer = Redirect.status(config) + " " + Redirect.url(config, http.get(), entry.port());
        return ends(
                Disposition.REDIRECTED,
                "redirect: " + answer,
                answer.strip(),
                Decision.chose("the client is told to ask " + answer, config.evidence()));
    }

    private Vector<Branch> fixedResponse(Json action) {
        Json config = action.at("FixedResponseConfig");
        String status = config.textOr("", "StatusCode");
        return ends(
                Disposition.FIXED_RESPONSE,
                "fixed response " + status,
                status,
                Decision.chose("the load balancer answers " + status + " itself", config.evidence()));
    }

    private Vector<Branch> forward(ListenerRule rule, Json action) {
        Vector<Json> listed = action.items("ForwardConfig", "TargetGroups");
        Vector<Json> weighted = listed.isEmpty() ? Vector.of(action) : listed;
        if (weighted.size() > 1) {
            weighted = weighted.distinctBy(json -> json.textOr("", "TargetGroupArn"));
        }
        Option<Flow> onward = rewritten(rule);
        if (onward.isEmpty()) {
            return unknown("what the transforms of " + rule.title() + " make of the request cannot be told");
        }
        Option<Vector<Share>> shares = shares(weighted.map(json -> json.integer("Weight")));
        if (shares.isEmpty()) {
            return unknown("the weights of the target groups of " + rule.title() + " are missing, 0 or out of range");
        }
        boolean sticky =
                action.isTrue("ForwardConfig", "TargetGroupStickinessConfig", "Enabled") && weighted.size() > 1;
        Vector<Branch> all = Vector.empty();
        for (int i = 0; i < weighted.size(); i++) {
            Json group = weighted.get(i);
            Share share = shares.get().get(i);
            String arn = group.textOr("", "TargetGroupArn");
            if (share.isNone()) {
                draft.add(Decision.skipped("target group " + arn + " has weight 0 and gets nothing", group.evidence()));
                continue;
            }
            if (weighted.size() > 1) {
                draft.add(Decision.chose(share + " of requests go to target group " + arn, group.evidence()));
            }
            Vector<Branch> ways =
                    new Forwarding(elb, ec2, bindings, balancer, listener, entry, onward.get(), draft).branches(arn);
            all = all.appendAll(ways.map(way -> new Branch(
                    way.to(),
                    share.then(way.share()),
                    sticky ? join("without a cookie that names a target group", way.condition()) : way.condition())));
        }
        return all;
    }

    /** The parts of several groups by weight (0 to 999); empty where they are not defined. A single group gets all. */
    static Option<Vector<Share>> shares(Vector<Option<Integer>> weights) {
        if (weights.size() == 1) {
            boolean none = weights.head().contains(0);
            return none ? Option.none() : Option.some(Vector.of(Share.all()));
        }
        boolean defined = weights.forAll(weight -> weight.exists(w -> w >= 0 && w <= 999));
        long total =
                weights.flatMap(weight -> weight).map(Integer::longValue).sum().longValue();
        return defined && total > 0 ? Option.some(weights.map(weight -> Share.of(weight.get(), total))) : Option.none();
    }

    /** The request as targets see it; empty where the transforms cannot be evaluated. */
    private Option<Flow> rewritten(ListenerRule rule) {
        Option<HttpRequest> before = entry.flow().http();
        if (rule.transforms().isEmpty() || before.isEmpty()) {
            return Option.some(entry.flow());
        }
        Option<HttpRequest> after = Rewrites.apply(rule, before.get(), regex);
        after.filter(request -> !request.equals(before.get()))
                .forEach(request -> draft.add(Decision.found(
                        "the transforms of " + rule.title() + " make " + before.get() + " " + request,
                        rule.json().at("Transforms").evidence())));
        return after.map(entry.flow()::with);
    }

    private static Option<String> join(String first, Option<String> second) {
        return Option.some(second.map(text -> first + "; " + text).getOrElse(first));
    }

    private Vector<Branch> unknown(String why) {
        return ends(Disposition.UNKNOWN, why, "", Decision.unknown(why));
    }

    private static Vector<Branch> ends(Disposition disposition, String title, String answer, Decision why) {
        Target target = answer.isEmpty()
                ? Target.builder().build()
                : Target.builder().answer(Option.some(answer)).build();
        return Vector.of(Branch.all(new Ending(HopKind.LOAD_BALANCER, title, disposition, target, Vector.of(why))));
    }
}
