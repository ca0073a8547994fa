package dev.podpath.proxy.iptables.eval;

import dev.podpath.core.net.Protocol;
import dev.podpath.core.trace.Missing;
import dev.podpath.ports.node.NodeRoutes;
import dev.podpath.ports.node.NodeState;
import dev.podpath.proxy.iptables.rule.IpSet;
import dev.podpath.proxy.iptables.rule.IpSets;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import org.jspecify.annotations.Nullable;

/** Whether a packet is in a set (net/netfilter/xt_set.c, net/netfilter/ipset/). */
final class SetTests {
    private static final int DEEPEST = 8;

    private final IpSets sets;
    private final NodeState node;
    private final @Nullable Recorder recorder;
    private String reason = "";

    SetTests(IpSets sets, NodeState node, @Nullable Recorder recorder) {
        this.recorder = recorder;
        this.sets = sets;
        this.node = node;
    }

    /** Why the last question could not be answered. */
    String reason() {
        return reason;
    }

    /** A document of the node that is needed. */
    Missing missing(String file, String command) {
        return new Missing(node.path(file), command + " > " + file + "   # on node " + node.name());
    }

    int contains(Path path, Protocol protocol, String name, int argument, boolean v6) {
        return contains(path, protocol, name, argument, v6, 0);
    }

    private int contains(Path path, Protocol protocol, String name, int argument, boolean v6, int depth) {
        Option<Vector<String>> members = sets.list(name);
        if (members.isDefined() && depth < DEEPEST) {
            int result = RuleTests.NO;
            for (String member : members.get()) {
                int one = contains(path, protocol, member, argument, v6, depth + 1);
                if (one == RuleTests.YES) {
                    return one;
                }
                result = Math.max(result, one);
            }
            return result;
        }
        Option<IpSet> set = sets.set(name);
        if (set.isEmpty()) {
            reason = "set " + name + " was not captured";
            return RuleTests.MAYBE;
        }
        if (set.get().unknown().isDefined()) {
            reason = set.get().unknown().get();
            return RuleTests.MAYBE;
        }
        return contains(path, protocol, set.get(), argument, v6);
    }

    private int contains(Path path, Protocol protocol, IpSet set, int argument, boolean v6) {
        IpSet.Part[] parts = set.parts();
        if ((argument & 7) < parts.length || !set.serves(v6)) {
            return RuleTests.NO;
        }
        long[] values = new long[2 * parts.length];
        for (int i = 0; i < parts.length; i++) {
            boolean source = (argument & 8 << i) != 0;
            int there = switch (parts[i]) {
                case PORT -> port(path, protocol, set, source, values, i);
                case IFACE -> networkInterface(path, source, values, i);
                case MARK -> {
                    values[2 * i + 1] = path.mark & 0xFFFF_FFFFL;
                    yield RuleTests.YES;
                }
                default -> address(path, source, values, i);
            };
            if (there != RuleTests.YES) {
                return there;
            }
        }
        Recorder noting = recorder;
        if (noting != null) {
            noting.set(set, argument, path, values);
        }
        return set.find(values) >= 0 ? RuleTests.YES : RuleTests.NO;
    }

    private int address(Path path, boolean source, long[] values, int part) {
        if (source && path.sourceUnknown) {
            reason = "the translated source is not known";
            return RuleTests.MAYBE;
        }
        values[2 * part] = source ? path.srcHigh : path.dstHigh;
        values[2 * part + 1] = source ? path.srcLow : path.dstLow;
        return RuleTests.YES;
    }

    /** net/netfilter/ipset/ip_set_getport.c: bitmaps of ports hold those of TCP and UDP only. */
    private int port(Path path, Protocol protocol, IpSet set, boolean source, long[] values, int part) {
        if (set.type().equals("bitmap:port") && protocol == Protocol.SCTP) {
            return RuleTests.NO;
        }
        if (source && path.sourcePort == 0) {
            reason = "the source port is open";
            return RuleTests.MAYBE;
        }
        values[2 * part + 1] = (long) protocol.number() << 16 | (source ? path.sourcePort : path.destinationPort);
        return RuleTests.YES;
    }

    /** net/netfilter/ipset/ip_set_hash_netiface.c: without an interface nothing matches. */
    private int networkInterface(Path path, boolean source, long[] values, int part) {
        String name = source ? path.in : path.out;
        boolean late = source && path.forwarded && path.stage > Stages.POSTROUTING;
        if (name.equals(NodeRoutes.UNKNOWN) || late) {
            reason = late
                    ? "whether the input interface is still known in POSTROUTING depends on the kernel's version"
                    : "the interface is not known";
            return RuleTests.MAYBE;
        }
        values[2 * part] = IpSet.interfaceHigh(name);
        values[2 * part + 1] = IpSet.interfaceLow(name);
        return name.isEmpty() ? RuleTests.NO : RuleTests.YES;
    }
}
