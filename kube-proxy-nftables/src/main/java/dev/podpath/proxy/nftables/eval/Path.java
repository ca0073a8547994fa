package dev.podpath.proxy.nftables.eval;

import dev.podpath.core.proxy.SourceNat;
import dev.podpath.core.proxy.walk.Link;
import dev.podpath.core.trace.Missing;
import dev.podpath.proxy.nftables.rule.Chain;
import dev.podpath.proxy.nftables.rule.NamedSet;
import org.jspecify.annotations.Nullable;

/** A packet on one of the ways it can take: its fields as they stand, and where it is. */
final class Path {
    /** It went through. */
    static final int PASSED = 1;
    /** It was dropped. */
    static final int DROPPED = 2;
    /** It was rejected; {@link #detail} says how. */
    static final int REJECTED = 3;
    /** Its fate is not known; {@link #detail} says why. */
    static final int LOST = 4;

    /** A session affinity record would have changed the way. */
    static final int SEEN_AFFINITY = 1;
    /** An entry that earlier packets may have made would have changed the way. */
    static final int SEEN_SET = 1 << 1;
    /** It was taken for granted that the way back leads through the interface the packet came in by. */
    static final int SEEN_REVERSE = 1 << 2;

    /** The source is still the one it came with. */
    static final int SOURCE_ORIGINAL = 1;
    /** The destination address is still the one it came with. */
    static final int DESTINATION_ORIGINAL = 1 << 1;
    /** The destination port is still the one it came with. */
    static final int PORT_ORIGINAL = 1 << 2;
    /** The destination was chosen: by a rule or because none did. */
    static final int DESTINATION_DONE = 1 << 3;
    /** The source was chosen. */
    static final int SOURCE_DONE = 1 << 4;
    /** A rule gave the packet a destination. */
    static final int TRANSLATED = 1 << 5;
    /** The destination is another one than it was. */
    static final int DESTINATION_CHANGED = 1 << 6;
    /** The source is another one than it was. */
    static final int SOURCE_CHANGED = 1 << 7;
    /** The source is not known. */
    static final int SOURCE_UNKNOWN = 1 << 8;
    /** The mark is not known. */
    static final int MARK_UNKNOWN = 1 << 9;
    /** The mark of the connection is not known. */
    static final int CT_MARK_UNKNOWN = 1 << 10;
    /** It came back in over the loopback interface. */
    static final int LOOPED = 1 << 11;
    /** The source becomes that of the output interface, which was not looked up yet. */
    static final int SOURCE_PENDING = 1 << 12;

    /** What a packet begins with. */
    static final int FRESH = SOURCE_ORIGINAL | DESTINATION_ORIGINAL | PORT_ORIGINAL;

    long srcHigh;
    long srcLow;
    long dstHigh;
    long dstLow;
    int sourcePort;
    int destinationPort;
    int mark;
    int connectionMark;
    /** A bit of the type ct_state; 0 before the packet was tracked. */
    int state;

    String in = "";
    String out = "";
    int flags;
    int seen;
    SourceNat sourceNat = SourceNat.kept();

    /** The hook it is in. */
    int hook;
    /** The next of the hook's stages. */
    int stage;

    /** The base chain that is asked. */
    @Nullable
    Chain base;

    /** Where it is: null between two base chains. */
    @Nullable
    Chain chain;

    int rule;
    int statement;
    final Chain[] frameChains = new Chain[Calls.DEEPEST];
    final int[] frameRules = new int[Calls.DEEPEST];
    /** For each jump, how long the trail was before it and after. */
    final int[] frameTrails = new int[2 * Calls.DEEPEST];

    /** For each jump, how many chains led to each other before it. */
    final int[] frameLevels = new int[Calls.DEEPEST];

    int depth;
    /** How many chains led to each other from the base chain on, by jumps that are not back yet and otherwise. */
    int level;

    @Nullable
    Link<Step> trail;

    int trailLength;

    @Nullable
    Link<String> conditions;

    /** Sets this packet entered itself into. */
    @Nullable
    Link<NamedSet> entered;

    int node;
    int ending;
    String detail = "";

    @Nullable
    Link<Missing> missing;

    /**
     * A step: a rule, an element of a map that led on, or a policy.
     *
     * @param chain the chain the rule is in
     * @param place where in the document the rule, element or chain begins
     * @param set the map of an element, or null
     */
    record Step(Chain chain, int place, @Nullable NamedSet set) {}

    boolean is(int flag) {
        return (flags & flag) != 0;
    }

    /** Makes this what another path is. */
    void copy(Path other) {
        srcHigh = other.srcHigh;
        srcLow = other.srcLow;
        dstHigh = other.dstHigh;
        dstLow = other.dstLow;
        sourcePort = other.sourcePort;
        destinationPort = other.destinationPort;
        mark = other.mark;
        connectionMark = other.connectionMark;
        state = other.state;
        in = other.in;
        out = other.out;
        flags = other.flags;
        seen = other.seen;
        sourceNat = other.sourceNat;
        hook = other.hook;
        stage = other.stage;
        base = other.base;
        chain = other.chain;
        rule = other.rule;
        statement = other.statement;
        depth = other.depth;
        level = other.level;
        for (int i = 0; i < depth; i++) {
            frameChains[i] = other.frameChains[i];
            frameRules[i] = other.frameRules[i];
            frameLevels[i] = other.frameLevels[i];
            frameTrails[2 * i] = other.frameTrails[2 * i];
            frameTrails[2 * i + 1] = other.frameTrails[2 * i + 1];
        }
        trail = other.trail;
        trailLength = other.trailLength;
        conditions = other.conditions;
        entered = other.entered;
        node = other.node;
        ending = other.ending;
        detail = other.detail;
        missing = other.missing;
    }

    void push(Chain back, int next, int trailBefore) {
        frameChains[depth] = back;
        frameRules[depth] = next;
        frameLevels[depth] = level;
        frameTrails[2 * depth] = trailBefore;
        frameTrails[2 * depth + 1] = trailLength;
        depth++;
    }

    void end(int how, String why) {
        ending = how;
        detail = why;
        chain = null;
    }
}
