@NullMarked
package dev.podpath.proxy.ipvs.schedule;

import org.jspecify.annotations.NullMarked;
