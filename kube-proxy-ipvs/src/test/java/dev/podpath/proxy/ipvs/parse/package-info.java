@NullMarked
package dev.podpath.proxy.ipvs.parse;

import org.jspecify.annotations.NullMarked;
