@NullMarked
package dev.podpath.aws;

import org.jspecify.annotations.NullMarked;
