/** What every plugin must keep to, as tests that a plugin's own tests inherit. */
@NullMarked
package dev.podpath.testkit.contract;

import org.jspecify.annotations.NullMarked;
