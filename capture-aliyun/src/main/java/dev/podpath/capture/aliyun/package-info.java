/** Captures an Alibaba Cloud account through its APIs, read only. */
@NullMarked
package dev.podpath.capture.aliyun;

import org.jspecify.annotations.NullMarked;
