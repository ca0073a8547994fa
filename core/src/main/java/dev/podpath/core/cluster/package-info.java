/** What Kubernetes says: services, endpoints, pods and nodes, as an immutable index. */
@NullMarked
package dev.podpath.core.cluster;

import org.jspecify.annotations.NullMarked;
