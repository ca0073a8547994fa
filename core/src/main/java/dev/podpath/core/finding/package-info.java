/** Diagnoses with stable codes. */
@NullMarked
package dev.podpath.core.finding;

import org.jspecify.annotations.NullMarked;
