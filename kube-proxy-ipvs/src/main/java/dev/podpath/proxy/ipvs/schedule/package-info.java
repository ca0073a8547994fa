/** The kernel's IPVS schedulers, one class for each, and what a captured table tells of their choice. */
@NullMarked
package dev.podpath.proxy.ipvs.schedule;

import org.jspecify.annotations.NullMarked;
