/** {@code nginx.conf} as text: words, directives and blocks, each knowing its line. Knows no meaning of a directive. */
@NullMarked
package dev.podpath.k8s.ingress.nginx.conf;

import org.jspecify.annotations.NullMarked;
