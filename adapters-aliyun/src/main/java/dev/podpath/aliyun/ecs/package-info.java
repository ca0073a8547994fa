/** Elastic Compute Service: instances and network interfaces, and which of them are nodes. */
@NullMarked
package dev.podpath.aliyun.ecs;

import org.jspecify.annotations.NullMarked;
