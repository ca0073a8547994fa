package dev.podpath.aliyun.dns;

import dev.podpath.core.trace.Share;
import io.vavr.control.Option;

/**
 * One record a client may be given.
 *
 * @param record the record; empty where the client is given none
 * @param share how often, among all choices
 * @param condition on what it depends
 */
record Choice(Option<DnsRecord> record, Share share, Option<String> condition) {}
