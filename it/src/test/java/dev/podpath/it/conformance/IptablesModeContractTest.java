package dev.podpath.it.conformance;

import dev.podpath.ports.plugin.ProxyModeProvider;
import dev.podpath.proxy.iptables.IptablesMode;
import dev.podpath.testkit.contract.ProxyModeContract;
import dev.podpath.testkit.reference.IptablesWriter;
import dev.podpath.testkit.reference.NodeWriter;

class IptablesModeContractTest implements ProxyModeContract {
    @Override
    public ProxyModeProvider provider() {
        return new IptablesMode();
    }

    @Override
    public NodeWriter writer() {
        return new IptablesWriter();
    }
}
