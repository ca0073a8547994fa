package dev.podpath.testkit.fault;

import dev.podpath.core.cluster.Service;
import dev.podpath.core.cluster.ServicePort;
import dev.podpath.core.cluster.ServicePortRef;
import dev.podpath.testkit.arbitrary.Scene;
import dev.podpath.testkit.reference.ChainNames;
import io.vavr.control.Option;
import java.util.HashMap;
import java.util.Map;

/** Whose chain is whose, by name alone. */
final class Owners {
    private final Map<String, ServicePortRef> byChain = new HashMap<>();

    Owners(Scene scene) {
        for (Service service : scene.cluster().services()) {
            for (ServicePort port : service.ports()) {
                String label = ChainNames.servicePort(service.key(), port);
                for (String prefix : new String[] {"KUBE-SVC-", "KUBE-SVL-", "KUBE-EXT-", "KUBE-FW-", "KUBE-XLB-"}) {
                    byChain.put(ChainNames.ofService(prefix, label, port.protocol()), service.ref(port));
                }
                scene.cluster()
                        .endpointsOf(service.ref(port))
                        .forEach(endpoint -> byChain.put(
                                ChainNames.ofEndpoint(label, port.protocol(), endpoint.address()), service.ref(port)));
            }
        }
    }

    Option<ServicePortRef> of(String chain) {
        return Option.of(byChain.get(chain));
    }

    /** The owner of the chain a rule is in, or of the chain it jumps to. */
    Option<ServicePortRef> of(SavedRules.Rule rule) {
        return of(rule.chain()).orElse(() -> of(rule.target()));
    }
}
