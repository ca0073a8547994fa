/** Faults as they are met in the field, put into the documents of a healthy node. */
@NullMarked
package dev.podpath.testkit.fault;

import org.jspecify.annotations.NullMarked;
