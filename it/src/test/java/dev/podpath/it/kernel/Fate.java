package dev.podpath.it.kernel;

import dev.podpath.core.net.IpAddress;
import dev.podpath.core.packet.Packet;
import dev.podpath.core.proxy.ProxyBranch;
import dev.podpath.core.proxy.ProxyOutcome;
import dev.podpath.core.proxy.ProxyVerdict;
import dev.podpath.core.proxy.SourceNat;

/** What happened to a packet, as the laboratory tells it, and whether a verdict says so. */
final class Fate {
    private final Packet packet;
    private final String answer;
    private final String[] event;

    private Fate(Packet packet, String answer, String[] event) {
        this.packet = packet;
        this.answer = answer;
        this.event = event;
    }

    /** The answer to a packet that was sent in, without its name. */
    static Fate of(Packet packet, String answer) {
        String events = answer.substring(answer.indexOf(' ') + 1);
        String[] all = events.split("\\|");
        String[] best = {"NONE"};
        for (String one : all) {
            String[] words = one.trim().split(" ");
            boolean reset = isReset(words);
            if (words[0].equals("LOCAL") && !reset || words[0].equals("OUT") && !reset) {
                return new Fate(packet, answer, words);
            }
            if (words[0].equals("ICMP") || reset) {
                best = words;
            }
        }
        return new Fate(packet, answer, best);
    }

    /** Whether some branch of the verdict says that this can happen. */
    boolean isIn(ProxyVerdict verdict) {
        return verdict.branches().exists(this::is);
    }

    /** Whether the branch says this. */
    boolean is(ProxyBranch branch) {
        ProxyOutcome outcome = branch.outcome();
        if (outcome instanceof ProxyOutcome.Unknown) {
            return true;
        }
        if (outcome instanceof ProxyOutcome.Dropped) {
            return event[0].equals("NONE");
        }
        if (outcome instanceof ProxyOutcome.Rejected rejected) {
            return rejected.with().equals("tcp-reset") ? isReset(event) : event[0].equals("ICMP");
        }
        if (!event[0].equals("OUT") && !event[0].equals("LOCAL") || isReset(event)) {
            return false;
        }
        int at = event[0].equals("OUT") ? 3 : 2;
        IpAddress source = IpAddress.of(event[at]);
        int sourcePort = Integer.parseInt(event[at + 1]);
        IpAddress destination = IpAddress.of(event[at + 2]);
        int port = Integer.parseInt(event[at + 3]);
        boolean arrived = outcome instanceof ProxyOutcome.ToEndpoint to
                ? to.address().address().equals(destination) && to.address().port() == port
                : packet.destination().equals(destination) && packet.destinationPort() == port;
        return arrived && source(branch.sourceNat(), source, sourcePort);
    }

    private static boolean isReset(String[] words) {
        return words.length > 6
                && !words[0].equals("ICMP")
                && (words[words.length - 1] + words[words.length - 2]).contains("R");
    }

    private boolean source(SourceNat nat, IpAddress source, int port) {
        if (nat instanceof SourceNat.Masquerade masquerade) {
            return masquerade.candidates().contains(source);
        }
        if (nat instanceof SourceNat.Snat snat) {
            return snat.addresses().contains(source);
        }
        return nat instanceof SourceNat.Unknown || packet.source().equals(source) && packet.sourcePort() == port;
    }

    @Override
    public String toString() {
        return answer;
    }
}
