/** What lets a connection of a network interface pass: security groups and network ACLs. */
@NullMarked
package dev.podpath.aliyun.security;

import org.jspecify.annotations.NullMarked;
