/** What was captured of the kernel's IPVS tables: virtual servers, real servers and connections in compact arrays. */
@NullMarked
package dev.podpath.proxy.ipvs.table;

import org.jspecify.annotations.NullMarked;
