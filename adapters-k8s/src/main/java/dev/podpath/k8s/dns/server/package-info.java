/** What the cluster's name servers answer to a question, plugin by plugin. */
@NullMarked
package dev.podpath.k8s.dns.server;

import org.jspecify.annotations.NullMarked;
