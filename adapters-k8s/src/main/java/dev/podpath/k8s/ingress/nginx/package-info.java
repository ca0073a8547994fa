/** The hop at an ingress-nginx controller: what its configuration does with a request, and where it connects to. */
@NullMarked
package dev.podpath.k8s.ingress.nginx;

import org.jspecify.annotations.NullMarked;
