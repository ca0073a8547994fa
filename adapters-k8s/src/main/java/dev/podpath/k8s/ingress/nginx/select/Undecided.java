package dev.podpath.k8s.ingress.nginx.select;

import dev.podpath.k8s.ingress.nginx.conf.Directive;

/**
 * A choice that cannot be made because a directive is not understood well enough.
 *
 * @param why one sentence
 * @param at the directive
 */
public record Undecided(String why, Directive at) {}
