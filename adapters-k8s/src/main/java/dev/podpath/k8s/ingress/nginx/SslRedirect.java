package dev.podpath.k8s.ingress.nginx;

import dev.podpath.core.trace.Evidence;
import dev.podpath.k8s.ingress.nginx.conf.Directive;
import dev.podpath.k8s.ingress.nginx.request.Walked;
import dev.podpath.k8s.ingress.nginx.select.HttpConf;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * Whether the controller sends a plain request to HTTPS ({@code redirect_to_https} of {@code lua_ingress.lua}). The settings stand in
 * {@code set} directives, or in versions before 1.12 in the Lua of the location.
 */
final class SslRedirect {
    private final HttpConf conf;
    private final Walked walked;

    SslRedirect(HttpConf conf, Walked walked) {
        this.conf = conf;
        this.walked = walked;
    }

    /** A setting that is on, with its place; empty where it is off or not there. */
    Option<Evidence> on(String setting) {
        Option<Directive> setter = walked.setter(setting);
        if (setter.isDefined()) {
            return Option.when(
                    walked.variable(setting).contains("true"),
                    () -> setter.get().evidence());
        }
        return walked.inForce("rewrite_by_lua_block").flatMap(block -> inLua(block, setting, "true"));
    }

    private static Option<Evidence> inLua(Directive block, String setting, String value) {
        int line = block.line();
        for (String text : block.lua().split("\n", -1)) {
            String trimmed = text.strip();
            if (trimmed.startsWith(setting)
                    && trimmed.substring(setting.length()).strip().startsWith("= " + value)) {
                return Option.some(block.document().line(line));
            }
            line++;
        }
        return Option.none();
    }

    /** The certificate that an old version wrote for the server itself. */
    Option<Evidence> ownCertificate() {
        return walked.server()
                .flatMap(choice -> choice.server().directive().last("ssl_certificate"))
                .filter(line -> !line.arg(0).getOrElse("").contains("default-fake-certificate"))
                .map(Directive::evidence);
    }

    /** Whether the scheme a proxy in front reports counts, so that a plain connection may stand for an encrypted one. */
    boolean trustsForwardedScheme() {
        boolean realIp =
                walked.inForce("real_ip_header").exists(line -> !line.arg(0).contains("proxy_protocol"));
        return realIp || setConfig("use_forwarded_headers", "true");
    }

    /** {@code http-redirect-code}; empty where it is not written in the configuration. */
    Option<Integer> code() {
        return Vector.of(301, 302, 307, 308).find(code -> setConfig("http_redirect_code", Integer.toString(code)));
    }

    private boolean setConfig(String setting, String value) {
        return conf.http()
                .filter(line -> line.is("init_by_lua_block"))
                .exists(block -> block.lua().contains(setting + " = " + value));
    }
}
