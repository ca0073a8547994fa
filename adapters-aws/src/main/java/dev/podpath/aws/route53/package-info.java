/** Route 53: hosted zones, record sets and routing policies. */
@NullMarked
package dev.podpath.aws.route53;

import org.jspecify.annotations.NullMarked;
