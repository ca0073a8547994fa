/** The hop at the data plane of a Gateway, by the routes of the Gateway API (gateway.networking.k8s.io/v1). */
@NullMarked
package dev.podpath.k8s.ingress.gateway;

import org.jspecify.annotations.NullMarked;
