/** Names: the cluster's own DNS, and answers that were recorded from a resolver. */
@NullMarked
package dev.podpath.k8s.dns;

import org.jspecify.annotations.NullMarked;
