package dev.podpath.core.trace;

import io.vavr.collection.Vector;

/**
 * A hop with its place in a trace.
 *
 * @param id {@code h1}, {@code h2} … in the order of the walk
 * @param hop the hop
 * @param next ids of the hops its branches lead to, in the order of the branches
 * @param aside whether no request of this trace comes here: it is only shown for what another caller would get
 */
public record TracedHop(String id, Hop hop, Vector<String> next, boolean aside) {}
