/** Answers to input that is damaged or hostile. */
@NullMarked
package dev.podpath.it.fuzz;

import org.jspecify.annotations.NullMarked;
