package dev.podpath.aliyun.slb;

import dev.podpath.core.trace.Evidence;
import io.vavr.collection.Vector;

/**
 * Servers a listener or a rule forwards to.
 *
 * @param label what it is called, for people
 * @param name its name; empty text where it has none. The cloud controller manager writes the service into it
 * @param servers its servers
 * @param activeStandby whether one server is active and the other stands by
 * @param evidence where it is
 */
record ServerGroup(String label, String name, Vector<Backend> servers, boolean activeStandby, Evidence evidence) {}
