package dev.podpath.ports.snapshot;

import io.vavr.collection.Vector;

/**
 * A document whose list was read.
 *
 * @param document the document without the items of its list
 * @param parts what took the items, in the order of the list
 */
public record ItemList<T>(Json document, Vector<T> parts) {}
