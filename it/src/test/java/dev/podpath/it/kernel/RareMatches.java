package dev.podpath.it.kernel;

import java.util.Random;

/** What rules of hosts and network plugins use beside the vocabulary of kube-proxy. */
@SuppressWarnings("StatementSwitchToExpressionSwitch")
final class RareMatches {
    private final Random random;
    private final Addresses addresses;

    RareMatches(Random random, Addresses addresses) {
        this.random = random;
        this.addresses = addresses;
    }

    private String not() {
        return random.nextInt(4) == 0 ? " !" : "";
    }

    private boolean oneIn(int many) {
        return random.nextInt(many) == 0;
    }

    private String range() {
        String one = addresses.pod(1 + random.nextInt(3));
        String other = addresses.pod(4 + random.nextInt(3));
        return one + "-" + other;
    }

    String match(String chain) {
        boolean first = chain.equals("PREROUTING") || chain.equals("INPUT");
        boolean last = chain.equals("OUTPUT") || chain.equals("POSTROUTING");
        int port = Addresses.PORTS[random.nextInt(Addresses.PORTS.length)];
        switch (random.nextInt(16)) {
            case 0:
                return " -m iprange" + not() + " --src-range " + range();
            case 1:
                return " -m iprange --src-range " + range() + not() + " --dst-range " + range();
            case 2:
                return " -m statistic --mode nth" + not() + " --every " + (1 + random.nextInt(4)) + " --packet 0";
            case 3:
                return " -m addrtype" + not() + " --dst-type LOCAL" + (first ? " --limit-iface-in" : "");
            case 4:
                return " -m addrtype" + not() + " --src-type LOCAL" + (last ? " --limit-iface-out" : "");
            case 5:
                return addresses.isV6()
                        ? " -m addrtype" + not() + " --dst-type UNICAST,LOCAL"
                        : " -m addrtype" + not() + " --dst-type UNICAST,BROADCAST";
            case 6:
                return " -m state" + not() + " --state " + (oneIn(2) ? "NEW" : "RELATED,ESTABLISHED");
            case 7:
                return " -m conntrack" + not() + " --ctproto " + (oneIn(2) ? "6" : "17");
            case 8:
                return " -m conntrack" + not() + " --ctorigsrc " + addresses.host(addresses.any(random));
            case 9:
                return " -m conntrack" + not() + " --ctorigdstport " + port;
            case 10:
                return " -m conntrack --ctdir " + (oneIn(3) ? "REPLY" : "ORIGINAL");
            case 11:
                return " -m limit --limit 1/sec";
            case 12:
                return " -m conntrack --ctstatus" + " NONE";
            case 13:
                return " -m mark --mark 0x" + random.nextInt(8);
            case 14:
                return " -m connmark" + not() + " --mark 0x" + random.nextInt(4);
            default:
                return " -m comment --comment \"a \\\"quoted\\\" -j word; " + port + "\"";
        }
    }

    /** A target that leads nowhere else. */
    String neutral() {
        return switch (random.nextInt(3)) {
            case 0 -> " -j NFLOG --nflog-group 7";
            case 1 -> " -j NFLOG --nflog-prefix \"a b\"";
            default -> "";
        };
    }

    /** A translation to more than one address, or to the node itself. */
    String translation(boolean ports) {
        return switch (random.nextInt(4)) {
            case 0 -> " -j DNAT --to-destination " + range();
            case 1 -> " -j DNAT --to-destination " + range() + " --persistent";
            case 2 -> ports ? " -j REDIRECT --to-ports 8080" : " -j REDIRECT";
            default -> addresses.isV6() ? " -j NETMAP --to fd00:10:244::/64" : " -j NETMAP --to 10.244.0.0/24";
        };
    }
}
