package dev.podpath.testkit.contract;

import dev.podpath.ports.plugin.ProxyModeProvider;
import dev.podpath.testkit.contract.FlawedMode.Flaw;
import dev.podpath.testkit.reference.NodeWriter;

/** The inherited tests are found and run. */
class FlawlessModeContractTest implements ProxyModeContract {
    private final FlawedMode mode = new FlawedMode(Flaw.NONE);

    @Override
    public ProxyModeProvider provider() {
        return mode.provider();
    }

    @Override
    public NodeWriter writer() {
        return mode.writer();
    }
}
