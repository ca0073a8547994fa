/** Names: Alidns zones of the public DNS and PrivateZone zones of a VPC. */
@NullMarked
package dev.podpath.aliyun.dns;

import org.jspecify.annotations.NullMarked;
