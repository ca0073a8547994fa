package dev.podpath.it.conformance;

import dev.podpath.ports.plugin.ProxyModeProvider;
import dev.podpath.proxy.ipvs.IpvsMode;
import dev.podpath.testkit.contract.IntentCheck;
import dev.podpath.testkit.contract.ModeTrait;
import dev.podpath.testkit.contract.ProxyModeContract;
import dev.podpath.testkit.reference.IpvsWriter;
import dev.podpath.testkit.reference.NodeWriter;
import io.vavr.collection.Set;

class IpvsModeContractTest implements ProxyModeContract {
    @Override
    public ProxyModeProvider provider() {
        return new IpvsMode();
    }

    @Override
    public NodeWriter writer() {
        return new IpvsWriter();
    }

    @Override
    public Set<ModeTrait> traits() {
        return IntentCheck.IPVS_TRAITS;
    }
}
