/** The captured responses of the cloud's APIs, by API and key. */
@NullMarked
package dev.podpath.aliyun.response;

import org.jspecify.annotations.NullMarked;
