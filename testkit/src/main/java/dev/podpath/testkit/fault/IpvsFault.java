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

/** A fault in the documents of a node in IPVS mode. */
record IpvsFault(String name, String description, Places places) implements Fault {
    static final String TABLE = "ipvsadm-save.txt";
    static final String SETS = "ipset-save.txt";
    static final String ADDRESSES = "ip-addr.json";

    /** Finds the places where the fault can be. */
    @FunctionalInterface
    interface Places {
        Vector<Edit> in(Documents documents, Scene scene);
    }

    /**
     * The documents a fault can be in.
     *
     * @param servers the virtual servers
     * @param sets the sets, as {@code ipset save} prints them
     * @param addresses the addresses, as {@code ip -j addr} prints them
     */
    record Documents(SavedServers servers, String sets, String addresses) {}

    /**
     * One place and what becomes of the document there.
     *
     * @param document name of the document
     * @param line zero-based number of the line it is at
     * @param what what was done
     * @param service who suffers
     * @param address where it shows, where it is nobody's of the cluster
     * @param codes the kinds of finding of which one must be made
     * @param text makes the text
     */
    record Edit(
            String document,
            int line,
            String what,
            Option<ServicePortRef> service,
            Option<AddressPort> address,
            Set<FindingCode> codes,
            Supplier<String> text) {}

    @Override
    public Option<Injection> inject(Scene scene, Map<String, String> documents, long seed) {
        if (!documents.containsKey(TABLE)) {
            return Option.none();
        }
        Documents read = new Documents(
                SavedServers.of(documents.getOrElse(TABLE, "")),
                documents.getOrElse(SETS, ""),
                documents.getOrElse(ADDRESSES, ""));
        Vector<Edit> edits = places.in(read, scene);
        if (edits.isEmpty()) {
            return Option.none();
        }
        Edit edit = edits.get(new Random(seed).nextInt(edits.size()));
        return Option.some(new Injection(
                name,
                edit.document(),
                edit.line() + 1,
                edit.what(),
                edit.service(),
                edit.address(),
                edit.codes(),
                documents.put(edit.document(), edit.text().get())));
    }
}
