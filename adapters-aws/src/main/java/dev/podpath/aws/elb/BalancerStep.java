package dev.podpath.aws.elb;

import dev.podpath.aws.document.Operation;
import dev.podpath.aws.ec2.Ec2;
import dev.podpath.aws.ec2.NetworkAcls;
import dev.podpath.aws.ec2.SecurityGroups;
import dev.podpath.core.finding.Finding;
import dev.podpath.core.location.HttpRequest;
import dev.podpath.core.location.Vantage;
import dev.podpath.core.resolve.HopDraft;
import dev.podpath.core.resolve.Resolution;
import dev.podpath.core.trace.Branch;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.HopKind;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/** One connection at one application or network load balancer. */
final class BalancerStep {
    private static final int SHOWN = 10;

    private final Elb elb;
    private final Ec2 ec2;
    private final SecurityGroups groups;
    private final Bindings bindings;
    private final LoadBalancer balancer;
    private final Entry entry;
    private final HopDraft draft;
    private final Border border;

    BalancerStep(
            Elb elb,
            Ec2 ec2,
            SecurityGroups groups,
            NetworkAcls acls,
            Bindings bindings,
            LoadBalancer balancer,
            Entry arriving) {
        this.elb = elb;
        this.ec2 = ec2;
        this.groups = groups;
        this.bindings = bindings;
        this.balancer = balancer;
        boolean awayFromNode = arriving.vantage() instanceof Vantage.OnNode && !balancer.isInternal();
        this.entry = awayFromNode ? arriving.fromUnknown() : arriving;
        this.draft =
                new HopDraft(arriving.location(), HopKind.LOAD_BALANCER, balancer.title() + " port " + arriving.port());
        this.border = new Border(ec2, acls, entry, balancer.title(), draft);
        if (awayFromNode) {
            draft.limit("the way from the node to " + balancer.title()
                    + " is not walked, so the address it sees the client with is not known");
        }
    }

    Resolution run() {
        draft.add(Decision.found(
                entry.address().map(address -> address + " belongs to ").getOrElse("") + balancer.title(),
                balancer.evidence()));
        return state().orElse(() -> Gate.scheme(
                        balancer.isInternal(),
                        entry,
                        balancer.title(),
                        balancer.json().evidence("Scheme"),
                        draft))
                .orElse(() -> border.crossed(balancer.subnets()))
                .orElse(() ->
                        new Gate(groups, ec2).securityGroups(balancer.securityGroups(), entry, balancer.title(), draft))
                .getOrElse(this::listener);
    }

    private Option<Resolution> state() {
        String state = balancer.state().getOrElse("");
        if (state.equals("active_impaired")) {
            draft.limit(balancer.title() + " is in state active_impaired: it lacks resources to scale");
        } else if (state.isEmpty()) {
            draft.assume(balancer.title() + " is active");
        } else if (!state.equals("active")) {
            String why = balancer.title() + " is in state " + state + " and not active";
            draft.add(Decision.denied(why, balancer.json().evidence("State")));
            draft.add(Finding.of(ElbFindings.NOT_ACTIVE, why, balancer.json().evidence("State")));
            return Option.some(draft.ends(Disposition.BLACKHOLED));
        }
        return Option.none();
    }

    private Resolution listener() {
        if (!balancer.isApplication() && !balancer.isNetwork()) {
            draft.add(Decision.unknown("load balancers of type " + balancer.type() + " are not modelled"));
            return draft.ends(Disposition.UNKNOWN);
        }
        Option<Vector<Listener>> all = elb.listeners(balancer);
        if (all.isEmpty()) {
            draft.add(Decision.unknown(
                    "the listeners of " + balancer.title() + " were not captured",
                    Operation.LISTENERS.missing(
                            balancer.arn().region(),
                            balancer.name(),
                            balancer.arn().text())));
            return draft.ends(Disposition.UNKNOWN);
        }
        Option<Listener> found = all.get()
                .find(listener -> listener.port().contains(entry.port())
                        && listener.takes(entry.flow().protocol()));
        if (found.isEmpty()) {
            return noListener(all.get());
        }
        draft.add(Decision.found(
                balancer.title() + " has the " + found.get().title(),
                found.get().evidence()));
        return tls(found.get()).getOrElse(() -> rule(found.get()));
    }

    private Resolution noListener(Vector<Listener> all) {
        String wanted = entry.flow().protocol().lower() + " port " + entry.port();
        String text = balancer.title() + " has no listener for " + wanted + "; it has "
                + (all.isEmpty() ? "none" : all.take(SHOWN).map(Listener::title).mkString(", "));
        var shown = all.isEmpty() ? balancer.evidence() : all.head().evidence();
        draft.add(Decision.notFound(text, shown));
        draft.add(Finding.of(ElbFindings.NO_LISTENER, text, shown));
        draft.limit("whether a client of a port without listener is refused or gets no answer is not documented");
        return draft.ends(balancer.isNetwork() ? Disposition.DROPPED : Disposition.REJECTED);
    }

    /** The end where one side speaks TLS and the other does not. */
    private Option<Resolution> tls(Listener listener) {
        boolean web = balancer.isApplication() || listener.protocol().equals("TLS");
        Option<String> scheme = entry.flow().http().map(HttpRequest::scheme);
        boolean wrong = web && scheme.exists(s -> s.equals("https") != listener.endsTls());
        if (wrong) {
            String text = "the client speaks " + scheme.get() + " to the " + listener.title();
            draft.add(Decision.denied(text, listener.evidence()));
            draft.add(Finding.of(ElbFindings.TLS_MISMATCH, text, listener.evidence()));
            return Option.some(draft.ends(Disposition.REJECTED));
        }
        if (listener.endsTls()) {
            draft.assume("the client accepts the certificate of the " + listener.title());
        }
        String mutual = listener.json().text("MutualAuthentication", "Mode").getOrElse("off");
        if (!mutual.equals("off")) {
            draft.assume("the client presents a certificate that the " + listener.title() + " accepts");
        }
        return Option.none();
    }

    private Resolution rule(Listener listener) {
        BoundedRegex regex = new BoundedRegex();
        Conditions conditions = new Conditions(entry.flow(), regex);
        Option<Vector<ListenerRule>> captured = elb.rules(listener);
        if (captured.isEmpty() && balancer.isApplication()) {
            draft.add(Decision.unknown(
                    "the rules of the " + listener.title() + " were not captured",
                    Operation.RULES.missing(
                            balancer.arn().region(),
                            listener.arn().last(),
                            listener.arn().text())));
            return draft.ends(Disposition.UNKNOWN);
        }
        Vector<ListenerRule> rules = captured.getOrElse(Vector.empty());
        boolean complete = rules.exists(ListenerRule::isDefault);
        RuleChoice choice =
                RuleChoice.of(complete ? rules : rules.append(ListenerRule.defaultOf(listener)), conditions);
        if (!choice.passed().isEmpty()) {
            String passed = choice.passed()
                    .take(SHOWN)
                    .map(rule -> rule.title() + " (" + conditions.failed(rule) + ")")
                    .mkString(", ");
            draft.add(Decision.skipped("of the " + listener.title() + " the request does not match " + passed
                            + (choice.passed().size() > SHOWN ? " …" : ""))
                    .with(choice.passed().take(SHOWN).map(ListenerRule::evidence)));
        }
        if (conditions.methodAssumed()) {
            draft.assume("the method of the request is GET");
        }
        if (choice.chosen().isEmpty()) {
            return openRule(listener, choice, conditions, regex);
        }
        ListenerRule rule = choice.chosen().get();
        draft.add(Decision.chose(
                rule.title() + " of the " + listener.title() + (rule.isDefault() ? " applies" : " matches"),
                rule.evidence()));
        Actions actions = new Actions(elb, ec2, bindings, balancer, listener, entry, regex, draft);
        return draft.goes(border.goes(actions.branches(rule)));
    }

    /** What decides is not known: every rule it may be is shown, none is taken. */
    private Resolution openRule(Listener listener, RuleChoice choice, Conditions conditions, BoundedRegex regex) {
        Vector<ListenerRule> candidates = choice.candidates();
        draft.add(Decision.unknown("which rule of the " + listener.title() + " the request meets depends on "
                        + candidates
                                .map(conditions::open)
                                .filter(text -> !text.isEmpty())
                                .distinct()
                                .take(SHOWN)
                                .mkString("; ")
                        + ", which the request does not say")
                .with(candidates.take(SHOWN).map(ListenerRule::evidence)));
        HopDraft unseen = new HopDraft(entry.location(), HopKind.LOAD_BALANCER, balancer.title());
        for (ListenerRule rule : candidates.take(SHOWN)) {
            String open = conditions.open(rule);
            String who = open.isEmpty() ? "a request that matches no such rule" : "a request with " + open;
            Vector<Branch> branches =
                    new Actions(elb, ec2, bindings, balancer, listener, entry, regex, unseen).branches(rule);
            branches.take(SHOWN).forEach(branch -> draft.aside(who, branch.to()));
        }
        return draft.ends(Disposition.UNKNOWN);
    }
}
