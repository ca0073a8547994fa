package dev.podpath.core.trace;

/**
 * One way a traced request can end, all paths to it taken together.
 *
 * @param disposition how it ends
 * @param target what it ends at
 * @param share which part of the requests ends so
 */
public record Outcome(Disposition disposition, Target target, Share share) {}
