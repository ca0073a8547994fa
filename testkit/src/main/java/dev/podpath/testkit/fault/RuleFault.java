package dev.podpath.testkit.fault;

import dev.podpath.core.cluster.ServicePortRef;
import dev.podpath.core.finding.FindingCode;
import dev.podpath.core.net.AddressPort;
import dev.podpath.testkit.arbitrary.Scene;
import io.vavr.collection.Map;
import io.vavr.collection.Set;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.Random;
import java.util.function.Supplier;

/** A fault in the rules of one address family. */
record RuleFault(String name, String description, Places places) implements Fault {
    /** Finds the places where the fault can be. */
    @FunctionalInterface
    interface Places {
        Vector<Edit> in(SavedRules rules, Owners owners, Scene scene);
    }

    /**
     * One place and what becomes of the text there.
     *
     * @param at the rule it is at
     * @param what what was done
     * @param service who suffers
     * @param address where it shows, where it is nobody's of the cluster
     * @param codes the kinds of finding of which one must be made
     * @param text makes the text
     */
    record Edit(
            SavedRules.Rule at,
            String what,
            Option<ServicePortRef> service,
            Option<AddressPort> address,
            Set<FindingCode> codes,
            Supplier<String> text) {
        /** A place of which a service port suffers. */
        static Edit of(
                SavedRules.Rule at,
                String what,
                Option<ServicePortRef> service,
                Set<FindingCode> codes,
                Supplier<String> text) {
            return new Edit(at, what, service, Option.none(), codes, text);
        }
    }

    @Override
    public Option<Injection> inject(Scene scene, Map<String, String> documents, long seed) {
        Owners owners = new Owners(scene);
        Vector<String> files = documents
                .keySet()
                .toVector()
                .filter(name -> name.endsWith("tables-save.txt"))
                .sorted();
        Vector<Candidate> candidates =
                files.flatMap(file -> places.in(SavedRules.of(documents.getOrElse(file, "")), owners, scene)
                        .map(edit -> new Candidate(file, edit)));
        if (candidates.isEmpty()) {
            return Option.none();
        }
        Candidate chosen = candidates.get(new Random(seed).nextInt(candidates.size()));
        Edit edit = chosen.edit();
        return Option.some(new Injection(
                name,
                chosen.file(),
                edit.at().line() + 1,
                edit.what(),
                edit.service(),
                edit.address(),
                edit.codes(),
                documents.put(chosen.file(), edit.text().get())));
    }

    private record Candidate(String file, Edit edit) {}
}
