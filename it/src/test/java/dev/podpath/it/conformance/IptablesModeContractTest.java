package dev.podpath.it.conformance;

import dev.podpath.ports.plugin.ProxyModeProvider;
import dev.podpath.proxy.iptables.IptablesMode;
import dev.podpath.testkit.contract.VerifiedModeContract;
import dev.podpath.testkit.fault.Fault;
import dev.podpath.testkit.fault.Faults;
import dev.podpath.testkit.reference.IptablesWriter;
import dev.podpath.testkit.reference.NodeWriter;
import io.vavr.collection.Vector;

class IptablesModeContractTest implements VerifiedModeContract {
    @Override
    public ProxyModeProvider provider() {
        return new IptablesMode();
    }

    @Override
    public NodeWriter writer() {
        return new IptablesWriter();
    }

    @Override
    public Vector<Fault> faults() {
        return Faults.all();
    }
}
