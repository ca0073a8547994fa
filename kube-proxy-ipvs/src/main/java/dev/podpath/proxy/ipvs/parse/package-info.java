/** Readers of the texts in which IPVS tables are printed: listings, save texts and the files of procfs. */
@NullMarked
package dev.podpath.proxy.ipvs.parse;

import org.jspecify.annotations.NullMarked;
