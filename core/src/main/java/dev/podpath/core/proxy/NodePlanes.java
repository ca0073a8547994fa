package dev.podpath.core.proxy;

import io.vavr.control.Option;

/** The data planes of the nodes. A node's state may be read only when it is asked for. */
@FunctionalInterface
public interface NodePlanes {
    /** The plane of this node; empty where nothing of the node was captured. */
    Option<NodePlane> plane(String node);
}
