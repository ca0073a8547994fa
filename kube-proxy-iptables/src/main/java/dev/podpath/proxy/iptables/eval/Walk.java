package dev.podpath.proxy.iptables.eval;

import dev.podpath.core.net.IpAddress;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.packet.Packet;
import dev.podpath.core.trace.Missing;
import dev.podpath.core.trace.Share;
import dev.podpath.proxy.iptables.rule.CtState;
import dev.podpath.proxy.iptables.rule.Hook;
import dev.podpath.proxy.iptables.rule.Op;
import dev.podpath.proxy.iptables.rule.RejectKind;
import dev.podpath.proxy.iptables.rule.Ruleset;
import dev.podpath.proxy.iptables.rule.Table;
import dev.podpath.proxy.iptables.rule.TableName;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One packet on its way through the stack, on all the ways it can take: where a rule matches by chance, or where it is
 * not known whether it matches, the path forks. Bounded: a rule set that would take too many steps or ways ends in a
 * path whose fate is not known.
 */
final class Walk {
    private static final int MOST_STEPS = 20_000_000;
    private static final int MOST_LEAVES = 20_000;
    private static final int DEEPEST = 400;

    private final Ruleset rules;
    private final NodeNetwork network;
    private final Balancer balancer;
    private final @Nullable Recorder recorder;
    private final Packet packet;
    private final Arrival arrival;
    private final boolean v6;
    private final RuleTests tests;
    private final Translations translations;
    private final Forks forks = new Forks();
    private final List<Path> leaves = new ArrayList<>(4);
    private final ArrayDeque<Path> waiting = new ArrayDeque<>(4);
    private final List<Path.Step> recent = new ArrayList<>(0);
    private boolean usedRoutes;
    private int steps;
    private boolean exhausted;

    Walk(
            Ruleset rules,
            NodeNetwork network,
            SetTests sets,
            Balancer balancer,
            Packet packet,
            Arrival arrival,
            @Nullable Recorder recorder) {
        this.recorder = recorder;
        this.rules = rules;
        this.network = network;
        this.balancer = balancer;
        this.packet = packet;
        this.arrival = arrival;
        this.v6 = rules.isV6();
        Path start = start();
        this.tests = new RuleTests(rules, network, sets, arrival, packet.protocol(), start, recorder);
        this.translations = new Translations(network, v6, recorder);
        waiting.push(start);
    }

    private Path start() {
        Path path = new Path();
        path.srcHigh = packet.source().high();
        path.srcLow = packet.source().low();
        path.dstHigh = packet.destination().high();
        path.dstLow = packet.destination().low();
        path.sourcePort = packet.sourcePort();
        path.destinationPort = packet.destinationPort();
        Recorder noting = recorder;
        if (noting != null) {
            noting.begin(path);
        }
        if (arrival.isLocalOutput()) {
            path.stage = Stages.OUTPUT;
            path.out = outTowards(path);
        } else {
            path.stage = Stages.PREROUTING;
            path.in = arrival.inputInterface().getOrElse(() -> {
                kind(Box.SOURCE, path);
                String back = network.routes().device(path.srcHigh, path.srcLow, v6);
                usedRoutes |= !back.equals(Routes.UNKNOWN);
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
        usedRoutes |= !device.equals(Routes.UNKNOWN);
        return device;
    }

    /** Goes all ways to their ends. */
    Walk run() {
        while (!waiting.isEmpty()) {
            Path path = waiting.pop();
            advance(path);
            leaves.add(path);
            if (steps > MOST_STEPS || leaves.size() > MOST_LEAVES) {
                exhausted = true;
                return this;
            }
        }
        return this;
    }

    List<Path> leaves() {
        return leaves;
    }

    Forks forks() {
        return forks;
    }

    /** Whether the walk was given up because there are too many ways. */
    boolean exhausted() {
        return exhausted;
    }

    /** Rules that look for a record of the client which a new one does not have. */
    List<Path.Step> recent() {
        return recent;
    }

    /** Whether interfaces mattered that the routing table told. */
    boolean usedRoutes() {
        return usedRoutes && tests.usedDevices();
    }

    private void advance(Path path) {
        while (path.ending == 0) {
            if (path.table != null) {
                runChain(path, path.table);
                if (steps > MOST_STEPS) {
                    path.end(Path.LOST, "the rules take too many steps");
                }
                continue;
            }
            Stages.Stage stage = Stages.at(path.stage++);
            switch (stage.kind()) {
                case TABLE -> enter(path, rules.table(Objects.requireNonNull(stage.table())), stage.hook());
                case TRACK -> path.state = path.state == 0 ? CtState.NEW : path.state;
                case TRANSLATE -> translate(path, stage.hook());
                case ROUTE -> route(path);
                case BALANCE -> balance(path, stage.hook() == Hook.OUTPUT);
                case FORWARDED -> path.stage = Stages.POSTROUTING;
                case LEAVING -> path.out = outTowards(path);
                case LEFT -> left(path);
                case DELIVERED -> path.end(Path.PASSED, "");
            }
        }
    }

    private void enter(Path path, Table table, Hook hook) {
        if (table.damage().isDefined()) {
            path.end(
                    Path.LOST,
                    "table " + table.name().text() + " of " + rules.document().path() + " is not whole: "
                            + table.damage().get());
            return;
        }
        int chain = table.builtIn(hook);
        if (chain < 0 || table.ruleCount(chain) == 0 && table.policy(chain) != Table.POLICY_DROP) {
            return;
        }
        path.table = table;
        path.chain = chain;
        path.rule = table.first(chain);
        path.depth = 0;
    }

    /** net/netfilter/nf_nat_core.c, nf_nat_inet_fn: once for a connection and direction of change. */
    private void translate(Path path, Hook hook) {
        boolean destination = hook == Hook.PREROUTING || hook == Hook.OUTPUT;
        if (path.state != CtState.NEW || (destination ? path.destinationDone : path.sourceDone)) {
            return;
        }
        if (destination) {
            path.destinationDone = true;
        } else {
            path.sourceDone = true;
        }
        enter(path, rules.table(TableName.NAT), hook);
    }

    private void route(Path path) {
        kind(Box.DESTINATION, path);
        if (network.isLocal(path.dstHigh, path.dstLow, v6)) {
            path.stage = Stages.INPUT;
        } else {
            path.stage = Stages.FORWARD;
            path.out = outTowards(path);
            path.forwarded = true;
        }
    }

    /** A packet the node sends to itself comes in again over the loopback interface, its connection known. */
    private void left(Path path) {
        if (!path.out.equals("lo") || path.loopedBack) {
            path.end(Path.PASSED, "");
            return;
        }
        path.loopedBack = true;
        path.in = "lo";
        path.out = "";
        path.forwarded = false;
        path.stage = Stages.PREROUTING;
    }

    private void balance(Path path, boolean output) {
        if (path.balanced) {
            return;
        }
        Balancer.Seen seen = new Balancer.Seen(
                packet.protocol(),
                address(path.srcHigh, path.srcLow),
                path.sourcePort,
                address(path.dstHigh, path.dstLow),
                path.destinationPort,
                path.mark,
                output);
        Recorder noting = recorder;
        Option<Vector<Balancer.Choice>> choices =
                noting == null ? balancer.balance(seen) : balancer.balance(seen, noting.alike(path));
        if (choices.isEmpty()) {
            return;
        }
        path.balanced = true;
        Vector<Balancer.Choice> all = choices.get();
        int parent = path.node;
        for (int i = all.size() - 1; i >= 0; i--) {
            Path one = i == 0 ? path : path.fork();
            if (all.size() > 1) {
                one.node = forks.add(parent, all.get(i).share());
            }
            Balanced.apply(one, all.get(i), network, v6);
            if (i > 0) {
                waiting.push(one);
            }
        }
    }

    private IpAddress address(long high, long low) {
        return v6 ? IpAddress.v6(high, low) : IpAddress.v4((int) low);
    }

    /** Goes on in the chain the path is in, until the table is through with the packet or the path ends. */
    private void runChain(Path path, Table table) {
        int[] code = table.code();
        Recorder noting = recorder;
        while (path.table == table && path.ending == 0) {
            if (noting != null) {
                noting.index(table, path.chain, path, packet.protocol().number());
            }
            int end = table.end(path.chain);
            int rule = path.rule >= end
                    ? end
                    : table.next(
                            path.chain,
                            path.rule,
                            path.dstHigh,
                            path.dstLow,
                            packet.protocol().number(),
                            path.destinationPort);
            steps++;
            if (rule >= end) {
                fallOff(path, table);
                continue;
            }
            path.rule = rule + 1;
            int result = tests.match(path, table, table.start(rule));
            if (tests.assumed() != 0) {
                assume(path, table, rule);
            }
            if (result == RuleTests.NO) {
                continue;
            }
            int target = table.target(rule);
            int op = Op.of(code[target]);
            if (op == Op.NONE || op == Op.NEUTRAL) {
                continue;
            }
            if (result == RuleTests.MAYBE) {
                fork(path, table, rule);
            }
            if (tests.denominator() != 0 && tests.numerator() != tests.denominator()) {
                if (tests.numerator() == 0) {
                    continue;
                }
                chance(path);
            }
            apply(path, table, rule, code, target, op);
            if (steps > MOST_STEPS) {
                return;
            }
        }
    }

    private void assume(Path path, Table table, int rule) {
        path.seen |= tests.assumed();
        if ((tests.assumed() & Path.SEEN_RECENT) != 0 && recent.size() < 64) {
            recent.add(new Path.Step(table, rule, null));
        }
    }

    private void fork(Path path, Table table, int rule) {
        int parent = path.node;
        String where =
                "rule at line " + table.line(rule) + " of " + rules.document().path() + ": " + tests.reason();
        Path other = path.fork();
        Missing missing = tests.missing();
        if (missing != null) {
            path.missing = new Link<>(missing, path.missing);
            other.missing = path.missing;
        }
        path.node = forks.add(parent, 1, 1);
        other.node = forks.add(parent, 1, 1);
        byte kind = tests.rateOnly() ? Forks.RATE : Forks.UNKNOWN;
        forks.mark(parent, kind, new Forks.Reason(where, path.trail, other.node));
        waiting.push(other);
    }

    private void chance(Path path) {
        int parent = path.node;
        Path other = path.fork();
        path.node = forks.add(parent, tests.numerator(), tests.denominator());
        other.node = forks.add(parent, tests.denominator() - tests.numerator(), tests.denominator());
        waiting.push(other);
    }

    private void fallOff(Path path, Table table) {
        if (path.depth > 0) {
            goBack(path);
            return;
        }
        if (table.policy(path.chain) == Table.POLICY_DROP) {
            trail(path, table, -1 - path.chain);
            path.end(Path.DROPPED, "");
        }
        path.table = null;
    }

    /** Back to where the last jump came from; a jump that led to nothing leaves no trace. */
    private static void goBack(Path path) {
        path.depth--;
        path.chain = path.frames[path.depth * 3];
        path.rule = path.frames[path.depth * 3 + 1];
        Link<Path.Step> last = path.trail;
        if (last != null && path.frames[path.depth * 3 + 2] == path.trailLength) {
            path.trail = last.before();
            path.trailLength--;
        }
    }

    private static void trail(Path path, Table table, int rule) {
        path.trail = new Link<>(new Path.Step(table, rule, null), path.trail);
        path.trailLength++;
    }

    private void apply(Path path, Table table, int rule, int[] code, int target, int op) {
        trail(path, table, rule);
        int header = code[target];
        switch (op) {
            case Op.ACCEPT -> path.table = null;
            case Op.DROP -> path.end(Path.DROPPED, "");
            case Op.RETURN -> {
                if (path.depth > 0) {
                    goBack(path);
                } else {
                    path.rule = table.end(path.chain);
                }
            }
            case Op.JUMP, Op.GOTO -> jump(path, table, code[target + 1], op == Op.JUMP);
            case Op.SET_MARK -> path.mark = path.mark & ~code[target + 2] ^ code[target + 1];
            case Op.SET_CTMARK -> connectionMark(path, Op.argument(header), code[target + 1], code[target + 2]);
            case Op.NOTRACK -> path.state = path.state == 0 ? CtState.UNTRACKED : path.state;
            case Op.REJECT ->
                path.end(Path.REJECTED, RejectKind.of(Op.argument(header)).text());
            case Op.DNAT, Op.REDIRECT, Op.SNAT, Op.MASQUERADE, Op.NETMAP -> translate(path, code, target);
            default ->
                path.end(
                        Path.LOST,
                        "the rule at line " + table.line(rule) + " of "
                                + rules.document().path() + " matches, and what it does is not known");
        }
    }

    private static void jump(Path path, Table table, int chain, boolean returns) {
        if (path.depth >= DEEPEST) {
            path.end(Path.LOST, "chains lead to each other too deeply, as in a loop");
            return;
        }
        if (returns) {
            path.push(path.chain, path.rule, path.trailLength);
        } else if (path.depth == 0) {
            // Falling off a chain reached by goto from a built-in chain meets the policy of that one.
            path.push(path.chain, table.end(path.chain), -1);
        }
        path.chain = chain;
        path.rule = table.first(chain);
    }

    private static void connectionMark(Path path, int kind, int first, int second) {
        if (path.state == 0 || path.state == CtState.UNTRACKED) {
            return;
        }
        switch (kind) {
            case Op.CONNMARK_SAVE -> path.connectionMark = path.connectionMark & ~second ^ path.mark & first;
            case Op.CONNMARK_RESTORE -> path.mark = path.mark & ~first ^ path.connectionMark & second;
            default -> path.connectionMark = path.connectionMark & ~second ^ first;
        }
    }

    private void translate(Path path, int[] code, int target) {
        path.table = null;
        Vector<IpAddress> several =
                translations.apply(path, code, target, Stages.at(path.stage - 1).hook());
        if (several.isEmpty()) {
            return;
        }
        int parent = path.node;
        for (int i = several.size() - 1; i >= 0; i--) {
            Path one = i == 0 ? path : path.fork();
            one.node = forks.add(parent, Share.undefined());
            translations.to(one, several.get(i), code, target);
            if (i > 0) {
                waiting.push(one);
            }
        }
    }
}
