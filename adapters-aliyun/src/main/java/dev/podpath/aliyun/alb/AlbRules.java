package dev.podpath.aliyun.alb;

import dev.podpath.aliyun.response.Api;
import dev.podpath.core.location.Flow;
import dev.podpath.core.location.HttpRequest;
import dev.podpath.core.resolve.HopDraft;
import dev.podpath.core.resolve.Resolution;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.Evidence;
import dev.podpath.core.trace.Target;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * Chooses the rule of an ALB listener: the lowest priority number whose conditions all match, else the listener's default
 * actions; then does what its actions say, in their order (ListRules, RuleActions).
 */
final class AlbRules {
    private static final Vector<String> PASSING =
            Vector.of("InsertHeader", "RemoveHeader", "TrafficMirror", "TrafficLimit", "Cors");

    private final Balancers balancers;
    private final Balancer lb;
    private final Listener listener;
    private final HopDraft notes;
    private final GroupForwarding forwarding;

    AlbRules(Balancers balancers, Balancer lb, Listener listener, HopDraft notes, GroupForwarding forwarding) {
        this.balancers = balancers;
        this.lb = lb;
        this.listener = listener;
        this.notes = notes;
        this.forwarding = forwarding;
    }

    Resolution choose(Flow flow) {
        Option<Vector<Json>> rules = balancers.rules(listener);
        if (rules.isEmpty()) {
            return notes.unknown(Decision.unknown(
                    "the forwarding rules of the " + listener + " were not captured",
                    balancers.responses().missing(Api.ALB_RULES, Option.some(lb.region()), "", "")));
        }
        AlbConditions conditions = new AlbConditions(flow);
        for (Json rule : rules.get()) {
            Evidence evidence = rule.evidence("RuleId", "RuleName", "Priority", "RuleStatus", "RuleConditions");
            Option<Boolean> match = conditions.match(rule.items("RuleConditions"));
            if (match.contains(false)) {
                continue;
            }
            String status = rule.textOr("Available", "RuleStatus");
            if (!status.equalsIgnoreCase("Available")) {
                notes.add(Decision.skipped("rule " + name(rule) + " is " + status + ", not in force", evidence));
                continue;
            }
            if (match.isEmpty()) {
                return notes.unknown(Decision.unknown(
                                "whether rule " + name(rule) + " of the " + listener
                                        + " matches depends on what is not known of the request; pass it with --from, -H or a URL")
                        .with(Vector.of(evidence)));
            }
            notes.add(Decision.chose(
                    "rule " + name(rule) + ", the first by priority that matches " + about(flow), evidence));
            return act(rule.items("RuleActions"), flow, evidence);
        }
        notes.add(Decision.skipped("none of " + rules.get().size() + " rules matches " + about(flow)
                + ": the listener's default actions are done"));
        Json actions = listener.json().at("DefaultActions");
        return act(actions.items(), flow, actions.evidence());
    }

    private static String about(Flow flow) {
        return flow.http().map(HttpRequest::toString).getOrElse("the connection");
    }

    private static String name(Json rule) {
        return rule.textOr("", "RuleId") + " (priority "
                + rule.integer("Priority").map(p -> Integer.toString(p)).getOrElse("none") + ")";
    }

    private Resolution act(Vector<Json> actions, Flow start, Evidence evidence) {
        Flow flow = start;
        Vector<Json> ordered = actions.sortBy(action -> action.integer("Order").getOrElse(Integer.MAX_VALUE));
        for (Json action : ordered) {
            String type = action.textOr("", "Type");
            if (type.equals("ForwardGroup")) {
                return forwarding.to(groups(action.at("ForwardGroupConfig")), flow);
            }
            if (type.equals("Redirect")) {
                return redirect(action.at("RedirectConfig"), flow);
            }
            if (type.equals("FixedResponse")) {
                String code = action.text("FixedResponseConfig", "HttpCode").getOrElse("");
                return notes.ends(
                        Disposition.FIXED_RESPONSE,
                        Decision.chose("the listener answers by itself with " + code, action.evidence()),
                        Target.builder().answer(Option.some(code)).build());
            }
            if (type.equals("Rewrite") && flow.http().isDefined()) {
                HttpRequest old = flow.http().get();
                Json config = action.at("RewriteConfig");
                HttpRequest rewritten = old.to(part(config, "Host", "${host}", old.host()), pathAndQuery(config, old));
                notes.add(Decision.chose("the request becomes " + rewritten, action.evidence()));
                flow = flow.with(rewritten);
            } else if (PASSING.contains(type)) {
                notes.add(Decision.found(
                        "action " + type + " does not change where the request goes", action.evidence()));
            } else {
                return notes.unknown(Decision.unknown("action '" + type + "' is not modelled")
                        .with(Vector.of(action.evidence())));
            }
        }
        return notes.unknown(Decision.unknown("the actions name no server group and no answer")
                .with(Vector.of(evidence)));
    }

    private static Vector<GroupForwarding.Weighted> groups(Json config) {
        Vector<Json> tuples = config.items("ServerGroupTuples");
        return tuples.map(tuple -> new GroupForwarding.Weighted(
                tuple.textOr("", "ServerGroupId"), tuple.integer("Weight").getOrElse(tuples.size() == 1 ? 1 : 100)));
    }

    private static String part(Json config, String field, String same, String old) {
        String wanted = config.textOr(same, field);
        return wanted.isBlank() ? old : wanted.replace(same, old);
    }

    private static String pathAndQuery(Json config, HttpRequest old) {
        int mark = old.path().indexOf('?');
        String path = part(
                config, "Path", "${path}", mark < 0 ? old.path() : old.path().substring(0, mark));
        String query =
                part(config, "Query", "${query}", mark < 0 ? "" : old.path().substring(mark + 1));
        return query.isEmpty() ? path : path + "?" + query;
    }

    private Resolution redirect(Json config, Flow flow) {
        String oldScheme = listener.secure() ? "https" : "http";
        String scheme = part(config, "Protocol", "${protocol}", oldScheme).toLowerCase(java.util.Locale.ROOT);
        String port = part(config, "Port", "${port}", Integer.toString(listener.first()));
        HttpRequest old = flow.http().getOrElse(() -> new HttpRequest(oldScheme, "HOST", "/"));
        boolean usual = port.equals(scheme.equals("https") ? "443" : "80");
        String url = scheme + "://" + part(config, "Host", "${host}", old.host()) + (usual ? "" : ":" + port)
                + pathAndQuery(config, old);
        String code = config.text("HttpCode").map(c -> c + " ").getOrElse("");
        return notes.ends(
                Disposition.REDIRECTED,
                Decision.denied("the listener redirects to " + url, config.evidence()),
                Target.builder().answer(Option.some(code + url)).build());
    }
}
