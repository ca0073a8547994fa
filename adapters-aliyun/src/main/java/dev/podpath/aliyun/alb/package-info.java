/** Application and network load balancers (ALB, NLB), whose APIs have one shape: instances, listeners, rules, groups. */
@NullMarked
package dev.podpath.aliyun.alb;

import org.jspecify.annotations.NullMarked;
