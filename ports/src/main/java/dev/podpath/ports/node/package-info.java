/** The state of a node that does not depend on the proxy mode. */
@NullMarked
package dev.podpath.ports.node;

import org.jspecify.annotations.NullMarked;
