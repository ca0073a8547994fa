package dev.podpath.it.verify;

import dev.podpath.core.cluster.Node;
import dev.podpath.core.intent.NodeView;
import dev.podpath.testkit.arbitrary.Scene;

/** How kube-proxy sees the node of a scene. */
final class SceneView {
    private SceneView() {}

    static NodeView of(Scene scene) {
        return NodeView.of(scene.node(), scene.cluster().node(scene.node()).flatMap(Node::zone), scene.nodeAddresses());
    }
}
