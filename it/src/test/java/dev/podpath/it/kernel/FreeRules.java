package dev.podpath.it.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random rules over the whole vocabulary, in all tables, and random changes of given rules. */
@SuppressWarnings("StatementSwitchToExpressionSwitch")
final class FreeRules {
    private static final String[] STATES = {
        "NEW", "INVALID", "ESTABLISHED,RELATED", "UNTRACKED", "DNAT", "SNAT", "NEW,DNAT"
    };

    private final Random random;
    private final Addresses addresses;
    private final RandomSets sets;
    private final RareMatches rare;

    private FreeRules(Random random, Addresses addresses, RandomSets sets) {
        this.random = random;
        this.addresses = addresses;
        this.sets = sets;
        this.rare = new RareMatches(random, addresses);
    }

    /** Rules that may ask for membership in these sets. */
    static String write(Random random, Addresses addresses, RandomSets sets) {
        return new FreeRules(random, addresses, sets).write();
    }

    private String write() {
        StringBuilder out = new StringBuilder();
        out.append(table("raw", 3, "PREROUTING", "OUTPUT"));
        out.append(table("mangle", 5, "PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"));
        out.append(table("nat", 22, "PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"));
        out.append(table("filter", 12, "INPUT", "FORWARD", "OUTPUT"));
        return out.toString();
    }

    private String table(String name, int rules, String... builtIn) {
        StringBuilder out = new StringBuilder("*" + name + "\n");
        for (String chain : builtIn) {
            boolean drop = name.equals("filter") && random.nextInt(12) == 0;
            out.append(":").append(chain).append(drop ? " DROP [0:0]\n" : " ACCEPT [0:0]\n");
        }
        for (int i = 0; i < 4; i++) {
            out.append(":U").append(i).append(" - [0:0]\n");
        }
        List<String> lines = new ArrayList<>();
        for (String chain : builtIn) {
            answersPass(lines, chain);
        }
        for (int i = 0; i < rules; i++) {
            boolean user = random.nextInt(3) > 0;
            int level = random.nextInt(4);
            String chain = user ? "U" + level : builtIn[random.nextInt(builtIn.length)];
            lines.add(rule(name, chain, user ? level : -1));
        }
        for (String chain : builtIn) {
            if (random.nextInt(3) > 0) {
                lines.add("-A " + chain + matches(chain) + (random.nextInt(4) == 0 ? " -g U" : " -j U")
                        + random.nextInt(2));
            }
        }
        lines.forEach(line -> out.append(line).append('\n'));
        return out.append("COMMIT\n").toString();
    }

    /** What the node answers to a rejected packet goes through the stack too; it is not to be lost on its way. */
    private void answersPass(List<String> lines, String chain) {
        lines.add("-A " + chain + " -p " + (addresses.isV6() ? "ipv6-icmp" : "icmp") + " -j ACCEPT");
        lines.add("-A " + chain + " -p tcp -m tcp --tcp-flags RST RST -j ACCEPT");
    }

    private String rule(String table, String chain, int level) {
        String matches = matches(chain);
        return "-A " + chain + matches + target(table, chain, level, matches);
    }

    private String not() {
        return random.nextInt(4) == 0 ? " !" : "";
    }

    private String matches(String chain) {
        StringBuilder out = new StringBuilder();
        if (random.nextInt(3) == 0) {
            out.append(not()).append(" -s ").append(address());
        }
        if (random.nextInt(2) == 0) {
            out.append(not()).append(" -d ").append(address());
        }
        if (random.nextInt(2) == 0) {
            transport(out);
        }
        int more = random.nextInt(3);
        for (int i = 0; i < more; i++) {
            out.append(one(chain));
        }
        return out.toString();
    }

    private String address() {
        String host = addresses.any(random);
        if (addresses.isV6()) {
            return host + "/" + new int[] {128, 128, 64, 48, 127}[random.nextInt(5)];
        }
        return host + "/" + new String[] {"32", "32", "24", "16", "30", "255.0.255.0"}[random.nextInt(6)];
    }

    private void transport(StringBuilder out) {
        String protocol = new String[] {"tcp", "tcp", "udp", "sctp"}[random.nextInt(4)];
        out.append(" -p ").append(protocol);
        int port = Addresses.PORTS[random.nextInt(Addresses.PORTS.length)];
        switch (random.nextInt(6)) {
            case 0 ->
                out.append(" -m multiport")
                        .append(not())
                        .append(" --dports 53,80:90,")
                        .append(port);
            case 1 ->
                out.append(" -m multiport")
                        .append(not())
                        .append(" --ports ")
                        .append(port)
                        .append(",1:1000");
            case 2 -> out.append(" -m ").append(protocol).append(not()).append(" --sport 1000:30000");
            case 3 -> {
                if (protocol.equals("tcp")) {
                    out.append(" -m tcp").append(not()).append(" --tcp-flags SYN,RST,ACK SYN");
                }
            }
            default ->
                out.append(" -m ")
                        .append(protocol)
                        .append(not())
                        .append(" --dport ")
                        .append(port);
        }
    }

    private String one(String chain) {
        boolean in = chain.equals("PREROUTING") || chain.equals("INPUT") || chain.equals("FORWARD");
        boolean leaves = chain.equals("OUTPUT") || chain.equals("POSTROUTING") || chain.equals("FORWARD");
        switch (random.nextInt(15)) {
            case 10, 11:
                return sets.match();
            case 12, 13, 14:
                return rare.match(chain);
            case 0:
                return " -m mark" + not() + " --mark 0x" + (1 << random.nextInt(3)) + "/0x"
                        + (1 << random.nextInt(3) | 1);
            case 1:
                return " -m conntrack" + not() + " --ctstate " + STATES[random.nextInt(STATES.length)];
            case 2:
                return " -m addrtype" + not() + " --dst-type LOCAL";
            case 3:
                return " -m addrtype" + not() + " --src-type LOCAL";
            case 4:
                return " -m statistic --mode random" + not() + " --probability 0." + (1 + random.nextInt(9));
            case 5:
                return in ? not() + " -i " + new String[] {"ext0", "pod+", "pod1", "lo"}[random.nextInt(4)] : "";
            case 6:
                return leaves ? not() + " -o " + new String[] {"ext0", "pod+", "pod2", "lo"}[random.nextInt(4)] : "";
            case 7:
                return addresses.isV6() ? "" : " -m iprange" + not() + " --dst-range 10.96.0.10-10.96.0.11";
            case 8:
                return " -m conntrack --ctstate NEW" + not() + " --ctorigdst " + addresses.host(addresses.any(random));
            default:
                return " -m connmark" + not() + " --mark 0x1/0x3";
        }
    }

    private String target(String table, String chain, int level, String matches) {
        if (random.nextInt(4) == 0) {
            String mark = "0x" + (1 << random.nextInt(3)) + "/0x" + random.nextInt(8);
            return switch (random.nextInt(5)) {
                case 0 -> " -j CONNMARK --save-mark --nfmask 0x7 --ctmask 0x7";
                case 1 -> " -j CONNMARK --restore-mark --nfmask 0x3 --ctmask 0x7";
                case 2 -> " -j CONNMARK --set-xmark " + mark;
                default -> " -j MARK --set-xmark " + mark;
            };
        }
        if (level >= 0 && level < 3 && random.nextInt(3) == 0) {
            return (random.nextInt(3) == 0 ? " -g U" : " -j U") + (level + 1 + random.nextInt(3 - level));
        }
        if (random.nextInt(5) == 0) {
            return switch (random.nextInt(5)) {
                case 0, 1 -> " -j RETURN";
                case 2 -> " -j ACCEPT";
                case 3 -> rare.neutral();
                default -> "";
            };
        }
        switch (table) {
            case "raw":
                return random.nextInt(3) == 0 ? " -j CT --notrack" : " -j RETURN";
            case "nat":
                return translation(chain, matches);
            case "filter":
                return switch (random.nextInt(4)) {
                    case 0 -> " -j DROP";
                    case 1 -> addresses.isV6() ? " -j REJECT --reject-with icmp6-adm-prohibited" : " -j REJECT";
                    case 2 ->
                        matches.contains(" -p tcp") && !matches.contains("! -p")
                                ? " -j REJECT --reject-with tcp-reset"
                                : " -j RETURN";
                    default -> " -j ACCEPT";
                };
            default:
                return random.nextInt(6) == 0 ? " -j DROP" : " -j RETURN";
        }
    }

    /** Only chains that no other hook leads to can translate, so user chains translate destinations only. */
    private String translation(String chain, String matches) {
        boolean ports = matches.contains(" -p ");
        String pod = addresses.pod(1 + random.nextInt(KernelLab.PODS));
        if (chain.equals("POSTROUTING")) {
            return random.nextBoolean()
                    ? " -j MASQUERADE"
                    : " -j SNAT --to-source " + (random.nextBoolean() ? addresses.node() : addresses.gateway());
        }
        if (chain.equals("PREROUTING") || chain.equals("OUTPUT")) {
            if (random.nextInt(4) == 0) {
                return rare.translation(ports);
            }
            String bracketed = addresses.isV6() ? "[" + pod + "]" : pod;
            return " -j DNAT --to-destination " + (ports && random.nextBoolean() ? bracketed + ":8080" : pod);
        }
        return " -j RETURN";
    }

    /** Changes some lines of given rules. */
    static String mutate(Random random, String rules) {
        List<String> lines = new ArrayList<>(List.of(rules.split("\n")));
        for (int i = 0; i < 1 + random.nextInt(6); i++) {
            int at = random.nextInt(lines.size());
            String line = lines.get(at);
            if (!line.startsWith("-A")) {
                continue;
            }
            switch (random.nextInt(5)) {
                case 0 -> lines.remove(at);
                case 1 -> lines.add(at, line);
                case 2 -> {
                    int target = line.indexOf(" -j ");
                    if (target > 0) {
                        String other = random.nextBoolean() ? " -j RETURN" : " -j ACCEPT";
                        lines.set(at, line.substring(0, target) + other);
                    }
                }
                case 3 -> {
                    if (at > 0 && lines.get(at - 1).startsWith("-A")) {
                        lines.set(at, lines.set(at - 1, line));
                    }
                }
                default -> lines.set(at, line.replace(" -d ", " ! -d "));
            }
        }
        return String.join("\n", lines) + "\n";
    }
}
