package dev.podpath.testkit.fault;

import dev.podpath.core.verify.VerifyFindings;
import dev.podpath.testkit.arbitrary.Scene;
import io.vavr.collection.Map;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/** A fault in the documents of a node in IPVS mode. */
record IpvsFault(String name, String description, Places places) implements Fault {
    static final String TABLE = "ipvsadm-save.txt";
    static final String SETS = "ipset-save.txt";
    static final String ADDRESSES = "ip-addr.json";

    /** Finds the places where the fault can be. */
    @FunctionalInterface
    interface Places {
        Vector<DocumentEdit> in(Documents documents, Scene scene);
    }

    /**
     * The documents a fault can be in.
     *
     * @param servers the virtual servers
     * @param sets the sets, as {@code ipset save} prints them
     * @param addresses the addresses, as {@code ip -j addr} prints them
     */
    record Documents(SavedServers servers, String sets, String addresses) {}

    @Override
    public Option<Injection> inject(Scene scene, Map<String, String> documents, long seed) {
        if (!documents.containsKey(TABLE)) {
            return Option.none();
        }
        Documents read = new Documents(
                SavedServers.of(documents.getOrElse(TABLE, "")),
                documents.getOrElse(SETS, ""),
                documents.getOrElse(ADDRESSES, ""));
        return DocumentEdit.oneOf(places.in(read, scene), name, documents, seed)
                .map(injection -> withSourceRanges(injection, scene));
    }

    /** Where source ranges allow somebody, whoever is refused is one whom they allow. */
    private static Injection withSourceRanges(Injection injection, Scene scene) {
        boolean limited = injection
                .service()
                .flatMap(ref -> scene.cluster().service(ref.service()))
                .exists(service -> !service.sourceRanges().isEmpty());
        return limited && injection.codes().contains(VerifyFindings.REFUSED)
                ? injection.withCodes(injection.codes().add(VerifyFindings.SOURCE_RANGES))
                : injection;
    }
}
