package dev.podpath.proxy.iptables.eval;

import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.proxy.walk.Box;
import dev.podpath.ports.node.NodeNetwork;
import dev.podpath.ports.node.NodeRoutes;
import dev.podpath.proxy.iptables.rule.CtState;
import dev.podpath.proxy.iptables.rule.Hook;
import dev.podpath.proxy.iptables.rule.Op;
import dev.podpath.proxy.iptables.rule.RejectKind;
import dev.podpath.proxy.iptables.rule.Ruleset;
import dev.podpath.proxy.iptables.rule.Table;
import dev.podpath.proxy.iptables.rule.TableName;
import io.vavr.collection.Vector;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The course of a packet through the stack: the one definition of hooks, chains and targets. What happens where it forks,
 * and what is noted on the way, is up to those who follow it: {@link Walk} for the reasoning, {@link Survey} for the ends.
 */
abstract class Course {
    static final int MOST_STEPS = 20_000_000;
    private static final int DEEPEST = 400;

    final Ruleset rules;
    final NodeNetwork network;
    final boolean v6;
    private final int words;
    final RuleTests tests;
    final Translations translations;
    private final @Nullable Recorder recorder;
    Protocol protocol = Protocol.TCP;
    Arrival arrival = Arrival.of(Arrival.Kind.POD);
    int steps;
    private boolean usedRoutes;
    /** Kept, so that what computes it is not left out. */
    int fetched;

    Course(Ruleset rules, NodeNetwork network, SetTests sets, @Nullable Recorder recorder, boolean brief) {
        this.rules = rules;
        this.network = network;
        this.recorder = recorder;
        this.v6 = rules.isV6();
        this.words = v6 ? 4 : 1;
        this.tests = new RuleTests(rules, network, sets, recorder);
        this.translations = new Translations(network, v6, recorder, brief);
    }

    /** Makes ready for packets that come in one way. */
    final void begin(Protocol of, Arrival way) {
        protocol = of;
        arrival = way;
        steps = 0;
        usedRoutes = false;
        tests.begin(of, way);
    }

    /** Whether interfaces mattered that the routing table told. */
    final boolean usedRoutes() {
        return usedRoutes && tests.usedDevices();
    }

    /** A rule matched, or with minus one minus a chain, its policy decided. */
    abstract void matched(Path path, Table table, int rule);

    /** The path came back from a chain that did nothing. */
    abstract void cameBack(Path path, int trailLength);

    /** It is not known whether a rule matches; the path goes on as if it did. */
    abstract void undecided(Path path, Table table, int rule);

    /** A rule matches by chance; the path goes on as if it did. */
    abstract void byChance(Path path, long numerator, long denominator);

    /** Something was taken for granted about a rule. */
    abstract void assumed(Path path, Table table, int rule);

    /** Asks what else takes the packet in the stack. */
    abstract void balance(Path path, boolean output);

    /** The destination becomes one of several addresses. */
    abstract void several(Path path, Vector<IpAddress> addresses, int[] code, int target);

    /** The packet got another address or port. */
    abstract void changed(Path path);

    /** Before a stage: whether the end of the path is known already. */
    abstract boolean isEnded(Path path);

    /** Something was asked of the packet at a stage; it would be asked again if the path went back there. */
    abstract void askedAtStage(Path path, int stage);

    /** The rules from this one on were looked up, and one of them was tested. */
    abstract void askedAtRule(Path path, int from, long recentlySet);

    /** The first stage of a packet that has just come in. */
    final void enterStack(Path path) {
        if (arrival.isLocalOutput()) {
            path.stage = Stages.OUTPUT;
            path.out = outTowards(path);
            return;
        }
        path.stage = Stages.PREROUTING;
        if (arrival.inputInterface().isDefined()) {
            path.in = arrival.inputInterface().get();
        } else {
            Recorder noting = recorder;
            if (noting != null) {
                noting.device(path);
            }
            path.in = network.routes().device(path.srcHigh, path.srcLow, v6);
            usedRoutes |= !path.in.equals(NodeRoutes.UNKNOWN);
        }
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

    final void advance(Path path) {
        while (path.ending == 0) {
            if (path.table != null) {
                runChain(path, path.table);
                if (steps > MOST_STEPS) {
                    path.end(Path.LOST, "the rules take too many steps");
                }
                continue;
            }
            if (isEnded(path)) {
                return;
            }
            Stages.Stage stage = Stages.at(path.stage++);
            switch (stage.kind()) {
                case TABLE -> enter(path, rules.table(Objects.requireNonNull(stage.table())), stage.hook());
                case TRACK -> path.state = path.state == 0 ? CtState.NEW : path.state;
                case TRANSLATE -> translate(path, stage.hook());
                case ROUTE -> route(path);
                case BALANCE -> balance(path, stage.hook() == Hook.OUTPUT);
                case FORWARDED -> path.stage = Stages.POSTROUTING;
                case LEAVING -> leave(path);
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
        path.at = table.codeStart(chain);
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

    private void leave(Path path) {
        kind(Box.DESTINATION, path);
        askedAtStage(path, path.stage - 1);
        path.out = outTowards(path);
    }

    private void route(Path path) {
        kind(Box.DESTINATION, path);
        askedAtStage(path, path.stage - 1);
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

    /** Goes on in the chain the path is in, until the table is through with the packet or the path ends. */
    private void runChain(Path path, Table table) {
        int[] code = table.code();
        Recorder noting = recorder;
        while (path.table == table && path.ending == 0) {
            if (noting != null) {
                noting.index(table, path.chain, path, protocol.number());
            }
            int end = table.end(path.chain);
            boolean indexed = table.isIndexed(path.chain);
            int rule = !indexed || path.rule >= end
                    ? path.rule
                    : table.next(
                            path.chain, path.rule, path.dstHigh, path.dstLow, protocol.number(), path.destinationPort);
            steps++;
            if (rule >= end) {
                if (noting != null) {
                    askedAtRule(path, path.rule, path.recentlySet);
                }
                fallOff(path, table);
                continue;
            }
            int from = path.rule;
            long recentlySet = path.recentlySet;
            path.rule = rule + 1;
            int result = tests.match(path, table, indexed ? table.start(rule) : path.at);
            if (noting != null) {
                askedAtRule(path, from, recentlySet);
            }
            if (tests.assumed() != 0) {
                path.seen |= tests.assumed();
                path.affinitySeconds = Math.max(path.affinitySeconds, tests.affinitySeconds());
                assumed(path, table, rule);
            }
            int target = table.targetFrom(tests.stopped());
            path.at = target + 1 + Op.operands(code[target], words);
            if (result == RuleTests.NO) {
                continue;
            }
            int op = Op.of(code[target]);
            if (op == Op.NONE || op == Op.NEUTRAL) {
                continue;
            }
            if (result == RuleTests.MAYBE) {
                undecided(path, table, rule);
            }
            if (tests.denominator() != 0 && tests.numerator() != tests.denominator()) {
                if (tests.numerator() == 0) {
                    continue;
                }
                byChance(path, tests.numerator(), tests.denominator());
            }
            apply(path, table, rule, code, target, op);
            if (steps > MOST_STEPS) {
                return;
            }
        }
    }

    private void fallOff(Path path, Table table) {
        if (path.depth > 0) {
            goBack(path);
            return;
        }
        if (table.policy(path.chain) == Table.POLICY_DROP) {
            matched(path, table, -1 - path.chain);
            path.end(Path.DROPPED, "");
        }
        path.table = null;
    }

    /** Back to where the last jump came from; a jump that led to nothing leaves no trace. */
    private void goBack(Path path) {
        path.depth--;
        path.chain = path.frames[path.depth * 4];
        path.rule = path.frames[path.depth * 4 + 1];
        path.at = path.frames[path.depth * 4 + 3];
        cameBack(path, path.frames[path.depth * 4 + 2]);
    }

    private void apply(Path path, Table table, int rule, int[] code, int target, int op) {
        matched(path, table, rule);
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
            case Op.DNAT, Op.REDIRECT, Op.SNAT, Op.MASQUERADE, Op.NETMAP -> {
                Hook hook = Stages.at(path.stage - 1).hook();
                if (mayChange(Op.of(header), hook)) {
                    change(path, code, target, hook);
                } else {
                    path.end(
                            Path.LOST,
                            "the rule at line " + table.line(rule) + " of "
                                    + rules.document().path() + " translates in " + hook
                                    + ", where the kernel takes no such rule");
                }
            }
            default ->
                path.end(
                        Path.LOST,
                        "the rule at line " + table.line(rule) + " of "
                                + rules.document().path() + " matches, and what it does is not known");
        }
    }

    private void jump(Path path, Table table, int chain, boolean returns) {
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
        path.at = table.codeStart(chain);
        if (table.end(chain) - path.rule > 2 && !table.isIndexed(chain)) {
            fetched = table.fetch(path.at, table.end(chain) - path.rule);
        }
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

    /** Whether the kernel loads a rule with such a target into a chain that is reached from a hook (net/netfilter/xt_nat.c and others). */
    private static boolean mayChange(int op, Hook hook) {
        boolean destinations = hook == Hook.PREROUTING || hook == Hook.OUTPUT;
        return switch (op) {
            case Op.DNAT, Op.REDIRECT -> destinations;
            case Op.SNAT -> hook == Hook.POSTROUTING || hook == Hook.INPUT;
            case Op.MASQUERADE -> hook == Hook.POSTROUTING;
            default -> true;
        };
    }

    private void change(Path path, int[] code, int target, Hook hook) {
        path.table = null;
        Vector<IpAddress> several = translations.apply(path, code, target, hook);
        if (!several.isEmpty()) {
            several(path, several, code, target);
        } else {
            changed(path);
        }
    }
}
