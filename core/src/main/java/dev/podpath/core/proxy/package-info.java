/** The data plane of a node: the port every kube-proxy mode implements, and its verdicts. */
@NullMarked
package dev.podpath.core.proxy;

import org.jspecify.annotations.NullMarked;
