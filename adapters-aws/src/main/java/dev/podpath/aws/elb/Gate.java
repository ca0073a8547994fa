package dev.podpath.aws.elb;

import dev.podpath.aws.ec2.Ec2;
import dev.podpath.aws.ec2.Ec2Findings;
import dev.podpath.aws.ec2.Peer;
import dev.podpath.aws.ec2.SecurityGroups;
import dev.podpath.core.finding.Finding;
import dev.podpath.core.location.Vantage;
import dev.podpath.core.resolve.HopDraft;
import dev.podpath.core.resolve.Resolution;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.Evidence;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/** Whether a connection gets into a load balancer at all: its scheme and its security groups. */
final class Gate {
    private final SecurityGroups groups;
    private final Ec2 ec2;

    Gate(SecurityGroups groups, Ec2 ec2) {
        this.groups = groups;
        this.ec2 = ec2;
    }

    /** The end where the addresses cannot be reached from there. */
    static Option<Resolution> scheme(boolean internal, Entry entry, String title, Evidence shown, HopDraft draft) {
        if (internal && entry.vantage() instanceof Vantage.Internet) {
            String why = title + " is internal: its addresses are private and cannot be reached from the Internet";
            draft.add(Decision.denied(why, shown));
            draft.add(Finding.of(ElbFindings.INTERNAL, why, shown));
            return Option.some(draft.ends(Disposition.BLACKHOLED));
        }
        draft.add(Decision.allowed(title + " is " + (internal ? "internal" : "Internet-facing"), shown));
        return Option.none();
    }

    /** The end where the security groups do not let the connection in, or may not. */
    Option<Resolution> securityGroups(Option<Vector<String>> ids, Entry entry, String title, HopDraft draft) {
        if (ids.isEmpty()) {
            draft.limit("the security groups of " + title + " were not captured and are not evaluated");
            return Option.none();
        }
        if (ids.get().isEmpty()) {
            draft.add(Decision.skipped(title + " has no security groups, so every client reaches its listeners"));
            return Option.none();
        }
        Peer client = entry.flow().source().map(ec2::peer).getOrElse(Peer.UNKNOWN);
        SecurityGroups.Verdict verdict =
                groups.inbound(ids.get(), client, entry.flow().protocol(), entry.port());
        draft.add(verdict.decision());
        if (verdict.isAllowed()) {
            return Option.none();
        }
        if (!verdict.isDenied()) {
            return Option.some(draft.ends(Disposition.UNKNOWN));
        }
        draft.add(Finding.of(
                Ec2Findings.SECURITY_GROUP,
                "the security groups of " + title + " do not let " + client + " connect to port " + entry.port(),
                verdict.evidence()));
        return Option.some(draft.ends(Disposition.DROPPED));
    }
}
