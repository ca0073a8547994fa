package dev.podpath.it.conformance;

import dev.podpath.proxy.iptables.IptablesMode;
import dev.podpath.testkit.reference.IptablesWriter;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.TestFactory;

class IptablesFlowsTest {
    @TestFactory
    @DisplayName("every packet of kube-proxy's own tests meets the verdict they expect")
    Stream<DynamicContainer> flows() {
        return Flows.of(new IptablesMode(), new IptablesWriter(), 160);
    }
}
