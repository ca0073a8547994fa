/** How nginx chooses: the listening socket, the server by name, the location by URI. Pure nginx, no Kubernetes. */
@NullMarked
package dev.podpath.k8s.ingress.nginx.select;

import org.jspecify.annotations.NullMarked;
