/** What the resolvers of all products share when they make a hop. */
@NullMarked
package dev.podpath.aliyun.hop;

import org.jspecify.annotations.NullMarked;
