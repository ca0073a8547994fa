/** The text of a Corefile: server blocks and directives. */
@NullMarked
package dev.podpath.k8s.dns.corefile;

import org.jspecify.annotations.NullMarked;
