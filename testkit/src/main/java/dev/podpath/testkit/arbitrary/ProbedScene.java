package dev.podpath.testkit.arbitrary;

import io.vavr.collection.Vector;

/**
 * A scene and packets for its node.
 *
 * @param scene the scene
 * @param probes the packets
 */
public record ProbedScene(Scene scene, Vector<Probe> probes) {}
