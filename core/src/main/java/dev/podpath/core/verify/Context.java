package dev.podpath.core.verify;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.intent.IntentTable;
import dev.podpath.core.intent.NodeView;
import dev.podpath.core.intent.ProxySettings;
import dev.podpath.core.intent.ServiceIntent;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.proxy.NodePlane;
import dev.podpath.core.proxy.ServiceProxy;
import java.util.Set;

/**
 * What the verification of one node has at hand.
 *
 * @param cluster the objects
 * @param table the services
 * @param vips the claims of services on addresses
 * @param plane the node's plane
 * @param local the addresses of the plane that the node has itself, to be asked for each packet; never changed
 * @param proxy its proxy
 * @param settings how its kube-proxy was started
 * @param node what its kube-proxy knows of the node
 * @param intents what is meant, by number of the service
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and read in the innermost loop
record Context(
        Cluster cluster,
        IntentTable table,
        VipTable vips,
        NodePlane plane,
        Set<IpAddress> local,
        ServiceProxy proxy,
        ProxySettings settings,
        NodeView node,
        ServiceIntent[] intents) {}
