package dev.podpath.testkit.fault;

import dev.podpath.testkit.arbitrary.Scene;
import io.vavr.collection.Map;
import io.vavr.control.Option;

/** A kind of fault that can be put into the documents of a node. */
public interface Fault {
    /** Lower-case name with hyphens. */
    String name();

    /** How such a fault comes about, in one sentence. */
    String description();

    /**
     * Puts the fault into the documents.
     *
     * @param scene the cluster, and the node the documents are of
     * @param documents healthy documents, text by file name
     * @param seed chooses among the places where the fault can be
     * @return the documents with the fault; empty where it can be nowhere
     */
    Option<Injection> inject(Scene scene, Map<String, String> documents, long seed);
}
