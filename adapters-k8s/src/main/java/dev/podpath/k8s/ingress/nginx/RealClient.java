package dev.podpath.k8s.ingress.nginx;

import dev.podpath.core.location.Handover;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.IpPrefix;
import dev.podpath.core.trace.Decision;
import dev.podpath.k8s.ingress.nginx.conf.Directive;
import dev.podpath.k8s.ingress.nginx.request.Walked;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/** The client's address where a trusted proxy in front tells it ({@code ngx_http_realip_module}). */
final class RealClient {
    private final HopDraft draft;
    private final Option<Directive> header;
    private final Option<IpAddress> peer;
    private final Vector<IpPrefix> trusted;

    RealClient(Walked walked, HopDraft draft) {
        this.draft = draft;
        this.header = walked.inForce("real_ip_header");
        this.peer = draft.at().flow().source();
        this.trusted = walked.inForce("set_real_ip_from", "set_real_ip_from")
                .flatMap(line -> line.arg(0).flatMap(IpPrefix::parse));
    }

    /** Whether nginx takes the client's address from what the proxy tells. */
    boolean isReplaced() {
        return header.isDefined()
                && peer.map(address -> trusted.exists(prefix -> prefix.contains(address)))
                        .getOrElse(!trusted.isEmpty());
    }

    /** The address that is told; empty where that is not known. */
    Option<IpAddress> told() {
        Option<Handover> front = draft.at().flow().handover();
        boolean certain = peer.isDefined() || trusted.exists(prefix -> prefix.length() == 0);
        if (front.isEmpty() || !certain) {
            return Option.none();
        }
        String name = header.get().arg(0).getOrElse("");
        boolean byHeader =
                name.equalsIgnoreCase("X-Forwarded-For") && front.get().kind() == Handover.Kind.OPENED;
        boolean byProtocol = name.equals("proxy_protocol") && front.get().proxyProtocol();
        Option<IpAddress> client = front.get().told().client().filter(ip -> byHeader || byProtocol);
        client.forEach(address -> {
            draft.add(Decision.found(front.get().by() + " tells the client's address, " + address + ", by "
                            + (byProtocol ? "the PROXY protocol" : name))
                    .with(front.get().evidence().prepend(header.get().evidence())));
            if (byHeader) {
                draft.assume("the client sends no X-Forwarded-For of its own");
            }
        });
        return client;
    }
}
