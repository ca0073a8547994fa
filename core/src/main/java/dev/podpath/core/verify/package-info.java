/**
 * Verification of the nodes' data planes against what Kubernetes intends: every class of packets, not samples. Pure; it
 * knows only the plane of a node and the objects.
 */
@NullMarked
package dev.podpath.core.verify;

import org.jspecify.annotations.NullMarked;
