package dev.podpath.it.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random sets of {@code ipset} of every type that kube-proxy and network plugins use and the kernel here has. */
final class RandomSets {
    private static final String[] TYPES = {
        "hash:ip",
        "hash:net",
        "hash:ip,port",
        "hash:net,port",
        "hash:ip,port,ip",
        "hash:ip,port,net",
        "hash:net,iface",
        "bitmap:port",
        "bitmap:ip",
        "list:set"
    };

    private final Random random;
    private final Addresses addresses;
    private final String prefix;
    private final List<String> types = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();

    private RandomSets(Random random, Addresses addresses, String prefix) {
        this.random = random;
        this.addresses = addresses;
        this.prefix = prefix;
    }

    /** Some sets whose names begin so. */
    static RandomSets of(Random random, Addresses addresses, String prefix) {
        RandomSets sets = new RandomSets(random, addresses, prefix);
        for (int i = 0; i < 5; i++) {
            sets.add(i);
        }
        return sets;
    }

    /** What {@code ipset restore} takes. */
    String text() {
        return text.toString();
    }

    /** What prints the sets as the kernel has them. */
    String saveCommand() {
        StringBuilder command = new StringBuilder("true");
        for (int i = 0; i < types.size(); i++) {
            command.append("; ipset save ").append(name(i));
        }
        return command.toString();
    }

    private String name(int number) {
        return prefix + number;
    }

    private void add(int number) {
        // A list holds no lists: only the last set is one.
        String type = TYPES[random.nextInt(TYPES.length - (number < 4 ? 1 : 0))];
        if (type.equals("bitmap:ip") && addresses.isV6()) {
            type = "hash:ip";
        }
        types.add(type);
        String family = addresses.isV6() ? " family inet6" : " family inet";
        String options = type.equals("bitmap:port")
                ? " range 0-65535"
                : type.equals("bitmap:ip") ? " range 10.96.0.0-10.96.255.255" : type.equals("list:set") ? "" : family;
        text.append("create ")
                .append(name(number))
                .append(' ')
                .append(type)
                .append(options)
                .append('\n');
        for (int i = 0; i < 2 + random.nextInt(6); i++) {
            String element = element(type, number);
            boolean except = type.contains("net") && random.nextInt(4) == 0;
            // A second element of the same key would be refused.
            text.append("add -exist ")
                    .append(name(number))
                    .append(' ')
                    .append(element)
                    .append(except ? " nomatch" : "")
                    .append('\n');
        }
    }

    private String element(String type, int number) {
        return switch (type) {
            case "bitmap:port" -> Integer.toString(port());
            case "bitmap:ip" -> addresses.vip(random.nextInt(4));
            case "list:set" -> name(random.nextInt(number));
            case "hash:net,iface" -> net() + "," + device();
            default -> {
                StringBuilder element = new StringBuilder();
                for (String part : type.substring("hash:".length()).split(",")) {
                    element.append(element.length() == 0 ? "" : ",")
                            .append(
                                    switch (part) {
                                        case "ip" -> addresses.any(random);
                                        case "net" -> net();
                                        default -> protocol() + ":" + port();
                                    });
                }
                yield element.toString();
            }
        };
    }

    private String net() {
        int[] lengths = addresses.isV6() ? new int[] {128, 127, 64, 48, 16} : new int[] {32, 31, 24, 16, 8};
        return addresses.any(random) + "/" + lengths[random.nextInt(lengths.length)];
    }

    private static final String[] DEVICES = {"ext0", "pod1", "pod2", "lo"};

    private String device() {
        return DEVICES[random.nextInt(DEVICES.length)];
    }

    private String protocol() {
        return random.nextInt(4) == 0 ? "udp" : random.nextInt(6) == 0 ? "sctp" : "tcp";
    }

    private int port() {
        return Addresses.PORTS[random.nextInt(Addresses.PORTS.length)];
    }

    /** A test of membership in one of the sets. */
    String match() {
        int number = random.nextInt(types.size());
        int parts = types.get(number).split(",").length;
        // A test with fewer directions than the set has parts never holds; one with more looks at the first.
        int directions = Math.max(1, parts + (random.nextInt(8) == 0 ? random.nextInt(3) - 1 : 0));
        StringBuilder out = new StringBuilder(" -m set" + (random.nextInt(4) == 0 ? " !" : "") + " --match-set ");
        out.append(name(number)).append(' ');
        for (int i = 0; i < directions; i++) {
            out.append(i == 0 ? "" : ",").append(random.nextInt(3) == 0 ? "src" : "dst");
        }
        return out.toString();
    }
}
