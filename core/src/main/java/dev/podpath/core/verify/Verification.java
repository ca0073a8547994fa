package dev.podpath.core.verify;

import io.vavr.collection.Vector;

/**
 * What verifying some nodes came to.
 *
 * @param nodes the nodes, sorted by name, each once
 */
public record Verification(Vector<NodeVerification> nodes) {
    /** Sorts the nodes. */
    public Verification {
        nodes = nodes.sorted();
    }

    /** The results of nodes that were verified apart, such as the shards of a fleet; where a node is in several, the first. */
    public static Verification merge(Iterable<Verification> parts) {
        return new Verification(Vector.ofAll(parts).flatMap(Verification::nodes).distinctBy(NodeVerification::node));
    }

    /** The worst of the nodes' answers; HOLDS where there is no node. */
    public Result result() {
        return nodes.map(NodeVerification::result).fold(Result.HOLDS, Result::and);
    }

    /** What is otherwise than intended on any node, sorted. */
    public Vector<Violation> violations() {
        return nodes.flatMap(NodeVerification::violations);
    }

    /** What could not be verified on any node, sorted. */
    public Vector<UnknownVerdict> unknowns() {
        return nodes.flatMap(NodeVerification::unknowns);
    }

    /** What was taken for granted on some node, sorted, each once. */
    public Vector<String> assumptions() {
        return nodes.flatMap(NodeVerification::assumptions).distinct().sorted();
    }
}
