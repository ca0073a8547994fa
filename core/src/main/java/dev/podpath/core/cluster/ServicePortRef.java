package dev.podpath.core.cluster;

import dev.podpath.core.net.Protocol;

/**
 * Identity of a service port.
 *
 * @param service the service
 * @param port the service's own port number, 1 to 65535
 * @param protocol its protocol
 */
public record ServicePortRef(ServiceKey service, int port, Protocol protocol) {
    @Override
    public String toString() {
        return service + ":" + port + "/" + protocol.lower();
    }
}
