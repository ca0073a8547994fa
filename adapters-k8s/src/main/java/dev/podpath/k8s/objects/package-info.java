/** Kubernetes objects as {@code kubectl get -o json} prints them: the inventory, and the hops that only need it. */
@NullMarked
package dev.podpath.k8s.objects;

import org.jspecify.annotations.NullMarked;
