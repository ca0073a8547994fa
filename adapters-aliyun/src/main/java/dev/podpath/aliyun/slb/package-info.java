/** Classic Load Balancer (CLB): instances, listeners, access control, forwarding rules and server groups. */
@NullMarked
package dev.podpath.aliyun.slb;

import org.jspecify.annotations.NullMarked;
