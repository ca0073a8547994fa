/** EC2 and VPC: network interfaces, instances, security groups, routes, NAT gateways, public addresses. */
@NullMarked
package dev.podpath.aws.ec2;

import org.jspecify.annotations.NullMarked;
