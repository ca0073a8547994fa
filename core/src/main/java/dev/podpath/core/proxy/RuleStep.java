package dev.podpath.core.proxy;

import dev.podpath.core.trace.Evidence;

/**
 * One rule a packet matched on its way through a node.
 *
 * @param table the table or table-like thing: {@code nat}, {@code filter}, {@code ipvs}, {@code ip kube-proxy}
 * @param chain chain or virtual server
 * @param evidence the line of the dump
 */
public record RuleStep(String table, String chain, Evidence evidence) {}
