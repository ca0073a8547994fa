package dev.podpath.proxy.nftables.eval;

import dev.podpath.core.packet.Arrival;
import dev.podpath.core.packet.Packet;
import dev.podpath.core.proxy.walk.Box;
import dev.podpath.ports.node.NodeNetwork;
import dev.podpath.ports.node.NodeRoutes;
import dev.podpath.proxy.nftables.rule.Chain;
import dev.podpath.proxy.nftables.rule.Hook;
import org.jspecify.annotations.Nullable;

/** Takes a packet from hook to hook of the stack, and at each of them from one thing that is done to the next. */
final class Passage {
    private static final int PREROUTING = Hook.PREROUTING.ordinal();
    private static final int INPUT = Hook.INPUT.ordinal();
    private static final int FORWARD = Hook.FORWARD.ordinal();
    private static final int OUTPUT = Hook.OUTPUT.ordinal();
    private static final int POSTROUTING = Hook.POSTROUTING.ordinal();

    private final Hooks hooks;
    private final NodeNetwork network;
    private final boolean v6;
    private final @Nullable Recorder recorder;
    private boolean usedRoutes;

    Passage(Hooks hooks, NodeNetwork network, boolean v6, @Nullable Recorder recorder) {
        this.hooks = hooks;
        this.network = network;
        this.v6 = v6;
        this.recorder = recorder;
    }

    /** Whether an interface was told by the routing table. */
    boolean usedRoutes() {
        return usedRoutes;
    }

    /** A packet as it comes in, at its first hook. */
    Path start(Packet packet, Arrival arrival) {
        Path path = new Path();
        path.srcHigh = packet.source().high();
        path.srcLow = packet.source().low();
        path.dstHigh = packet.destination().high();
        path.dstLow = packet.destination().low();
        path.sourcePort = packet.sourcePort();
        path.destinationPort = packet.destinationPort();
        path.flags = Path.FRESH;
        Recorder noting = recorder;
        if (noting != null) {
            noting.begin(path);
        }
        if (arrival.isLocalOutput()) {
            path.hook = OUTPUT;
            path.out = outTowards(path);
        } else {
            path.hook = PREROUTING;
            path.in = arrival.inputInterface().getOrElse(() -> {
                String back = network.routes().device(path.srcHigh, path.srcLow, v6);
                usedRoutes |= !back.equals(NodeRoutes.UNKNOWN);
                return back;
            });
        }
        return path;
    }

    private void kind(int field, Path path) {
        Recorder noting = recorder;
        if (noting != null) {
            noting.kind(field, path);
        }
    }

    private String outTowards(Path path) {
        kind(Box.DESTINATION, path);
        if (network.isLocal(path.dstHigh, path.dstLow, v6)) {
            return "lo";
        }
        String device = network.routes().device(path.dstHigh, path.dstLow, v6);
        usedRoutes |= !device.equals(NodeRoutes.UNKNOWN);
        return device;
    }

    /** Does what is next for a packet that is in no chain: enters one, or goes on to another hook or to the end. */
    void next(Path path) {
        Hooks.Stage[] stages = hooks.at(path.hook);
        if (path.stage >= stages.length) {
            leaveHook(path);
            return;
        }
        Hooks.Stage stage = stages[path.stage++];
        boolean destination = path.hook == PREROUTING || path.hook == OUTPUT;
        int done = destination ? Path.DESTINATION_DONE : Path.SOURCE_DONE;
        switch (stage.kind()) {
            case CHAIN -> enter(path, stage.chain());
            case TRACK -> path.state = path.state == 0 ? Fields.NEW : path.state;
            case TRANSLATE -> {
                if (path.state == Fields.NEW && !path.is(done)) {
                    enter(path, stage.chain());
                }
            }
            case TRANSLATED -> path.flags |= path.state == Fields.NEW ? done : 0;
        }
    }

    private static void enter(Path path, @Nullable Chain base) {
        path.base = base;
        path.chain = base;
        path.rule = 0;
        path.statement = 0;
        path.depth = 0;
        path.level = 0;
    }

    private void leaveHook(Path path) {
        path.stage = 0;
        if (path.hook == PREROUTING) {
            kind(Box.DESTINATION, path);
            if (network.isLocal(path.dstHigh, path.dstLow, v6)) {
                path.hook = INPUT;
            } else {
                path.hook = FORWARD;
                path.out = outTowards(path);
            }
        } else if (path.hook == INPUT) {
            path.end(Path.PASSED, "");
        } else if (path.hook == FORWARD || path.hook == OUTPUT) {
            path.hook = POSTROUTING;
            path.out = outTowards(path);
        } else if (path.out.equals("lo") && !path.is(Path.LOOPED)) {
            // A packet the node sends to itself comes in again over the loopback interface, its connection known.
            path.flags |= Path.LOOPED;
            path.in = "lo";
            path.out = "";
            path.hook = PREROUTING;
        } else {
            path.end(Path.PASSED, "");
        }
    }
}
