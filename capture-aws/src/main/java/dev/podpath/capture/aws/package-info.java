/** Live capture of an AWS account: which actions are asked for, in which order, and how their answers become documents. */
@NullMarked
package dev.podpath.capture.aws;

import org.jspecify.annotations.NullMarked;
