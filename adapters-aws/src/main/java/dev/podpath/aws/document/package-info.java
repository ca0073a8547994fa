/** Captured responses of the AWS command line: which operations are known, and how files and resources are joined. */
@NullMarked
package dev.podpath.aws.document;

import org.jspecify.annotations.NullMarked;
