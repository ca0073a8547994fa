package dev.podpath.testkit.fault;

import dev.podpath.core.cluster.Service;
import dev.podpath.core.cluster.ServicePort;
import dev.podpath.core.cluster.ServicePortRef;
import dev.podpath.core.finding.FindingCode;
import dev.podpath.core.net.AddressPort;
import dev.podpath.testkit.arbitrary.Scene;
import dev.podpath.testkit.fault.NftListing.Line;
import dev.podpath.testkit.reference.NftNames;
import io.vavr.collection.Map;
import io.vavr.collection.Set;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.HashMap;
import java.util.function.Supplier;

/** A fault in the rule set of a node in nftables mode. */
record NftFault(String name, String description, Places places) implements Fault {
    private static final String DOCUMENT = "nft-ruleset.txt";

    /** Finds the places where the fault can be. */
    @FunctionalInterface
    interface Places {
        Vector<DocumentEdit> in(NftListing rules, Owners owners, Scene scene);
    }

    /** Whose chain is whose, by name alone. */
    static final class Owners {
        private final HashMap<String, ServicePortRef> byChain = new HashMap<>();

        private Owners(Scene scene) {
            for (Service service : scene.cluster().services()) {
                for (ServicePort port : service.ports()) {
                    for (String prefix : new String[] {"service-", "local-", "external-", "firewall-"}) {
                        byChain.put(NftNames.ofService(prefix, service.key(), port), service.ref(port));
                    }
                    scene.cluster()
                            .endpointsOf(service.ref(port))
                            .forEach(endpoint -> byChain.put(
                                    NftNames.ofEndpoint("endpoint-", service.key(), port, endpoint.address()),
                                    service.ref(port)));
                }
            }
        }

        Option<ServicePortRef> of(String chain) {
            return Option.of(byChain.get(chain));
        }

        /** The owner of the chain a line is in, or leads to. */
        Option<ServicePortRef> of(Line line) {
            return of(line.block()).orElse(() -> of(line.target()));
        }
    }

    @Override
    public Option<Injection> inject(Scene scene, Map<String, String> documents, long seed) {
        return documents
                .get(DOCUMENT)
                .flatMap(text -> DocumentEdit.oneOf(
                        places.in(NftListing.of(text), new Owners(scene), scene), name, documents, seed));
    }

    static DocumentEdit edit(
            Line at, String what, Option<ServicePortRef> service, Set<FindingCode> codes, Supplier<String> text) {
        return new DocumentEdit(DOCUMENT, at.number(), what, service, Option.none(), codes, text);
    }

    /** An edit that shows at an address that is nobody's. */
    static DocumentEdit edit(Line at, String what, AddressPort address, Set<FindingCode> codes, Supplier<String> text) {
        return new DocumentEdit(DOCUMENT, at.number(), what, Option.none(), Option.some(address), codes, text);
    }
}
