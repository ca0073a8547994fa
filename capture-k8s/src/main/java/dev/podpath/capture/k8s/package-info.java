/** The collector of Kubernetes: objects through the API, node state and controllers' configuration by exec. */
@NullMarked
package dev.podpath.capture.k8s;

import org.jspecify.annotations.NullMarked;
