package dev.podpath.core.verify;

import dev.podpath.core.intent.Expectation;
import dev.podpath.core.intent.Masquerade;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.packet.Packet;
import dev.podpath.core.proxy.Ends;
import dev.podpath.core.proxy.ProxyBranch;
import dev.podpath.core.proxy.ProxyOutcome;
import dev.podpath.core.proxy.ProxyVerdict;
import dev.podpath.core.proxy.SourceNat;
import dev.podpath.core.trace.Share;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/** The ends of a packet, as they are meant and as they are. */
final class EndLists {
    private EndLists() {}

    /** How the packet is meant to end; none where that is left open. */
    static Vector<End> expected(Case one) {
        Expectation wanted = one.wanted();
        Packet packet = one.packet();
        return switch (wanted.kind()) {
            case SENT, SENT_OR_PAST ->
                wanted.endpoints()
                        .all()
                        .map(endpoint -> new End(
                                Ends.Kind.ENDPOINT,
                                Option.some(endpoint.address()),
                                Share.of(1, wanted.endpoints().size()),
                                wanted.masquerade() == Masquerade.ALWAYS
                                                || endpoint.address().address().equals(packet.source())
                                        ? Ends.Source.MASQUERADED
                                        : Ends.Source.KEPT));
            case REJECTED, REFUSED -> Vector.of(end(Ends.Kind.REJECTED));
            case DROPPED -> Vector.of(end(Ends.Kind.DROPPED));
            case NOT_SENT, LET_PASS -> Vector.of(end(Ends.Kind.UNTOUCHED));
            case ANYTHING -> Vector.empty();
        };
    }

    /** The end of a packet that no rule concerns. */
    static End end(Ends.Kind kind) {
        return new End(kind, Option.none(), Share.all(), Ends.Source.KEPT);
    }

    /** How a packet ends. */
    static Vector<End> actual(ProxyVerdict verdict) {
        return verdict.branches()
                .map(branch ->
                        new End(kind(branch.outcome()), endpoint(branch), branch.share(), source(branch.sourceNat())));
    }

    private static Option<AddressPort> endpoint(ProxyBranch branch) {
        return branch.outcome() instanceof ProxyOutcome.ToEndpoint to ? Option.some(to.address()) : Option.none();
    }

    private static Ends.Kind kind(ProxyOutcome outcome) {
        if (outcome instanceof ProxyOutcome.ToEndpoint) {
            return Ends.Kind.ENDPOINT;
        }
        if (outcome instanceof ProxyOutcome.Rejected) {
            return Ends.Kind.REJECTED;
        }
        if (outcome instanceof ProxyOutcome.Dropped) {
            return Ends.Kind.DROPPED;
        }
        return outcome instanceof ProxyOutcome.Untouched ? Ends.Kind.UNTOUCHED : Ends.Kind.UNKNOWN;
    }

    private static Ends.Source source(SourceNat nat) {
        if (nat instanceof SourceNat.Kept) {
            return Ends.Source.KEPT;
        }
        if (nat instanceof SourceNat.Masquerade) {
            return Ends.Source.MASQUERADED;
        }
        return nat instanceof SourceNat.Snat ? Ends.Source.TRANSLATED : Ends.Source.UNKNOWN;
    }
}
