package dev.podpath.it.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random nftables rules over the whole vocabulary, in several tables and hooks, and random changes of given rules. */
final class NftFreeRules {
    private static final String[] HOOKS = {"prerouting", "input", "forward", "output", "postrouting"};
    private static final String[] PROTOCOLS = {"tcp", "tcp", "udp", "sctp"};

    private final Random random;
    private final Addresses addresses;
    private final String ip;
    private final StringBuilder out = new StringBuilder();

    private NftFreeRules(Random random, Addresses addresses) {
        this.random = random;
        this.addresses = addresses;
        this.ip = addresses.isV6() ? "ip6" : "ip";
    }

    static String write(Random random, Addresses addresses) {
        return new NftFreeRules(random, addresses).write();
    }

    private String write() {
        table("free", random.nextInt(3) == 0 ? "inet" : ip);
        if (random.nextBoolean()) {
            table("other", random.nextInt(4) == 0 ? "inet" : ip);
        }
        return out.toString();
    }

    /** Chains are numbered, and jump only to higher numbers; those with a D translate destinations. */
    private void table(String name, String family) {
        boolean inet = family.equals("inet");
        out.append("table ").append(family).append(' ').append(name).append(" {\n");
        sets();
        for (int level = 3; level >= 0; level--) {
            chain("u" + level, "", level, "", inet);
            chain("d" + level, "", level, "dnat", inet);
        }
        int bases = 3 + random.nextInt(4);
        for (int i = 0; i < bases; i++) {
            String hook = HOOKS[random.nextInt(HOOKS.length)];
            int priority = new int[] {-300, -150, -110, -90, 0, 10, 50}[random.nextInt(7)];
            boolean drops = random.nextInt(14) == 0;
            String head = "type filter hook " + hook + " priority " + priority + "; policy "
                    + (drops ? "drop" : "accept") + ";";
            chain("base" + i, head, -1, hook + (priority == -300 ? " raw" : ""), inet);
        }
        if (random.nextInt(4) > 0) {
            chain("nat-pre", "type nat hook prerouting priority dstnat; policy accept;", -1, "dnat prerouting", inet);
        }
        if (random.nextInt(4) > 0) {
            chain("nat-out", "type nat hook output priority -100; policy accept;", -1, "dnat output", inet);
        }
        if (random.nextInt(4) > 0) {
            chain(
                    "nat-post",
                    "type nat hook postrouting priority srcnat; policy accept;",
                    -1,
                    "snat postrouting",
                    inet);
        }
        out.append("}\n");
    }

    private void sets() {
        String address = addresses.isV6() ? "ipv6_addr" : "ipv4_addr";
        set("set hosts", "type " + address, 5, () -> addresses.any(random));
        out.append("\tset nets {\n\t\ttype ")
                .append(address)
                .append("\n\t\tflags interval\n\t\telements = { ")
                .append(addresses.far())
                .append(", ")
                .append(addresses.isV6() ? "fd00:96::a-fd00:96::b" : "10.96.0.10-10.96.0.11")
                .append(" }\n\t}\n");
        set("set ports", "type inet_proto . inet_service", 4, () -> protocol() + " . " + port());
        set(
                "set triples",
                "type " + address + " . inet_proto . inet_service",
                6,
                () -> addresses.any(random) + " . " + protocol() + " . " + port());
        set("map ways", "type inet_service : verdict", 3, () -> port() + " : " + decision(3, "u"));
        set(
                "map targets",
                "type " + address + " : " + address,
                5,
                () -> addresses.any(random) + " : " + addresses.pod(1 + random.nextInt(KernelLab.PODS)));
        out.append("\tset seen {\n\t\ttype ")
                .append(address)
                .append("\n\t\tsize 1000\n\t\tflags dynamic,timeout\n\t\ttimeout 1h\n\t}\n");
    }

    private void set(String head, String type, int count, java.util.function.Supplier<String> element) {
        List<String> elements = new ArrayList<>();
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String one = element.get();
            int value = one.indexOf(" : ");
            String key = value < 0 ? one : one.substring(0, value);
            if (!keys.contains(key)) {
                keys.add(key);
                elements.add(one);
            }
        }
        out.append('\t')
                .append(head)
                .append(" {\n\t\t")
                .append(type)
                .append("\n\t\telements = { ")
                .append(String.join(", ", elements))
                .append(" }\n\t}\n");
    }

    private void chain(String name, String head, int level, String place, boolean inet) {
        out.append("\tchain ").append(name).append(" {\n");
        if (!head.isEmpty()) {
            out.append("\t\t").append(head).append('\n');
            // What the node answers to a rejected packet goes through the stack too; it is not to be lost on its way.
            line("meta l4proto { icmp, ipv6-icmp } accept");
            line("tcp flags & rst == rst accept");
        }
        int rules = 1 + random.nextInt(place.contains("nat") ? 5 : 4);
        for (int i = 0; i < rules; i++) {
            rule(level, place, inet);
        }
        out.append("\t}\n");
    }

    private void line(String rule) {
        out.append("\t\t").append(rule).append('\n');
    }

    /** A rule speaks of one transport protocol at most. */
    private void rule(int level, String place, boolean inet) {
        String protocol = new String[] {"", "tcp", "tcp", "udp"}[random.nextInt(4)];
        StringBuilder rule = new StringBuilder();
        int count = random.nextInt(3);
        for (int i = 0; i < count; i++) {
            String match = match(place);
            if (fits(match, protocol, inet)) {
                rule.append(match).append(' ');
            }
        }
        String action = action(level, place, inet, protocol);
        line(rule.append(fits(action, protocol, inet) ? action : "counter").toString());
    }

    private static boolean fits(String text, String protocol, boolean inet) {
        if (text.startsWith("tcp ") || text.startsWith("udp ")) {
            return text.startsWith(protocol + " ");
        }
        boolean own = text.startsWith("meta l4proto " + protocol + " ");
        return text.startsWith("meta nfproto") ? inet : !text.startsWith("meta l4proto ") || protocol.isEmpty() || own;
    }

    private String not() {
        return random.nextInt(4) == 0 ? "!= " : "";
    }

    private String protocol() {
        return PROTOCOLS[random.nextInt(PROTOCOLS.length)];
    }

    private int port() {
        return Addresses.PORTS[random.nextInt(Addresses.PORTS.length)];
    }

    private String match(String place) {
        String side = random.nextInt(3) == 0 ? "saddr " : "daddr ";
        switch (random.nextInt(25)) {
            case 0, 1:
                return ip + " " + side + not() + addresses.any(random);
            case 2:
                return ip + " " + side + not() + (random.nextBoolean() ? addresses.pods() : addresses.far());
            case 3:
                return ip + " " + side + not() + "@" + (random.nextBoolean() ? "hosts" : "nets");
            case 4:
                return ip + " " + side + not() + "{ " + addresses.any(random) + ", "
                        + (addresses.isV6() ? "fd00:50::2-fd00:50::5" : "192.168.50.2-192.168.50.5") + " }";
            case 5, 6:
                return "tcp dport " + not() + port();
            case 7:
                return "udp dport { 53, 80-443 }";
            case 8:
                return "th dport " + not() + (random.nextBoolean() ? "1000-31000" : "" + port());
            case 9:
                return "meta l4proto " + (random.nextBoolean() ? "tcp" : "{ tcp, udp }");
            case 10:
                return ip + " daddr . meta l4proto . th dport " + not() + "@triples";
            case 11:
                return "meta l4proto . th dport " + not() + "@ports";
            case 12:
                return "meta mark and 0x" + (1 << random.nextInt(3)) + " " + (random.nextBoolean() ? "==" : "!=")
                        + " 0x" + (1 << random.nextInt(3));
            case 13:
                return "ct state " + not()
                        + new String[] {"new", "invalid", "{ established, related }", "untracked", "new,untracked"}
                                [random.nextInt(5)];
            case 14:
                return "ct status " + (random.nextBoolean() ? "dnat" : "snat");
            case 15:
                return "fib daddr type " + not() + "local";
            case 16:
                return "fib saddr type " + not() + "local";
            case 17:
                return place.isEmpty() || place.startsWith("output") || place.startsWith("post")
                        ? "ct mark and 0x3 == 0x1"
                        : "iifname " + not()
                                + new String[] {"\"ext0\"", "\"pod*\"", "\"lo\"", "{ \"pod1\", \"ext0\" }"}
                                        [random.nextInt(4)];
            case 18:
                return place.startsWith("output") || place.startsWith("post") || place.startsWith("forward")
                        ? "oifname " + not() + new String[] {"\"ext0\"", "\"pod*\"", "\"lo\""}[random.nextInt(3)]
                        : "meta mark " + not() + "0x" + random.nextInt(4);
            case 19:
                return "numgen random mod 5 < " + (1 + random.nextInt(4));
            case 20:
                return "ct original " + ip + " daddr " + not() + addresses.any(random);
            case 21:
                return "tcp flags & (syn | ack) == syn";
            case 22:
                return "ct direction original";
            case 23:
                return "meta nfproto " + (addresses.isV6() ? "ipv6" : "ipv4");
            default:
                return "tcp sport 1000-30000";
        }
    }

    private String decision(int level, String kind) {
        if (level >= 0 && level < 3 && random.nextBoolean()) {
            return (random.nextBoolean() ? "goto " : "jump ") + kind + (level + 1 + random.nextInt(3 - level));
        }
        return new String[] {"accept", "return", "continue", "drop"}[random.nextInt(random.nextInt(4) == 0 ? 4 : 3)];
    }

    private String action(int level, String place, boolean inet, String protocol) {
        String kind = place.startsWith("dnat") ? "d" : "u";
        String mark = "0x" + (1 << random.nextInt(3));
        switch (random.nextInt(16)) {
            case 0:
                return "meta mark set " + mark;
            case 1:
                return "meta mark set meta mark " + new String[] {"or", "xor", "and"}[random.nextInt(3)] + " " + mark;
            case 2:
                return random.nextBoolean() ? "ct mark set meta mark" : "meta mark set ct mark";
            case 3:
                return random.nextBoolean() ? "counter" : "counter log prefix \"x \" " + decision(level, kind);
            case 4:
                return "ip" + (addresses.isV6() ? "6" : "") + " daddr . meta l4proto . th dport vmap { "
                        + addresses.any(random) + " . tcp . " + port() + " : " + decision(level, kind) + ", "
                        + (addresses.isV6() ? "fd00:99::1" : "10.99.0.1") + " . udp . 53 : accept }";
            case 5:
                return kind.equals("u") && level < 0
                        ? "th dport vmap @ways"
                        : "tcp dport vmap { 80 : " + decision(level, kind) + ", 443-8080 : " + decision(level, kind)
                                + " }";
            case 6:
                return "numgen " + (random.nextBoolean() ? "random" : "inc") + " mod 3 vmap { 0 : "
                        + decision(level, kind) + ", 1-2 : " + decision(level, kind) + " }";
            case 7:
                return "update @seen { " + ip + " saddr }";
            case 8:
                return "meta mark set numgen random mod 3";
            case 9, 10:
                if (level < 3) {
                    int next = level + 1 + random.nextInt(3 - Math.max(level, 0) + (level < 0 ? 1 : 0));
                    return (random.nextInt(3) == 0 ? "goto " : "jump ") + kind + Math.min(3, next);
                }
                return decision(level, kind);
            case 11:
                return place.endsWith("raw")
                                && !place.startsWith("input")
                                && !place.startsWith("forward")
                                && !place.startsWith("post")
                        ? "notrack"
                        : decision(level, kind);
            case 12:
                return place.startsWith("input") || place.startsWith("forward") || place.startsWith("output")
                        ? reject(inet, protocol)
                        : decision(level, kind);
            default:
                return place.contains("nat") ? translation(place, inet, protocol) : decision(level, kind);
        }
    }

    private String reject(boolean inet, String protocol) {
        if (protocol.equals("tcp") && random.nextInt(3) == 0) {
            return "meta l4proto tcp reject with tcp reset";
        }
        String with = inet ? "icmpx" : addresses.isV6() ? "icmpv6" : "icmp";
        return random.nextBoolean() ? "reject" : "reject with " + with + " admin-prohibited";
    }

    private String translation(String place, boolean inet, String protocol) {
        String family = inet ? ip + " " : "";
        String pod = addresses.pod(1 + random.nextInt(KernelLab.PODS));
        if (place.startsWith("snat")) {
            return random.nextBoolean()
                    ? "masquerade"
                    : "snat " + family + "to " + (random.nextBoolean() ? addresses.node() : addresses.gateway());
        }
        String bracketed = addresses.isV6() ? "[" + pod + "]" : pod;
        return switch (random.nextInt(6)) {
            case 0 -> "dnat " + family + "to " + ip + " daddr map @targets";
            case 1 ->
                place.endsWith("ing") || place.endsWith("put")
                        ? "meta l4proto tcp redirect to :8080"
                        : "dnat " + family + "to " + pod;
            case 2 -> "dnat " + family + "to numgen random mod 2 map { 0 : " + addresses.pod(1) + ", 1 : " + pod + " }";
            case 3, 4 ->
                "meta l4proto " + (protocol.isEmpty() ? "{ tcp, udp }" : protocol) + " dnat " + family + "to "
                        + bracketed + ":8080";
            default -> "dnat " + family + "to " + pod;
        };
    }

    /** Changes some lines of given rules. */
    static String mutate(Random random, String rules) {
        List<String> lines = new ArrayList<>(List.of(rules.split("\n")));
        int changes = 1 + random.nextInt(6);
        for (int i = 0; i < changes; i++) {
            int at = random.nextInt(lines.size());
            String line = lines.get(at);
            boolean rule = line.startsWith("\t\t")
                    && !line.contains("type ")
                    && !line.contains("elements")
                    && !line.contains("flags")
                    && !line.contains("timeout")
                    && !line.contains("size");
            if (!rule) {
                continue;
            }
            switch (random.nextInt(6)) {
                case 0 -> lines.remove(at);
                case 1 -> lines.add(at, line);
                case 2 ->
                    lines.set(at, line.replaceFirst("(goto|jump) \\S+", random.nextBoolean() ? "return" : "accept"));
                case 3 -> {
                    String before = lines.get(at - 1);
                    if (before.startsWith("\t\t") && !before.contains("type ")) {
                        lines.set(at, lines.set(at - 1, line));
                    }
                }
                case 4 -> lines.set(at, line.replace("goto ", "jump "));
                default -> lines.set(at, line.replaceFirst("(saddr|daddr) (?=[0-9f@])", "$1 != "));
            }
        }
        return String.join("\n", lines) + "\n";
    }
}
