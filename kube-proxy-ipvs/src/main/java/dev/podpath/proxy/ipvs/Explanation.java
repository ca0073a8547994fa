package dev.podpath.proxy.ipvs;

import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Evidence;
import dev.podpath.core.trace.Missing;
import dev.podpath.core.trace.Share;
import dev.podpath.ports.node.NodeState;
import dev.podpath.proxy.ipvs.schedule.Choice;
import dev.podpath.proxy.ipvs.schedule.Choice.Candidate;
import dev.podpath.proxy.ipvs.schedule.Choice.Certainty;
import dev.podpath.proxy.ipvs.schedule.Need;
import dev.podpath.proxy.ipvs.schedule.ServerList;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/** A scheduler's choice in words. */
final class Explanation {
    private static final int SHOWN = 12;

    private final NodeState node;

    Explanation(NodeState node) {
        this.node = node;
    }

    /** The choice as a decision, with the lines of the servers it can be. */
    Decision decision(VirtualServer server, Choice choice) {
        ServerList list = server.list();
        Vector<Evidence> evidence = choice.candidates()
                .filter(candidate -> candidate.server() >= 0)
                .take(SHOWN)
                .map(candidate -> server.evidence(candidate.server()))
                .prepend(server.evidence());
        return new Decision(
                Decision.Action.CHOSE,
                choice.why() + ": " + outcome(list, choice) + needs(choice),
                evidence,
                Option.none(),
                missing(choice));
    }

    private static String outcome(ServerList list, Choice choice) {
        String names = choice.candidates()
                        .take(SHOWN)
                        .map(candidate -> name(list, candidate))
                        .mkString(", ")
                + (choice.candidates().size() > SHOWN ? ", …" : "");
        if (choice.certainty() == Certainty.EXACT) {
            return choice.candidates().head().server() < 0 ? "no server" : "here " + names;
        }
        if (choice.certainty() == Certainty.ONE_OF) {
            return "one of " + names;
        }
        return choice.cycle().isEmpty()
                ? names
                : "in turn "
                        + choice.cycle()
                                .take(SHOWN)
                                .map(server -> list.address(server) + ":" + list.port(server))
                                .mkString(", ")
                        + (choice.cycle().size() > SHOWN ? ", …" : "");
    }

    private static String name(ServerList list, Candidate candidate) {
        return candidate.server() < 0
                ? "no server"
                : list.address(candidate.server()) + ":" + list.port(candidate.server());
    }

    private static String needs(Choice choice) {
        String open = choice.needs().map(Explanation::open).mkString("; ");
        return open.isEmpty() ? "" : "; open: " + open;
    }

    private static String open(Need need) {
        return switch (need) {
            case LIST_ORDER -> "the order of the kernel's list, which a sorted listing hides";
            case CONNECTIONS -> "the connections of the servers";
            case WEIGHTS -> "the weights of the servers";
            case THRESHOLDS -> "whether a server near its connection threshold takes connections";
            case FLAGS -> "the flags of the scheduler";
            case SOURCE -> "the source";
            case SOURCE_PORT -> "the source port";
            case MEMORY -> "where the scheduler stands, which no dump shows";
            case FORMER_WEIGHTS -> "the weights of drained servers before, which no dump shows";
        };
    }

    /** What to capture to know more. */
    Vector<Missing> missing(Choice choice) {
        return choice.needs().flatMap(this::missing).distinct();
    }

    private Option<Missing> missing(Need need) {
        return switch (need) {
            case LIST_ORDER, CONNECTIONS, WEIGHTS, FLAGS -> Option.some(Captured.listing(node));
            case THRESHOLDS ->
                Option.some(new Missing(
                        node.path("ipvsadm-Ln-thresholds.txt"),
                        "ipvsadm -Ln --thresholds > ipvsadm-Ln-thresholds.txt   # on node " + node.name()));
            case SOURCE, SOURCE_PORT, MEMORY, FORMER_WEIGHTS -> Option.none();
        };
    }

    /** The share of a candidate. */
    static Share share(Choice choice, Candidate candidate) {
        return switch (choice.certainty()) {
            case EXACT -> Share.all();
            case TURNS ->
                Share.of(
                        candidate.part(),
                        choice.candidates().map(Candidate::part).sum().longValue());
            case ONE_OF -> Share.undefined();
        };
    }
}
