/** What nginx does with one request up to its content: variables, the rewrite phases, access rules. No Kubernetes. */
@NullMarked
package dev.podpath.k8s.ingress.nginx.request;

import org.jspecify.annotations.NullMarked;
