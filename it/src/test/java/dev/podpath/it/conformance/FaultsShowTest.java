package dev.podpath.it.conformance;

import dev.podpath.proxy.iptables.IptablesMode;
import dev.podpath.testkit.contract.IntentCheck;
import dev.podpath.testkit.fault.Faults;
import dev.podpath.testkit.reference.IptablesWriter;
import io.vavr.control.Option;
import net.jqwik.api.Example;
import net.jqwik.api.Label;

/** Each fault of the test kit changes what happens to some packet, and the healthy documents show no difference. */
class FaultsShowTest {
    private static final FaultyMode MODE =
            new FaultyMode(new IptablesMode(), new IptablesWriter(), IntentCheck.ALL_TRAITS, verdict -> Option.none());

    @Example
    @Label("healthy rules do what is meant for every sender and every address")
    void healthy() {
        MODE.assertHealthy(40);
    }

    @Example
    @Label("rules with a fault treat some packet otherwise than is meant, wherever the fault is put")
    void faulty() {
        // Of a client that comes back the intent here says nothing; verification does.
        MODE.assertShown(Faults.all().reject(fault -> fault.name().contains("affinity")), 120, 12);
    }
}
