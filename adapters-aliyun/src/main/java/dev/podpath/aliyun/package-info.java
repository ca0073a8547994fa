@NullMarked
package dev.podpath.aliyun;

import org.jspecify.annotations.NullMarked;
