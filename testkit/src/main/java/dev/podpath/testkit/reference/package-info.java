/** What kube-proxy would program on a node for a given cluster, written down independently of any reader of it. */
@NullMarked
package dev.podpath.testkit.reference;

import org.jspecify.annotations.NullMarked;
