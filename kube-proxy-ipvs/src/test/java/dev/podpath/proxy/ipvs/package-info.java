@NullMarked
package dev.podpath.proxy.ipvs;

import org.jspecify.annotations.NullMarked;
