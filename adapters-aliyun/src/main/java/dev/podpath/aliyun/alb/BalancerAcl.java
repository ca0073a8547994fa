package dev.podpath.aliyun.alb;

import dev.podpath.aliyun.response.Api;
import dev.podpath.aliyun.slb.SlbFindings;
import dev.podpath.core.finding.Finding;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.IpPrefix;
import dev.podpath.core.resolve.HopDraft;
import dev.podpath.core.resolve.Resolution;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.Evidence;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/** Whether a listener's access control (AclConfig) lets a client in; its lists count as one, as those of a CLB listener. */
final class BalancerAcl {
    private final Balancers balancers;
    private final Balancer lb;
    private final Listener listener;
    private final HopDraft notes;

    BalancerAcl(Balancers balancers, Balancer lb, Listener listener, HopDraft notes) {
        this.balancers = balancers;
        this.lb = lb;
        this.listener = listener;
        this.notes = notes;
    }

    Option<Resolution> check(Option<IpAddress> client) {
        if (lb.kind() != Kind.ALB) {
            return Option.none();
        }
        if (!balancers.knowsAccessControl(listener)) {
            return Option.some(notes.unknown(Decision.unknown(
                    "whether the " + listener + " has access control was not captured",
                    balancers
                            .responses()
                            .missing(
                                    Api.ALB_LISTENER,
                                    Option.some(lb.region()),
                                    listener.id(),
                                    "--ListenerId " + listener.id()))));
        }
        Json config = listener.json().at("AclConfig");
        Vector<String> ids = config.items("AclRelations")
                .reject(relation -> relation.textOr("Associated", "Status").equalsIgnoreCase("Dissociating"))
                .flatMap(relation -> relation.text("AclId"));
        if (ids.isEmpty()) {
            notes.add(Decision.skipped("the " + listener + " has no access control", listener.evidence()));
            return Option.none();
        }
        String type = config.textOr("", "AclType");
        boolean white = type.equalsIgnoreCase("white");
        if (!white && !type.equalsIgnoreCase("black")) {
            return open("access control is of type '" + type + "', neither white nor black", config.evidence());
        }
        Option<String> absent = ids.find(id -> balancers.accessList(id).isEmpty());
        if (absent.isDefined()) {
            return Option.some(notes.unknown(Decision.unknown(
                    "access control list " + absent.get() + " was not captured",
                    balancers
                            .responses()
                            .missing(Api.ALB_ACL, Option.some(lb.region()), absent.get(), "--AclId " + absent.get()))));
        }
        return decide(white, client, ids.flatMap(id -> balancers.accessList(id).get()), config.evidence());
    }

    private Option<Resolution> decide(boolean white, Option<IpAddress> client, Vector<Json> entries, Evidence setting) {
        String list = (white ? "white" : "black") + " list";
        if (entries.isEmpty()) {
            return white
                    ? open("the white list is empty, and what that means is not documented clearly", setting)
                    : passes("the black list is empty", setting);
        }
        if (entries.exists(entry -> prefix(entry).isEmpty())) {
            return open("the " + list + " has an entry that is no range of addresses", setting);
        }
        Option<Json> everyone = entries.find(entry -> prefix(entry).exists(range -> range.length() == 0));
        if (client.isEmpty() && everyone.isEmpty()) {
            return open(
                    "the " + list + " decides by the client's address, which is not known; pass it with --from",
                    setting);
        }
        Option<Json> match = client.isEmpty()
                ? everyone
                : entries.find(entry -> prefix(entry).exists(range -> range.contains(client.get())));
        String who = client.map(IpAddress::toString).getOrElse("any client");
        String text = who + (match.isDefined() ? " is in the " : " is in no entry of the ") + list;
        Evidence evidence = match.map(Json::evidence).getOrElse(setting);
        if (match.isDefined() == white) {
            return passes(text, evidence);
        }
        notes.add(Finding.of(
                SlbFindings.DENIED, "the " + listener + " of " + lb.label() + " drops the client: " + text, evidence));
        return Option.some(notes.ends(Disposition.DROPPED, Decision.denied(text, evidence, setting)));
    }

    private static Option<IpPrefix> prefix(Json entry) {
        return entry.text("Entry").map(String::strip).flatMap(IpPrefix::parse);
    }

    private Option<Resolution> passes(String text, Evidence evidence) {
        notes.add(Decision.allowed(text, evidence));
        return Option.none();
    }

    private Option<Resolution> open(String text, Evidence evidence) {
        return Option.some(notes.unknown(Decision.unknown(text).with(Vector.of(evidence))));
    }
}
