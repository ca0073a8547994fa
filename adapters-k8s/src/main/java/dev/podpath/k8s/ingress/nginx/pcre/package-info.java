/**
 * Regular expressions as nginx uses them: the common part of PCRE without UTF mode, over bytes, with a bound on the work that does not
 * depend on time.
 */
@NullMarked
package dev.podpath.k8s.ingress.nginx.pcre;

import org.jspecify.annotations.NullMarked;
