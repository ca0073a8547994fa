package dev.podpath.proxy.iptables.eval;

import dev.podpath.core.net.AddressPort;
import dev.podpath.core.proxy.RuleStep;
import dev.podpath.core.proxy.SourceNat;
import dev.podpath.core.proxy.walk.Link;
import dev.podpath.core.trace.Missing;
import dev.podpath.proxy.iptables.rule.Table;
import java.util.Arrays;
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

    static final int SEEN_RECENT = 1;
    static final int SEEN_RPFILTER = 1 << 1;
    static final int SEEN_PHYSDEV = 1 << 2;

    long srcHigh;
    long srcLow;
    long dstHigh;
    long dstLow;
    int sourcePort;
    int destinationPort;

    /** The packet as it came in. */
    long cameSrcHigh;

    long cameSrcLow;
    long cameDstHigh;
    long cameDstLow;
    int cameSourcePort;
    int cameDestinationPort;

    int mark;
    int connectionMark;
    /** A bit of {@code CtState}; 0 before the packet was tracked. */
    int state;

    String in = "";
    String out = "";

    /** The destination was chosen: by a rule or because none did. */
    boolean destinationDone;
    /** A rule gave the packet a destination. */
    boolean translated;
    /** The destination address is still the one it came with. */
    boolean destinationOriginal = true;
    /** The destination port is still the one it came with. */
    boolean portOriginal = true;
    /** The source is still the one it came with. */
    boolean sourceOriginal = true;
    /** The destination is another one than it was. */
    boolean destinationChanged;

    boolean sourceDone;
    /** The source is another one than it was. */
    boolean sourceChanged;

    boolean sourceUnknown;
    boolean balanced;
    /** Where a balancer sent the packet without changing its destination. */
    @Nullable
    AddressPort forwardedTo;

    boolean forwarded;
    boolean loopedBack;
    SourceNat sourceNat = SourceNat.kept();

    /** Numbers of the recent lists this packet entered itself into. */
    long recentlySet;

    int seen;
    /** For how long a client that is not new goes on to the endpoint it had, in seconds. */
    int affinitySeconds;

    int stage;

    @Nullable
    Table table;

    int chain;
    int rule;
    /** Where the instructions of the rule begin, in a chain without an index. */
    int at;

    int[] frames;
    int depth;

    @Nullable
    Link<Step> trail;

    int trailLength;

    @Nullable
    Link<String> conditions;

    int node;

    /** Part of the packets that take this way; meaningless where it is uncertain. */
    double share = 1;

    /** The packets that take this way, in a survey of a region. */
    Region region = Region.none();

    /** Whether it is known how the packet goes on after its destination was chosen was asked. */
    boolean asked;

    /** Its end was known from others that came that far. */
    boolean shortened;

    /** A rule asked for its interfaces. */
    boolean usedDevices;

    /** It is not by chance alone that this way is taken. */
    boolean uncertain;

    int ending;
    String detail = "";

    @Nullable
    Link<Missing> missing;

    /**
     * A step: a rule, the policy of a chain, or what a balancer did.
     *
     * @param table the table; null for what a balancer did
     * @param rule the rule, or minus one minus the chain for its policy
     * @param foreign what a balancer did
     */
    record Step(@Nullable Table table, int rule, @Nullable RuleStep foreign) {}

    Path() {
        frames = new int[16];
    }

    /** The same packet at the same place. Written out, because the first compiler makes a slow call of {@code clone}. */
    private Path(Path other) {
        srcHigh = other.srcHigh;
        srcLow = other.srcLow;
        dstHigh = other.dstHigh;
        dstLow = other.dstLow;
        sourcePort = other.sourcePort;
        destinationPort = other.destinationPort;
        cameSrcHigh = other.cameSrcHigh;
        cameSrcLow = other.cameSrcLow;
        cameDstHigh = other.cameDstHigh;
        cameDstLow = other.cameDstLow;
        cameSourcePort = other.cameSourcePort;
        cameDestinationPort = other.cameDestinationPort;
        mark = other.mark;
        connectionMark = other.connectionMark;
        state = other.state;
        in = other.in;
        out = other.out;
        destinationDone = other.destinationDone;
        translated = other.translated;
        destinationOriginal = other.destinationOriginal;
        portOriginal = other.portOriginal;
        sourceOriginal = other.sourceOriginal;
        destinationChanged = other.destinationChanged;
        sourceDone = other.sourceDone;
        sourceChanged = other.sourceChanged;
        sourceUnknown = other.sourceUnknown;
        balanced = other.balanced;
        forwardedTo = other.forwardedTo;
        forwarded = other.forwarded;
        loopedBack = other.loopedBack;
        sourceNat = other.sourceNat;
        recentlySet = other.recentlySet;
        seen = other.seen;
        affinitySeconds = other.affinitySeconds;
        stage = other.stage;
        table = other.table;
        chain = other.chain;
        rule = other.rule;
        at = other.at;
        frames = other.frames.clone();
        depth = other.depth;
        trail = other.trail;
        trailLength = other.trailLength;
        conditions = other.conditions;
        node = other.node;
        share = other.share;
        region = other.region;
        asked = other.asked;
        shortened = other.shortened;
        usedDevices = other.usedDevices;
        uncertain = other.uncertain;
        ending = other.ending;
        detail = other.detail;
        missing = other.missing;
    }

    /** Begins with a packet as it comes in. */
    void come(long sourceHigh, long sourceLow, int fromPort, long destHigh, long destLow, int toPort) {
        srcHigh = cameSrcHigh = sourceHigh;
        srcLow = cameSrcLow = sourceLow;
        sourcePort = cameSourcePort = fromPort;
        dstHigh = cameDstHigh = destHigh;
        dstLow = cameDstLow = destLow;
        destinationPort = cameDestinationPort = toPort;
    }

    /** Makes it another packet that went the same way so far. */
    void resample(long sourceHigh, long sourceLow, int fromPort, long destHigh, long destLow, int toPort) {
        cameSrcHigh = sourceHigh;
        cameSrcLow = sourceLow;
        cameSourcePort = fromPort;
        cameDstHigh = destHigh;
        cameDstLow = destLow;
        cameDestinationPort = toPort;
        if (sourceOriginal) {
            srcHigh = sourceHigh;
            srcLow = sourceLow;
            sourcePort = fromPort;
        }
        if (destinationOriginal) {
            dstHigh = destHigh;
            dstLow = destLow;
        }
        if (portOriginal) {
            destinationPort = toPort;
        }
    }

    void push(int returnChain, int returnRule, int trailDepth) {
        if (depth * 4 + 4 > frames.length) {
            frames = Arrays.copyOf(frames, frames.length * 2);
        }
        frames[depth * 4] = returnChain;
        frames[depth * 4 + 1] = returnRule;
        frames[depth * 4 + 2] = trailDepth;
        frames[depth * 4 + 3] = at;
        depth++;
    }

    Path fork() {
        return new Path(this);
    }

    void end(int how, String why) {
        ending = how;
        detail = why;
    }
}
