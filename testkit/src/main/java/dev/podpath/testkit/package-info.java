/** What the tests of plugins import: generators, a reference rule writer, faults and contracts. Never in production. */
@NullMarked
package dev.podpath.testkit;

import org.jspecify.annotations.NullMarked;
