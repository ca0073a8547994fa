package dev.podpath.proxy.iptables.eval;

import dev.podpath.core.net.AddressPort;
import dev.podpath.core.proxy.RuleStep;
import dev.podpath.core.proxy.walk.Link;
import dev.podpath.core.trace.Missing;
import dev.podpath.ports.node.NodeNetwork;
import dev.podpath.proxy.iptables.rule.CtState;

/** What becomes of a packet that a balancer took. */
final class Balanced {
    private Balanced() {}

    static void apply(Path path, Balancer.Choice choice, NodeNetwork network, boolean v6) {
        for (RuleStep step : choice.steps()) {
            path.trail = new Link<>(new Path.Step(null, 0, step), path.trail);
            path.trailLength++;
        }
        for (String condition : choice.conditions()) {
            path.conditions = new Link<>(condition, path.conditions);
        }
        Balancer.Result result = choice.result();
        if (result instanceof Balancer.Result.Translate translate) {
            if (!translate.tracked()) {
                path.state = CtState.UNTRACKED;
            }
            send(path, translate.server(), true, network, v6);
        } else if (result instanceof Balancer.Result.Forward forward) {
            path.state = CtState.UNTRACKED;
            path.forwardedTo = forward.server();
            send(path, forward.server(), false, network, v6);
        } else if (result instanceof Balancer.Result.Reject reject) {
            path.end(Path.REJECTED, reject.with());
        } else if (result instanceof Balancer.Result.Drop) {
            path.end(Path.DROPPED, "");
        } else if (result instanceof Balancer.Result.Unknown unknown) {
            for (Missing what : unknown.missing()) {
                path.missing = new Link<>(what, path.missing);
            }
            path.end(Path.LOST, unknown.why());
        }
    }

    private static void send(Path path, AddressPort server, boolean rewrite, NodeNetwork network, boolean v6) {
        boolean here = network.isLocal(server.address().high(), server.address().low(), v6);
        if (rewrite) {
            path.dstHigh = server.address().high();
            path.dstLow = server.address().low();
            path.destinationPort = server.port();
            path.destinationOriginal = false;
            path.portOriginal = false;
        }
        path.translated = true;
        if (!here) {
            path.destinationDone = true;
            path.sourceDone = false;
            path.in = "";
            path.out = network.routes()
                    .device(server.address().high(), server.address().low(), v6);
            path.forwarded = false;
            path.stage = Stages.OUTPUT;
        }
    }
}
