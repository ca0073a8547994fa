package dev.podpath.cli.verify;

import dev.podpath.cli.verify.VerifyReport.WitnessEntry;

/** The command line that shows what a node does with a packet, ready for a shell. */
final class Reproduction {
    private Reproduction() {}

    static String command(String snapshot, String node, WitnessEntry witness) {
        return "podpath packet --snapshot " + quoted(snapshot) + " --node " + quoted(node) + " --in "
                + quoted(witness.arrival()) + " --src " + quoted(address(witness.src(), witness.sport()))
                + " --dst " + quoted(address(witness.dst(), witness.dport()) + "/" + witness.protocol());
    }

    /** A packet for people. */
    static String packet(WitnessEntry witness) {
        return witness.protocol() + " " + address(witness.src(), witness.sport()) + " -> "
                + address(witness.dst(), witness.dport()) + ", arriving from " + origin(witness.arrival());
    }

    private static String origin(String arrival) {
        int at = arrival.indexOf('@');
        String kind = at < 0 ? arrival : arrival.substring(0, at);
        String who = switch (kind) {
            case "pod" -> "a pod of the node";
            case "node" -> "the node itself";
            case "other-node" -> "another node";
            default -> "outside";
        };
        return at < 0 ? who : who + " on " + arrival.substring(at + 1);
    }

    private static String address(String address, int port) {
        String host = address.indexOf(':') >= 0 && port != 0 ? "[" + address + "]" : address;
        return port == 0 ? host : host + ":" + port;
    }

    /** As a POSIX shell takes it for one word. */
    private static String quoted(String word) {
        return word.matches("[A-Za-z0-9_./:@%+=,-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
