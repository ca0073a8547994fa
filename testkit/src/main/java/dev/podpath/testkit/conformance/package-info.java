/** Reads the data form of kube-proxy's own test cases: objects, packets and what becomes of them. */
@NullMarked
package dev.podpath.testkit.conformance;

import org.jspecify.annotations.NullMarked;
