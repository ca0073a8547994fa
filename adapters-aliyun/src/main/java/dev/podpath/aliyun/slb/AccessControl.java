package dev.podpath.aliyun.slb;

import dev.podpath.aliyun.response.Api;
import dev.podpath.core.finding.Finding;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.IpPrefix;
import dev.podpath.core.resolve.HopDraft;
import dev.podpath.core.resolve.Resolution;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.Evidence;
import dev.podpath.core.trace.Missing;
import dev.podpath.ports.snapshot.Json;
import io.vavr.Tuple2;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * Whether a listener's access control lets a client in. The lists of a listener count as one. White: only listed
 * addresses pass; black: only listed addresses do not. An empty white list is undecided, because the documentation says
 * both that it forwards everything and that it forwards nothing.
 */
final class AccessControl {
    private final Slb slb;
    private final LoadBalancer lb;
    private final Listener listener;
    private final HopDraft notes;

    AccessControl(Slb slb, LoadBalancer lb, Listener listener, HopDraft notes) {
        this.slb = slb;
        this.lb = lb;
        this.listener = listener;
        this.notes = notes;
    }

    /** Ends the path where the client is stopped or it cannot be told; empty where it passes. */
    Option<Resolution> check(Option<IpAddress> client) {
        Evidence setting = listener.evidence("AclStatus", "AclType", "AclId", "AclIds");
        if (!listener.isOn("AclStatus")) {
            notes.add(Decision.skipped("access control of the " + listener + " is off", setting));
            return Option.none();
        }
        String type = listener.text("AclType").getOrElse("");
        boolean white = type.equalsIgnoreCase("white");
        if (!white && !type.equalsIgnoreCase("black")) {
            return undecided("access control is on, but its type is '" + type + "', neither white nor black", setting);
        }
        Vector<String> ids = listener.accessLists();
        if (ids.isEmpty()) {
            return undecided("access control is on, but the listener names no list", setting);
        }
        Vector<String> absent = ids.filter(id -> slb.accessList(id).isEmpty());
        Vector<AccessControlList> lists = ids.flatMap(slb::accessList);
        return decide(white, client, lists, absent, setting);
    }

    private Option<Resolution> decide(
            boolean white,
            Option<IpAddress> client,
            Vector<AccessControlList> lists,
            Vector<String> absent,
            Evidence setting) {
        Option<Tuple2<IpPrefix, Json>> match = match(client, lists);
        String who = client.map(IpAddress::toString).getOrElse("any client");
        String what = (white ? "white" : "black") + " list "
                + lists.map(AccessControlList::id).mkString(", ");
        if (match.isDefined()) {
            Evidence entry = match.get()._2().evidence();
            String text = who + " is in entry " + match.get()._1() + " of the " + what;
            return white ? allowed(text, entry, setting) : denied(text, Vector.of(entry, setting));
        }
        if (!absent.isEmpty()) {
            return Option.some(notes.unknown(Decision.unknown(
                            "access control list " + absent.head() + " of the " + listener + " was not captured",
                            absent.map(id -> slb.responses()
                                            .missing(Api.ACL, Option.some(lb.region()), id, "--AclId " + id))
                                    .toJavaArray(Missing[]::new))
                    .with(Vector.of(setting))));
        }
        if (lists.exists(list -> !list.whole())) {
            return undecided("the " + what + " was not captured or understood as a whole", setting);
        }
        boolean empty = lists.forAll(list -> list.entries().isEmpty());
        if (empty && white) {
            return undecided(
                    "the " + what + " is empty; the documentation says both that the listener then forwards "
                            + "everything and that it forwards nothing",
                    setting);
        }
        if (empty) {
            return allowed("the " + what + " is empty", lists.head().evidence(), setting);
        }
        if (client.isEmpty()) {
            return undecided(
                    "the " + what + " decides by the client's address, which is not known; pass it with --from",
                    setting);
        }
        String text = who + " is in no entry of the " + what;
        return white
                ? denied(text, lists.map(AccessControlList::evidence).append(setting))
                : allowed(text, lists.head().evidence(), setting);
    }

    /** The entry that holds the client; for a client that is not known, one that holds every address. */
    private Option<Tuple2<IpPrefix, Json>> match(Option<IpAddress> client, Vector<AccessControlList> lists) {
        return client.isDefined()
                ? lists.flatMap(list -> list.match(client.get()))
                        .maxBy(entry -> entry._1().length())
                : lists.flatMap(list -> list.matchAll(lb.address().isV6())).headOption();
    }

    private Option<Resolution> allowed(String text, Evidence... evidence) {
        notes.add(Decision.allowed(text, evidence));
        return Option.none();
    }

    private Option<Resolution> denied(String text, Vector<Evidence> evidence) {
        notes.add(new Finding(
                SlbFindings.DENIED,
                SlbFindings.DENIED.severity(),
                "the " + listener + " of " + lb.label() + " drops the client: " + text,
                evidence));
        return Option.some(notes.ends(Disposition.DROPPED, Decision.denied(text).with(evidence)));
    }

    private Option<Resolution> undecided(String text, Evidence setting) {
        return Option.some(notes.unknown(Decision.unknown(text).with(Vector.of(setting))));
    }
}
