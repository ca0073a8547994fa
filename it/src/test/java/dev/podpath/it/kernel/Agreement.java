package dev.podpath.it.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.net.IpAddress;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.packet.Packet;
import dev.podpath.core.proxy.ProxyVerdict;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Sends packets through the laboratory and counts where a verdict does not say what happened. */
final class Agreement {
    private final KernelLab lab;
    private final String name;
    private final List<String> disagreements = new ArrayList<>();
    private int sourcePort = 1024;
    private int verdicts;
    private int unknown;
    private int wrong;

    Agreement(KernelLab lab, String name) {
        this.lab = lab;
        this.name = name;
    }

    /** What is said about a packet. */
    interface Verdicts {
        /** The verdict. */
        ProxyVerdict route(Packet packet, Arrival arrival);
    }

    /** Sends so many random packets under the rules that are loaded; the rules are shown where something is wrong. */
    void compare(Addresses family, Random random, int packets, Verdicts said, String rules) {
        List<Addresses.Sent> sent = new ArrayList<>();
        List<String> requests = new ArrayList<>();
        for (int i = 0; i < packets; i++) {
            sourcePort = sourcePort == 60_999 ? 1024 : sourcePort + 1;
            Addresses.Sent one = family.packet(random, sourcePort);
            sent.add(one);
            requests.add(one.request(i));
        }
        List<String> answers = lab.ask(requests);
        assertThat(answers).as("answers to %s packets", packets).hasSize(packets);
        Set<IpAddress> seen = new HashSet<>();
        for (int i = 0; i < packets; i++) {
            boolean isNew = seen.add(sent.get(i).packet().source());
            check(said, sent.get(i), answers.get(i), rules, isNew);
        }
        lab.shell("conntrack -F");
    }

    private void check(Verdicts said, Addresses.Sent sent, String answer, String rules, boolean isNew) {
        ProxyVerdict verdict = said.route(sent.packet(), sent.arrival());
        if (!isNew && verdict.branches().exists(branch -> !branch.conditions().isEmpty())) {
            // The verdict is that of a client without an affinity record; this one may have one by now.
            return;
        }
        Fate fate = Fate.of(sent.packet(), answer);
        verdicts++;
        unknown += verdict.kind() == ProxyVerdict.Kind.UNKNOWN ? 1 : 0;
        if (fate.isIn(verdict)) {
            return;
        }
        wrong++;
        if (disagreements.size() < 5) {
            disagreements.add("\n" + sent + "\nhappened: " + fate + "\nsaid: "
                    + verdict.branches()
                            .map(branch -> branch.outcome() + " " + branch.sourceNat() + " " + branch.share())
                    + "\nrules:\n" + rules);
        }
    }

    /** Nothing was wrong, and enough was asked and known. */
    void assertHolds(String remark) {
        System.out.println("kernel agreement, " + name + ": " + verdicts + " packets, " + wrong + " disagreements, "
                + unknown + " unknown, " + remark);
        assertThat(String.join("\n", disagreements)).isEmpty();
        assertThat(verdicts).isGreaterThan(20_000);
        assertThat(unknown).isLessThan(verdicts / 50);
    }
}
