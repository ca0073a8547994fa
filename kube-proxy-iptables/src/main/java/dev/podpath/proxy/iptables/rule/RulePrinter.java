package dev.podpath.proxy.iptables.rule;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Writes rules in the form of {@code iptables-save}, without comments and counters. What it writes,
 * {@code iptables-restore} takes, and reading it again gives the same rules.
 */
public final class RulePrinter {
    private static final Map<Integer, String> PROTOCOLS =
            Map.of(6, "tcp", 17, "udp", 132, "sctp", 1, "icmp", 58, "ipv6-icmp");
    private static final String[] FLAGS = {"FIN", "SYN", "RST", "PSH", "ACK", "URG"};

    private final Ruleset rules;
    private final StringBuilder out = new StringBuilder();
    private String module = "";
    private String transport = "";
    private final Set<String> given = new HashSet<>();

    private RulePrinter(Ruleset rules) {
        this.rules = rules;
    }

    /** All tables. */
    public static String print(Ruleset rules) {
        return print(rules, table -> true);
    }

    /** The tables that are wanted. */
    public static String print(Ruleset rules, Predicate<TableName> wanted) {
        RulePrinter printer = new RulePrinter(rules);
        for (TableName name : TableName.values()) {
            if (rules.has(name) && wanted.test(name)) {
                printer.table(rules.table(name));
            }
        }
        return printer.out.toString();
    }

    /** One rule, from {@code -A} on. */
    public static String print(Ruleset rules, Table table, int rule) {
        RulePrinter printer = new RulePrinter(rules);
        printer.rule(table, rule);
        return printer.out.toString();
    }

    private void table(Table table) {
        out.append('*').append(table.name().text()).append('\n');
        for (int chain = 0; chain < table.chainCount(); chain++) {
            String policy = table.policy(chain) == Table.USER
                    ? "-"
                    : table.policy(chain) == Table.POLICY_DROP ? "DROP" : "ACCEPT";
            out.append(':')
                    .append(table.chainName(chain))
                    .append(' ')
                    .append(policy)
                    .append(" [0:0]\n");
        }
        for (int rule = 0; rule < table.ruleCount(); rule++) {
            rule(table, rule);
            out.append('\n');
        }
        out.append("COMMIT\n");
    }

    private void rule(Table table, int rule) {
        int[] code = table.code();
        int target = table.target(rule);
        if (Op.of(code[target]) == Op.OPAQUE_TARGET && Op.argument(code[target]) == Op.WHOLE_LINE) {
            out.append(text(code, target).strip());
            return;
        }
        out.append("-A ").append(table.chainName(table.chainOf(rule)));
        module = "";
        transport = "";
        for (int at = table.start(rule); at < target; at += 1 + Op.operands(code[at], table.addressWords())) {
            test(code, at, code[at]);
        }
        target(table, code, target, code[target]);
    }

    private String text(int[] code, int at) {
        return new String(rules.document().bytes(), code[at + 1], code[at + 2], StandardCharsets.UTF_8);
    }

    /** A match is named again where its option was given before: then it is another match of the same kind. */
    private void option(String of, int header, String option) {
        String name = option.substring(0, Math.max(option.indexOf(' '), 0));
        if (!of.isEmpty() && (!of.equals(module) || given.contains(name))) {
            out.append(" -m ").append(of);
            module = of;
            given.clear();
        }
        given.add(name);
        out.append(Op.negated(header) ? " ! " : " ").append(option);
    }

    private String address(int[] code, int at) {
        return Addresses.at(code, at, rules.isV6()).toString();
    }

    private String prefix(int[] code, int at, int header) {
        return address(code, at + 1) + "/" + Op.argument(header);
    }

    private String two(int[] code, int at, String separator) {
        return address(code, at + 1) + separator + address(code, at + 1 + (rules.isV6() ? 4 : 1));
    }

    private static String range(int range, char separator) {
        int first = range >>> 16;
        int last = range & 0xFFFF;
        return first == last ? Integer.toString(first) : first + Character.toString(separator) + last;
    }

    private static String marks(int value, int mask) {
        return mask == -1 ? String.format("0x%x", value) : String.format("0x%x/0x%x", value, mask);
    }

    private String label(int number) {
        String name = rules.label(number);
        return name.chars().allMatch(c -> c > ' ' && c != '"' && c != '\'' && c != '\\') ? name : "\"" + name + "\"";
    }

    private void test(int[] code, int at, int header) {
        int argument = Op.argument(header);
        switch (Op.of(header)) {
            case Op.SRC -> option("", header, "-s " + prefix(code, at, header));
            case Op.DST -> option("", header, "-d " + prefix(code, at, header));
            case Op.SRC_MASKED -> option("", header, "-s " + two(code, at, "/"));
            case Op.DST_MASKED -> option("", header, "-d " + two(code, at, "/"));
            case Op.SRC_RANGE -> option("iprange", header, "--src-range " + two(code, at, "-"));
            case Op.DST_RANGE -> option("iprange", header, "--dst-range " + two(code, at, "-"));
            case Op.PROTO -> {
                String name = PROTOCOLS.getOrDefault(argument, Integer.toString(argument));
                transport = Op.negated(header) ? transport : name;
                option("", header, "-p " + name);
            }
            case Op.SPORT -> option(transport, header, "--sport " + range(code[at + 1], ':'));
            case Op.DPORT -> option(transport, header, "--dport " + range(code[at + 1], ':'));
            case Op.PORTS -> ports(code, at, header);
            case Op.MARK -> option("mark", header, "--mark " + marks(code[at + 1], code[at + 2]));
            case Op.CTMARK -> option("connmark", header, "--mark " + marks(code[at + 1], code[at + 2]));
            case Op.IN -> option("", header, "-i " + label(argument));
            case Op.OUT -> option("", header, "-o " + label(argument));
            case Op.STATE -> again("conntrack", header, "--ctstate " + CtState.print(argument));
            case Op.SRC_TYPE -> type(code, at, "--src-type ");
            case Op.DST_TYPE -> type(code, at, "--dst-type ");
            case Op.ORIG_SRC -> option("conntrack", header, "--ctorigsrc " + prefix(code, at, header));
            case Op.ORIG_DST -> option("conntrack", header, "--ctorigdst " + prefix(code, at, header));
            case Op.ORIG_SPORT -> option("conntrack", header, "--ctorigsrcport " + range(code[at + 1], ':'));
            case Op.ORIG_DPORT -> option("conntrack", header, "--ctorigdstport " + range(code[at + 1], ':'));
            case Op.CT_PROTO -> option("conntrack", header, "--ctproto " + argument);
            case Op.CT_DIRECTION -> option("conntrack", header, "--ctdir " + (argument == 0 ? "ORIGINAL" : "REPLY"));
            case Op.TCP_FLAGS -> option("tcp", header, "--tcp-flags " + flags(argument >>> 8) + " " + flags(argument));
            case Op.CONSTANT -> option("", header, "-f");
            default -> stateful(code, at, header);
        }
    }

    private void again(String of, int header, String option) {
        module = "";
        option(of, header, option);
    }

    private void stateful(int[] code, int at, int header) {
        switch (Op.of(header)) {
            case Op.RANDOM ->
                again(
                        "statistic",
                        Op.header(Op.RANDOM, false, 0),
                        "--mode random" + (Op.negated(header) ? " !" : "") + " --probability "
                                + String.format(Locale.ROOT, "%.11f", (code[at + 1] & 0xFFFF_FFFFL) / 0x1p31));
            case Op.NTH ->
                again(
                        "statistic",
                        Op.header(Op.NTH, false, 0),
                        "--mode nth" + (Op.negated(header) ? " !" : "") + " --every " + code[at + 1] + " --packet "
                                + code[at + 2]);
            case Op.RECENT -> recent(code, at, header);
            case Op.SET -> again("set", header, "--match-set " + label(code[at + 1]) + " " + directions(header));
            case Op.IPVS -> again("ipvs", header, "--ipvs");
            case Op.IPVS_VADDR -> option("ipvs", header, "--vaddr " + prefix(code, at, header));
            case Op.IPVS_VPORT -> option("ipvs", header, "--vport " + range(code[at + 1], ':'));
            default -> {
                if (Op.of(header) == Op.OPAQUE && Op.argument(header) > 1) {
                    out.append(" -m ").append(rules.label((Op.argument(header) >>> 1) - 1));
                }
                out.append(' ').append(text(code, at));
                module = "";
            }
        }
    }

    private void ports(int[] code, int at, int header) {
        int which = Op.argument(header) & 3;
        StringBuilder list = new StringBuilder();
        for (int i = 1; i <= Op.argument(header) >>> 2; i++) {
            list.append(i == 1 ? "" : ",").append(range(code[at + i], ':'));
        }
        again("multiport", header, (which == 1 ? "--sports " : which == 2 ? "--dports " : "--ports ") + list);
    }

    /** Source and destination type of one match share what limits them. */
    private void type(int[] code, int at, String option) {
        int header = code[at];
        int argument = Op.argument(header);
        option("addrtype", header, option + AddressType.print(argument & 0xFFFF));
        boolean shared = Op.of(header) == Op.SRC_TYPE
                && Op.of(code[at + 1]) == Op.DST_TYPE
                && (argument | 0xFFFF) == (Op.argument(code[at + 1]) | 0xFFFF);
        if (shared) {
            return;
        }
        if ((argument & Op.LIMIT_IN) != 0) {
            out.append(" --limit-iface-in");
        }
        if ((argument & Op.LIMIT_OUT) != 0) {
            out.append(" --limit-iface-out");
        }
    }

    private static String flags(int bits) {
        String names = Bits.print(bits & 0x3F, FLAGS);
        return names.isEmpty() ? "NONE" : names;
    }

    private void recent(int[] code, int at, int header) {
        int mode = Op.argument(header);
        again(
                "recent",
                header,
                (mode & RecentMode.SET) != 0
                        ? "--set"
                        : (mode & RecentMode.UPDATE) != 0
                                ? "--update"
                                : (mode & RecentMode.REMOVE) != 0 ? "--remove" : "--rcheck");
        if (code[at + 2] != 0) {
            out.append(" --seconds ").append(code[at + 2]);
        }
        if ((mode & RecentMode.REAP) != 0) {
            out.append(" --reap");
        }
        if (code[at + 3] != 0) {
            out.append(" --hitcount ").append(code[at + 3]);
        }
        if (code[at + 1] >= 0) {
            out.append(" --name ").append(label(code[at + 1]));
        }
        out.append((mode & RecentMode.DESTINATION) != 0 ? " --rdest" : " --rsource");
    }

    private static String directions(int header) {
        StringBuilder list = new StringBuilder();
        int argument = Op.argument(header);
        for (int i = 0; i < (argument & 7); i++) {
            list.append(i == 0 ? "" : ",").append((argument & 8 << i) != 0 ? "src" : "dst");
        }
        return list.toString();
    }

    private void target(Table table, int[] code, int at, int header) {
        switch (Op.of(header)) {
            case Op.NONE -> {}
            case Op.ACCEPT -> out.append(" -j ACCEPT");
            case Op.DROP -> out.append(" -j DROP");
            case Op.RETURN -> out.append(" -j RETURN");
            case Op.JUMP -> out.append(" -j ").append(table.chainName(code[at + 1]));
            case Op.GOTO -> out.append(" -g ").append(table.chainName(code[at + 1]));
            case Op.SET_MARK -> out.append(String.format(" -j MARK --set-xmark 0x%x/0x%x", code[at + 1], code[at + 2]));
            case Op.SET_CTMARK -> connectionMark(code, at, Op.argument(header));
            case Op.NOTRACK -> out.append(" -j CT --notrack");
            case Op.DNAT -> translation(code, at, header, " -j DNAT --to-destination ");
            case Op.SNAT -> translation(code, at, header, " -j SNAT --to-source ");
            case Op.MASQUERADE -> ports(code, at, header, " -j MASQUERADE");
            case Op.REDIRECT -> ports(code, at, header, " -j REDIRECT");
            case Op.REJECT ->
                out.append(" -j REJECT --reject-with ")
                        .append(RejectKind.of(Op.argument(header)).text());
            case Op.NETMAP -> out.append(" -j NETMAP --to ").append(prefix(code, at, header));
            default -> out.append(" -j ").append(text(code, at));
        }
    }

    private void connectionMark(int[] code, int at, int kind) {
        String format = kind == Op.CONNMARK_SET
                ? " -j CONNMARK --set-xmark 0x%x/0x%x"
                : kind == Op.CONNMARK_SAVE
                        ? " -j CONNMARK --save-mark --nfmask 0x%x --ctmask 0x%x"
                        : " -j CONNMARK --restore-mark --nfmask 0x%x --ctmask 0x%x";
        out.append(String.format(format, code[at + 1], code[at + 2]));
    }

    private void translation(int[] code, int at, int header, String option) {
        int flags = Op.argument(header);
        int words = rules.isV6() ? 4 : 1;
        StringBuilder to = new StringBuilder();
        if ((flags & NatRange.ADDRESSES) != 0) {
            String first = address(code, at + 1);
            String last = address(code, at + 1 + words);
            to.append(first.equals(last) ? first : first + "-" + last);
        }
        if ((flags & NatRange.PORTS) != 0) {
            if (rules.isV6() && to.length() > 0) {
                to.insert(0, '[').append(']');
            }
            to.append(':').append(range(code[at + 1 + 2 * words], '-'));
        }
        out.append(option).append(to);
        natFlags(flags);
    }

    private void ports(int[] code, int at, int header, String target) {
        out.append(target);
        if ((Op.argument(header) & NatRange.PORTS) != 0) {
            out.append(" --to-ports ").append(range(code[at + 1], '-'));
        }
        natFlags(Op.argument(header));
    }

    private void natFlags(int flags) {
        out.append((flags & NatRange.RANDOM) != 0 ? " --random" : "")
                .append((flags & NatRange.RANDOM_FULLY) != 0 ? " --random-fully" : "")
                .append((flags & NatRange.PERSISTENT) != 0 ? " --persistent" : "");
    }
}
