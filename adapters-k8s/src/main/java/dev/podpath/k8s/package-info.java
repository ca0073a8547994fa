@NullMarked
package dev.podpath.k8s;

import org.jspecify.annotations.NullMarked;
