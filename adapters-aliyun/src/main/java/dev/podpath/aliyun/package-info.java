/** Alibaba Cloud: interprets captured responses of its APIs. One package per product. */
@NullMarked
package dev.podpath.aliyun;

import org.jspecify.annotations.NullMarked;
