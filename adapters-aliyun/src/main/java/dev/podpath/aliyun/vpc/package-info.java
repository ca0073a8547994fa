/** Virtual networks: elastic addresses, route tables, NAT gateways and the way out. */
@NullMarked
package dev.podpath.aliyun.vpc;

import org.jspecify.annotations.NullMarked;
