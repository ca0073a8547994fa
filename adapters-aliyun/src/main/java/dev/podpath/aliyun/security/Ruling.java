package dev.podpath.aliyun.security;

import dev.podpath.core.trace.Evidence;
import io.vavr.collection.Vector;

/**
 * What rules say to a connection.
 *
 * @param passes whether it passes; {@link Match#MAYBE} where that depends on what is not known
 * @param text why, for people
 * @param evidence the rule, or the group
 */
record Ruling(Match passes, String text, Vector<Evidence> evidence) {}
