package dev.podpath.it.verify;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.proxy.ServiceProxy;
import dev.podpath.ports.node.NodeInterfaces;
import dev.podpath.ports.node.NodeState;
import dev.podpath.ports.snapshot.MemorySnapshot;
import dev.podpath.ports.snapshot.Snapshot;
import dev.podpath.proxy.nftables.NftablesMode;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Random nftables rules in which addresses are served in one way or nearly so: chains made of one pattern for each of them, with
 * addresses of their own and now and then another word, beside rules for all packets.
 *
 * @param text the rules
 * @param addresses all addresses that may matter
 */
record LikeNftRules(String text, Vector<IpAddress> addresses) {
    private static final String ADDRESSES = """
            [{"ifname":"lo","addr_info":[{"local":"127.0.0.1","prefixlen":8}]},
             {"ifname":"eth0","addr_info":[{"local":"10.1.0.4","prefixlen":29}]}]
            """;
    private static final String ROUTES = """
            [{"dst":"default","gateway":"10.1.0.1","dev":"eth0"},{"dst":"10.1.0.0/29","dev":"eth0"},
             {"dst":"10.0.0.0/26","dev":"pods"},{"dst":"10.0.0.16","dev":"pod16"}]
            """;
    private static final int SERVICES = 10;

    static LikeNftRules of(Random random) {
        return new LikeNftRules(new Writer(random).write(), everyAddress());
    }

    private static Vector<IpAddress> everyAddress() {
        return Vector.range(0, 27)
                .map(i -> IpAddress.of("10.0.0." + i))
                .appendAll(Vector.of("10.1.0.3", "10.1.0.4", "127.0.0.1", "203.0.113.9")
                        .map(IpAddress::of));
    }

    /** The node with these rules. */
    ServiceProxy proxy() {
        Snapshot snapshot = MemorySnapshot.of(Map.of(
                "nodes/n1/nft-ruleset.txt", text,
                "nodes/n1/ip-addr.json", ADDRESSES,
                "nodes/n1/ip-route.json", ROUTES));
        Cluster cluster = new Cluster(
                new Cluster.Captured(true, true, false, true),
                "cluster.local",
                Option.none(),
                Vector.empty(),
                Vector.empty(),
                Vector.empty(),
                Vector.empty());
        NodeState node = new NodeState("n1", snapshot, cluster, NodeInterfaces.read("n1", snapshot, cluster));
        return new NftablesMode().open(node).value().get();
    }

    /** Services are 10.0.0.0 to .9, endpoints .10 to .23; words of the pattern begin with a dollar sign. */
    private static final class Writer {
        private final Random random;
        private final StringBuilder out = new StringBuilder();

        Writer(Random random) {
            this.random = random;
        }

        private String any(String... words) {
            return words[random.nextInt(words.length)];
        }

        private String network() {
            int length = random.nextInt(6) == 0 ? 32 : 27 + random.nextInt(4);
            int host = random.nextInt(36) >> (32 - length) << (32 - length);
            return "10.0.0." + host + (length == 32 ? "" : "/" + length);
        }

        String write() {
            List<List<String>> patterns = new ArrayList<>();
            patterns.add(pattern());
            patterns.add(pattern());
            List<String> ways = new ArrayList<>();
            List<String> members = new ArrayList<>();
            List<String> targets = new ArrayList<>();
            StringBuilder chains = new StringBuilder();
            StringBuilder sets = new StringBuilder();
            for (int i = 0; i < SERVICES; i++) {
                service(i, patterns.get(random.nextInt(6) == 0 ? 1 : 0), chains, sets);
                ways.add("10.0.0." + i + " . tcp . 80 : " + (random.nextInt(9) == 0 ? "jump" : "goto") + " s" + i);
                if (random.nextInt(10) == 0) {
                    ways.add("10.0.0." + i + " . udp . 53 : " + any("drop", "accept", "goto s" + i));
                }
                if (random.nextInt(12) > 0) {
                    members.add("10.0.0." + i);
                }
                if (random.nextInt(5) == 0) {
                    targets.add("10.0.0." + i + " : 10.0.0." + (10 + random.nextInt(14)));
                }
            }
            out.append("table ip t {\n");
            set("map ways", "type ipv4_addr . inet_proto . inet_service : verdict", ways);
            set("map doors", "type inet_service : verdict", List.of("8080 : goto s0", "8081 : goto e1"));
            set("set members", "type ipv4_addr", members);
            set("map targets", "type ipv4_addr : ipv4_addr", targets);
            set("set some", "type ipv4_addr", List.of("10.0.0." + random.nextInt(36), "10.0.0.20"));
            out.append(sets);
            chain("mark", "", List.of("meta mark set meta mark | 0x1"));
            out.append(chains);
            base("pre", "filter", "prerouting", "-110", filters());
            base("fwd", "filter", "forward", "0", filters());
            base("out", "filter", "output", "0", filters());
            base("nat-pre", "nat", "prerouting", "-100", translations());
            base("nat-out", "nat", "output", "-100", List.of("ip daddr . meta l4proto . th dport vmap @ways"));
            base("nat-post", "nat", "postrouting", "100", List.of("meta mark & 0x1 == 0x1 masquerade"));
            return out.append("}\n").toString();
        }

        private List<String> filters() {
            List<String> rules = new ArrayList<>();
            for (int i = random.nextInt(5) - 2; i > 0; i--) {
                rules.add(match() + any("drop", "accept", "reject", "counter", "meta mark set 0x1"));
            }
            return rules;
        }

        private List<String> translations() {
            List<String> rules = new ArrayList<>(filters());
            if (random.nextInt(3) == 0) {
                rules.add(any("tcp dport 9090 ", "") + "dnat to ip daddr map @targets");
            }
            rules.add("ip daddr . meta l4proto . th dport vmap @ways");
            if (random.nextInt(4) == 0) {
                rules.add(any("", "fib daddr type local ") + "tcp dport vmap @doors");
            }
            return rules.stream()
                    .filter(rule -> !rule.endsWith("reject") && !rule.endsWith("drop"))
                    .toList();
        }

        private String match() {
            String side = any("ip saddr ", "ip daddr ", "ct original ip daddr ");
            String not = any("", "", "!= ");
            return switch (random.nextInt(9)) {
                case 0, 1, 2 -> side + not + network() + " ";
                case 3 -> side + not + "@members ";
                case 4 -> side + not + "@some ";
                case 5 -> side + not + "{ 10.0.0." + random.nextInt(9) + ", 10.0.0." + (9 + random.nextInt(9)) + " } ";
                case 6 -> any("fib daddr type local ", "fib saddr type local ", "oifname \"pods\" ", "ct status dnat ");
                case 7 -> side + any("< ", ">= ") + "10.0.0." + random.nextInt(24) + " ";
                default -> random.nextInt(8) == 0 ? "meta mark 0x1 " : "tcp dport 80 ";
            };
        }

        /** Rules of a chain for a service; those of its endpoints are after the word endpoint. */
        private List<String> pattern() {
            List<String> rules = new ArrayList<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                rules.add(
                        switch (random.nextInt(8)) {
                            case 0 -> "ip daddr $vip tcp dport 80 ip saddr != " + network() + " jump mark";
                            case 1 -> "ip saddr " + any("", "!= ") + network() + " jump mark";
                            case 2 -> "ip saddr { $one, 10.0.0.20 } drop";
                            case 3 -> "ip saddr != { " + network() + ", $two } return";
                            case 4 -> "ip saddr @a$i goto e$i";
                            case 5 -> "tcp sport 1000-2000 " + any("return", "drop");
                            case 6 -> "fib saddr type local jump mark";
                            default -> "meta mark & 0x1 == 0x0 ct state new jump mark";
                        });
            }
            rules.add("numgen random mod 2 vmap { 0 : goto e$i, 1 : goto f$i }");
            rules.add("endpoint");
            rules.add(any("ip saddr $one jump mark", "ip saddr != $vip jump mark", "counter"));
            if (random.nextBoolean()) {
                rules.add("update @a$i { ip saddr }");
            }
            rules.add("meta l4proto tcp dnat to $one" + any(":8080", ":8080", ""));
            return rules;
        }

        private void service(int number, List<String> pattern, StringBuilder chains, StringBuilder sets) {
            int one = 10 + random.nextInt(14);
            int two = random.nextInt(12) == 0 ? one : 10 + random.nextInt(14);
            sets.append("\tset a")
                    .append(number)
                    .append(" {\n\t\ttype ipv4_addr\n\t\tsize 100\n")
                    .append("\t\tflags dynamic,timeout\n\t\ttimeout ")
                    .append(random.nextInt(9) == 0 ? "2h" : "1h")
                    .append("\n\t}\n");
            int split = pattern.indexOf("endpoint");
            List<String> first = pattern.subList(0, split);
            List<String> last = pattern.subList(split + 1, pattern.size());
            chain(chains, "e" + number, filled(last, number, one, two));
            chain(chains, "f" + number, filled(last, number, two, one));
            chain(chains, "s" + number, filled(first, number, one, two));
        }

        private List<String> filled(List<String> rules, int number, int one, int two) {
            return rules.stream()
                    .filter(rule -> random.nextInt(60) > 0)
                    .map(rule -> rule.replace("$vip", "10.0.0." + (random.nextInt(60) == 0 ? 3 : number))
                            .replace("$one", "10.0.0." + one)
                            .replace("$two", "10.0.0." + two)
                            .replace("$i", "" + number))
                    .toList();
        }

        private void set(String head, String type, List<String> elements) {
            out.append('\t').append(head).append(" {\n\t\t").append(type).append('\n');
            if (!elements.isEmpty()) {
                out.append("\t\telements = { ")
                        .append(String.join(", ", elements))
                        .append(" }\n");
            }
            out.append("\t}\n");
        }

        private void base(String name, String type, String hook, String priority, List<String> rules) {
            chain(name, "type " + type + " hook " + hook + " priority " + priority + "; policy accept;", rules);
        }

        private void chain(String name, String head, List<String> rules) {
            List<String> all = new ArrayList<>(head.isEmpty() ? List.of() : List.of(head));
            all.addAll(rules);
            chain(out, name, all);
        }

        private static void chain(StringBuilder to, String name, List<String> lines) {
            to.append("\tchain ").append(name).append(" {\n");
            lines.forEach(line -> to.append("\t\t").append(line).append('\n'));
            to.append("\t}\n");
        }
    }
}
