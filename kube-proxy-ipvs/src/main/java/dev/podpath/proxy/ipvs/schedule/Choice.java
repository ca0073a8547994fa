package dev.podpath.proxy.ipvs.schedule;

import io.vavr.collection.Vector;
import java.util.BitSet;

/**
 * What can be told of the server a scheduler chooses for a new connection.
 *
 * @param certainty how much
 * @param candidates the servers it can be, each once; empty never
 * @param cycle the servers in turn over one cycle, where that is known and short
 * @param why how the scheduler comes to it, one sentence
 * @param needs what would have to be known to tell more
 */
public record Choice(
        Certainty certainty, Vector<Candidate> candidates, Vector<Integer> cycle, String why, Vector<Need> needs) {
    /** Number of the candidate that stands for no server at all: the connection is refused. */
    public static final int NOBODY = -1;

    /** How much can be told. */
    public enum Certainty {
        /** It is this one. */
        EXACT,
        /** The servers take turns: the share of each is exact, whose turn it is is not known. */
        TURNS,
        /** It is one of these. */
        ONE_OF
    }

    /**
     * A server it can be.
     *
     * @param server number of the server, or {@link #NOBODY}
     * @param part its part of the turns, in proportion to the other candidates'; 0 where that is not defined
     */
    public record Candidate(int server, long part) {}

    /** It is this one. */
    static Choice exact(int server, String why) {
        return new Choice(Certainty.EXACT, Vector.of(new Candidate(server, 1)), Vector.empty(), why, Vector.empty());
    }

    /** No server takes connections. */
    static Choice nobody(String why) {
        return exact(NOBODY, why);
    }

    /** One of the servers whose bit is set; the bit {@code nobody} stands for none. */
    static Choice oneOf(BitSet servers, int nobody, String why, Vector<Need> needs) {
        if (servers.cardinality() == 1) {
            int only = servers.nextSetBit(0);
            return exact(only == nobody ? NOBODY : only, why);
        }
        Vector<Candidate> all = Vector.ofAll(servers.stream()
                .mapToObj(server -> new Candidate(server == nobody ? NOBODY : server, 0))
                .toList());
        return new Choice(Certainty.ONE_OF, all, Vector.empty(), why, needs);
    }
}
