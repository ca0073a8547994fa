/** jqwik generators of consistent clusters, nodes and packets that are likely to find a difference. */
@NullMarked
package dev.podpath.testkit.arbitrary;

import org.jspecify.annotations.NullMarked;
