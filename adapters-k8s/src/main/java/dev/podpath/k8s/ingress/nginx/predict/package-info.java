/** What an ingress-nginx controller makes of Ingress objects: the configuration and the backends it would have. */
@NullMarked
package dev.podpath.k8s.ingress.nginx.predict;

import org.jspecify.annotations.NullMarked;
