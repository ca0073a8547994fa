package dev.podpath.it.conformance;

import dev.podpath.core.finding.Finding;
import dev.podpath.core.proxy.ProxyVerdict;
import dev.podpath.proxy.ipvs.IpvsMode;
import dev.podpath.testkit.contract.IntentCheck;
import dev.podpath.testkit.fault.IpvsFaults;
import dev.podpath.testkit.reference.IpvsWriter;
import io.vavr.control.Option;
import net.jqwik.api.Example;
import net.jqwik.api.Label;

/** Each fault of IPVS mode changes what happens to some packet, or is found; healthy documents show nothing. */
class IpvsFaultsShowTest {
    private static final FaultyMode MODE =
            new FaultyMode(new IpvsMode(), new IpvsWriter(), IntentCheck.IPVS_TRAITS, IpvsFaultsShowTest::finding);

    @Example
    @Label("a healthy table does what is meant for every sender and every address")
    void healthy() {
        MODE.assertHealthy(25);
    }

    @Example
    @Label("a table with a fault treats some packet otherwise than is meant, or says so, wherever the fault is put")
    void faulty() {
        MODE.assertShown(IpvsFaults.all(), 80, 8);
    }

    private static Option<String> finding(ProxyVerdict verdict) {
        return verdict.findings()
                .find(finding -> finding.code().code().equals("PP-PROXY-024"))
                .map(Finding::message);
    }
}
