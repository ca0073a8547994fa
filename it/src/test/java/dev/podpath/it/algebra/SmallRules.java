package dev.podpath.it.algebra;

import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.IpPrefix;
import dev.podpath.core.net.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Random rules over prefixes, ports, protocols and one mark, as values: what is printed and what is meant come from here. */
final class SmallRules {
    private static final String[] ADDRESSES = {"10.96.0.10", "10.96.0.11", "10.96.0.200", "10.244.0.11", "198.51.100.7"
    };
    private static final int[] LENGTHS = {32, 32, 24, 16, 0};
    private static final int[] PORTS = {53, 80, 443, 8080};
    /** User chains of each table; a chain leads only to later ones. */
    static final int CHAINS = 4;

    enum Target {
        ACCEPT,
        DROP,
        REJECT,
        RETURN,
        JUMP,
        GOTO,
        MARK,
        UNMARK,
        DNAT,
        NOTHING
    }

    /** A prefix that must hold or, negated, must not. */
    record PrefixMatch(boolean negated, IpPrefix prefix) {
        String text(String option) {
            return (negated ? " ! " : " ") + option + " " + prefix;
        }
    }

    /** A range of ports, and whether it must not hold. */
    record PortMatch(boolean negated, int first, int last) {
        String text(String option) {
            return (negated ? " ! " : " ") + option + " " + (first == last ? "" + first : first + ":" + last);
        }
    }

    /** Endpoint of a translation; port 0 keeps the packet's. */
    record To(String address, int port) {}

    /** One rule; what is absent holds always. */
    record Rule(
            @Nullable PrefixMatch source,
            @Nullable PrefixMatch destination,
            @Nullable Protocol protocol,
            @Nullable PortMatch sourcePort,
            @Nullable PortMatch destinationPort,
            @Nullable Boolean marked,
            Target target,
            int chain,
            To to) {
        /** Whether the order of two rules that stand together cannot matter: no packet matches both, or both do the same. */
        boolean isIndependentOf(Rule other) {
            boolean same = target == other.target
                    && target != Target.JUMP
                    && (target != Target.GOTO || chain == other.chain)
                    && (target != Target.DNAT
                            || destination(protocol, to).equals(destination(other.protocol, other.to)));
            return same
                    || protocol != null && other.protocol != null && protocol != other.protocol
                    || apart(source, other.source)
                    || apart(destination, other.destination)
                    || destinationPort != null
                            && other.destinationPort != null
                            && protocol == other.protocol
                            && !destinationPort.negated()
                            && !other.destinationPort.negated()
                            && (destinationPort.last() < other.destinationPort.first()
                                    || other.destinationPort.last() < destinationPort.first());
        }

        private static String destination(@Nullable Protocol protocol, To to) {
            return to.address() + (protocol == null ? 0 : to.port());
        }

        private static boolean apart(@Nullable PrefixMatch one, @Nullable PrefixMatch other) {
            return one != null
                    && other != null
                    && !one.negated()
                    && !other.negated()
                    && !one.prefix().contains(other.prefix())
                    && !other.prefix().contains(one.prefix());
        }

        String text(String in) {
            StringBuilder out = new StringBuilder("-A " + in);
            if (source != null) {
                out.append(source.text("-s"));
            }
            if (destination != null) {
                out.append(destination.text("-d"));
            }
            if (protocol != null) {
                out.append(" -p ").append(protocol.lower());
                if (sourcePort != null || destinationPort != null) {
                    out.append(" -m ").append(protocol.lower());
                }
                if (sourcePort != null) {
                    out.append(sourcePort.text("--sport"));
                }
                if (destinationPort != null) {
                    out.append(destinationPort.text("--dport"));
                }
            }
            if (marked != null) {
                out.append(" -m mark").append(marked ? "" : " !").append(" --mark 0x1/0x1");
            }
            return out.append(
                            switch (target) {
                                case JUMP -> " -j U" + chain;
                                case GOTO -> " -g U" + chain;
                                case MARK -> " -j MARK --set-xmark 0x1/0x1";
                                case UNMARK -> " -j MARK --set-xmark 0x0/0x1";
                                case DNAT ->
                                    " -j DNAT --to-destination " + to.address()
                                            + (protocol == null || to.port() == 0 ? "" : ":" + to.port());
                                case NOTHING -> "";
                                default -> " -j " + target;
                            })
                    .toString();
        }
    }

    /** Chains of the nat table; the first is where PREROUTING leads. */
    final List<List<Rule>> nat = new ArrayList<>();
    /** Chains of the filter table; the first is where INPUT and FORWARD lead. */
    final List<List<Rule>> filter = new ArrayList<>();

    private final Random random;

    private SmallRules(Random random) {
        this.random = random;
    }

    static SmallRules of(Random random) {
        SmallRules rules = new SmallRules(random);
        for (int chain = 0; chain < CHAINS; chain++) {
            rules.nat.add(rules.chain(chain, true));
            rules.filter.add(rules.chain(chain, false));
        }
        return rules;
    }

    /** The same rules with neighbours exchanged wherever that cannot matter; how many were is added up. */
    SmallRules reordered(Random choice, int[] exchanged) {
        SmallRules other = new SmallRules(choice);
        nat.forEach(chain -> other.nat.add(reordered(chain, choice, exchanged)));
        filter.forEach(chain -> other.filter.add(reordered(chain, choice, exchanged)));
        return other;
    }

    private static List<Rule> reordered(List<Rule> chain, Random choice, int[] exchanged) {
        List<Rule> rules = new ArrayList<>(chain);
        for (int round = 0; round < rules.size(); round++) {
            for (int i = 0; i + 1 < rules.size(); i++) {
                if (choice.nextBoolean() && rules.get(i).isIndependentOf(rules.get(i + 1))) {
                    rules.set(i, rules.set(i + 1, rules.get(i)));
                    exchanged[0]++;
                }
            }
        }
        return rules;
    }

    private List<Rule> chain(int number, boolean translates) {
        List<Rule> rules = new ArrayList<>();
        for (int i = 0; i < 2 + random.nextInt(3); i++) {
            rules.add(rule(number, translates));
        }
        return rules;
    }

    private boolean oneIn(int many) {
        return random.nextInt(many) == 0;
    }

    private Rule rule(int number, boolean translates) {
        Protocol protocol = oneIn(2) ? null : Protocol.values()[random.nextInt(3)];
        Target target = target(number, translates);
        return new Rule(
                oneIn(3) ? prefix() : null,
                oneIn(2) ? prefix() : null,
                protocol,
                protocol == null || !oneIn(4) ? null : ports(),
                protocol == null || oneIn(2) ? null : ports(),
                oneIn(4) ? Boolean.valueOf(random.nextBoolean()) : null,
                target,
                number + 1 + random.nextInt(Math.max(1, CHAINS - 1 - number)),
                new To("10.244.0." + (11 + random.nextInt(3)), protocol == null ? 0 : 8080 * random.nextInt(2)));
    }

    private Target target(int number, boolean translates) {
        if (number < CHAINS - 1 && oneIn(2)) {
            return oneIn(3) ? Target.GOTO : Target.JUMP;
        }
        Target[] choice = translates
                ? new Target[] {Target.DNAT, Target.DNAT, Target.MARK, Target.UNMARK, Target.RETURN, Target.ACCEPT}
                : new Target[] {Target.DROP, Target.REJECT, Target.ACCEPT, Target.RETURN, Target.MARK, Target.NOTHING};
        return choice[random.nextInt(choice.length)];
    }

    private PrefixMatch prefix() {
        IpAddress address = IpAddress.of(ADDRESSES[random.nextInt(ADDRESSES.length)]);
        int length = LENGTHS[random.nextInt(LENGTHS.length)];
        return new PrefixMatch(oneIn(4) && length > 0, new IpPrefix(address, length));
    }

    private PortMatch ports() {
        int first = PORTS[random.nextInt(PORTS.length)];
        return new PortMatch(oneIn(4), first, oneIn(3) ? Math.min(65535, first * 7) : first);
    }

    /** As {@code iptables-save} prints them. */
    String text() {
        StringBuilder out = new StringBuilder("*nat\n:PREROUTING ACCEPT [0:0]\n:POSTROUTING ACCEPT [0:0]\n");
        declare(out);
        out.append("-A PREROUTING -j U0\n-A POSTROUTING -m mark --mark 0x1/0x1 -j MASQUERADE\n");
        rules(out, nat);
        out.append("COMMIT\n*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n");
        declare(out);
        out.append("-A INPUT -j U0\n-A FORWARD -j U0\n");
        rules(out, filter);
        return out.append("COMMIT\n").toString();
    }

    private static void declare(StringBuilder out) {
        for (int chain = 0; chain < CHAINS; chain++) {
            out.append(":U").append(chain).append(" - [0:0]\n");
        }
    }

    private static void rules(StringBuilder out, List<List<Rule>> chains) {
        for (int chain = 0; chain < CHAINS; chain++) {
            for (Rule rule : chains.get(chain)) {
                out.append(rule.text("U" + chain)).append('\n');
            }
        }
    }
}
