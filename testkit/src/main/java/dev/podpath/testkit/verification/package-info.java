/** Verification put to the test: what reference writers write must hold, and every fault must be found. */
@NullMarked
package dev.podpath.testkit.verification;

import org.jspecify.annotations.NullMarked;
