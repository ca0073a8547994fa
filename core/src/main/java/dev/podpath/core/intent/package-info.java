/**
 * What Kubernetes intends, mode by mode and version by version: a pure function from the objects, and from what is known
 * of kube-proxy and the node, to what kube-proxy programs there. A specification to read beside the documentation.
 */
@NullMarked
package dev.podpath.core.intent;

import org.jspecify.annotations.NullMarked;
