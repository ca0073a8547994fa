package dev.podpath.ports.plugin;

import dev.podpath.core.proxy.ServiceProxy;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Evidence;
import dev.podpath.ports.node.NodeState;
import io.vavr.control.Either;
import io.vavr.control.Option;

/** A mode of kube-proxy. The {@link #id()} is the mode's name as kube-proxy prints it. */
public interface ProxyModeProvider extends Plugin {
    /**
     * Whether the node's documents show that this mode is in force, with the line that shows it. Asked only where
     * neither the node nor the configuration names the mode.
     */
    Option<Evidence> detect(NodeState node);

    /**
     * Reads the node's rules.
     *
     * @param node the node; of its snapshot only the node's own documents may be read
     * @return the proxy; or, where documents it cannot do without are missing or broken, a decision of action UNKNOWN
     *     that says which, with the commands to capture them
     */
    Reading<Either<Decision, ServiceProxy>> open(NodeState node);
}
