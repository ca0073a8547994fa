package dev.podpath.k8s.ingress.nginx.select;

import dev.podpath.k8s.ingress.nginx.conf.Directive;
import dev.podpath.k8s.ingress.nginx.pcre.RegexMatch;
import io.vavr.control.Option;

/**
 * The server chosen for a host.
 *
 * @param server the server
 * @param how why
 * @param name the name that matched, as written; empty text for a default
 * @param directive the {@code server_name} or {@code listen} that decided
 * @param regex what the name captured, where it is a regular expression
 */
public record ServerChoice(
        ServerBlock server, ServerMatch how, String name, Directive directive, Option<RegexMatch> regex) {}
