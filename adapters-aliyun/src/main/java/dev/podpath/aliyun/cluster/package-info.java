/** What the cluster says of things in the cloud: the services that load balancers were made for. */
@NullMarked
package dev.podpath.aliyun.cluster;

import org.jspecify.annotations.NullMarked;
