package dev.podpath.it.conformance;

import dev.podpath.proxy.nftables.NftablesMode;
import dev.podpath.testkit.reference.NftablesWriter;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.TestFactory;

class NftablesFlowsTest {
    @TestFactory
    @DisplayName("every packet of kube-proxy's own tests meets the verdict they expect")
    Stream<DynamicContainer> flows() {
        return Flows.of(new NftablesMode(), new NftablesWriter(), 30);
    }
}
