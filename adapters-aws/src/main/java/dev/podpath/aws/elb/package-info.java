/** Elastic Load Balancing: listeners, rules, target groups and target health, of all generations. */
@NullMarked
package dev.podpath.aws.elb;

import org.jspecify.annotations.NullMarked;
