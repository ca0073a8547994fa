package dev.podpath.it.conformance;

import dev.podpath.ports.plugin.ProxyModeProvider;
import dev.podpath.proxy.nftables.NftablesMode;
import dev.podpath.testkit.contract.IntentCheck;
import dev.podpath.testkit.contract.ModeTrait;
import dev.podpath.testkit.contract.VerifiedModeContract;
import dev.podpath.testkit.fault.Fault;
import dev.podpath.testkit.fault.NftFaults;
import dev.podpath.testkit.reference.NftablesWriter;
import dev.podpath.testkit.reference.NodeWriter;
import io.vavr.collection.Set;
import io.vavr.collection.Vector;

class NftablesModeContractTest implements VerifiedModeContract {
    @Override
    public ProxyModeProvider provider() {
        return new NftablesMode();
    }

    @Override
    public NodeWriter writer() {
        return new NftablesWriter();
    }

    @Override
    public Set<ModeTrait> traits() {
        return IntentCheck.ALL_TRAITS
                .remove(ModeTrait.LOOPBACK_NODE_PORTS)
                .remove(ModeTrait.NODE_PORTS_EVERYWHERE)
                .remove(ModeTrait.REFUSES_BEFORE_SOURCE_RANGES);
    }

    @Override
    public Vector<Fault> faults() {
        return NftFaults.all();
    }
}
