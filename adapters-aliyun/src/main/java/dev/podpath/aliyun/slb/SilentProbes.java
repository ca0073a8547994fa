package dev.podpath.aliyun.slb;

import dev.podpath.core.finding.Finding;
import dev.podpath.core.location.Flow;
import dev.podpath.core.location.HttpRequest;
import dev.podpath.core.trace.Evidence;
import io.vavr.control.Option;

/** Health checks that only connect, to servers that expect the other side to speak first. */
public final class SilentProbes {
    private SilentProbes() {}

    /**
     * The diagnosis where checks are such.
     *
     * @param bare whether health checks are bare TCP connections
     * @param flow the connection as servers get it; TLS inside is left to them
     * @param proxyProtocol whether servers expect a PROXY protocol header
     * @param by who checks, for people
     */
    public static Option<Finding> of(boolean bare, Flow flow, boolean proxyProtocol, String by, Evidence evidence) {
        boolean tls = flow.http().map(HttpRequest::scheme).contains("https");
        String expected = proxyProtocol ? "a PROXY protocol header" : "TLS";
        return Option.when(
                bare && (tls || proxyProtocol),
                () -> Finding.of(
                        SlbFindings.SILENT_PROBES,
                        by + " checks its servers by bare TCP connections, and they expect " + expected + " first",
                        evidence));
    }
}
