package dev.podpath.k8s.ingress.nginx.predict;

import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.IpPrefix;
import dev.podpath.core.trace.Evidence;
import dev.podpath.k8s.ingress.nginx.predict.ServerModel.Location;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.Locale;

/**
 * Writes what decides about requests in the {@code nginx.conf} that the controller generates ({@code rootfs/etc/nginx/template/nginx.tmpl} and {@code
 * internal/ingress/controller/template/template.go} of version 1.15).
 */
final class ConfWriter {
    /** Where the controller itself answers for a default backend. */
    static final int DEFAULT_BACKEND_PORT = 8181;

    private static final String PASS = "upstream_balancer";

    private final ControllerFlags flags;
    private final ControllerSettings settings;
    private final ConfText out = new ConfText();

    ConfWriter(ControllerFlags flags, ControllerSettings settings) {
        this.flags = flags;
        this.settings = settings;
    }

    ConfText write(Vector<ServerModel> servers) {
        out.line("http {");
        realIp();
        for (String blocked : settings.list("block-cidrs")) {
            out.line(settings.evidence("block-cidrs"), "deny " + ConfText.quote(blocked) + ";");
        }
        out.line("port_in_redirect off;");
        httpRedirectCode();
        keepAlive();
        out.line("upstream " + PASS + " {");
        out.line("server 0.0.0.1;");
        out.line("balancer_by_lua_file /etc/nginx/lua/nginx/ngx_conf_balancer.lua;");
        out.line("}");
        servers.filter(server -> server.redirectsWww).forEach(server -> redirectServer(server, servers));
        servers.forEach(this::server);
        out.line("server {");
        out.line("listen " + DEFAULT_BACKEND_PORT + " default_server;");
        out.line("listen [::]:" + DEFAULT_BACKEND_PORT + " default_server;");
        out.line("set $proxy_upstream_name \"internal\";");
        out.line("location / {");
        out.line("return 404;");
        out.line("}");
        out.line("}");
        out.line("}");
        return out;
    }

    private void keepAlive() {
        settings.text("keep-alive")
                .filter(seconds -> seconds.matches("[0-9]{1,9}"))
                .forEach(seconds -> out.line(settings.evidence("keep-alive"), "keepalive_timeout " + seconds + "s;"));
    }

    private void realIp() {
        boolean proxyProtocol = settings.isTrue("use-proxy-protocol", false);
        boolean forwarded = settings.isTrue("use-forwarded-headers", false);
        if (!proxyProtocol && !forwarded) {
            return;
        }
        Vector<Evidence> source = settings.evidence(proxyProtocol ? "use-proxy-protocol" : "use-forwarded-headers");
        out.line(
                source,
                "real_ip_header "
                        + ConfText.quote(
                                proxyProtocol
                                        ? "proxy_protocol"
                                        : settings.text("forwarded-for-header").getOrElse("X-Forwarded-For"))
                        + ";");
        Vector<String> trusted = settings.list("proxy-real-ip-cidr");
        for (String prefix : trusted.isEmpty() ? Vector.of("0.0.0.0/0") : trusted) {
            out.line(source, "set_real_ip_from " + ConfText.quote(prefix) + ";");
        }
    }

    private void httpRedirectCode() {
        settings.text("http-redirect-code")
                .filter(code -> code.matches("30[1278]"))
                .forEach(code -> {
                    out.line("init_by_lua_block {");
                    out.line(settings.evidence("http-redirect-code"), "http_redirect_code = " + code);
                    out.line("}");
                });
    }

    private void listen(String host, Vector<Evidence> source) {
        String proxy = settings.isTrue("use-proxy-protocol", false) ? " proxy_protocol" : "";
        String first = host.equals(ServerModel.DEFAULT) ? " default_server" : "";
        int tls = flags.passesTlsThrough() ? flags.behindPassthrough() : flags.httpsPort();
        String tlsProxy = flags.passesTlsThrough() ? " proxy_protocol" : proxy;
        for (String family : Vector.of("", "[::]:")) {
            out.line(source, "listen " + family + flags.httpPort() + first + proxy + ";");
            out.line(source, "listen " + family + tls + first + tlsProxy + " ssl;");
        }
    }

    /** The server that sends {@code www.} to the host, or the host to {@code www.}. */
    private void redirectServer(ServerModel server, Vector<ServerModel> servers) {
        String from = server.host.startsWith("www.") ? server.host.substring("www.".length()) : "www." + server.host;
        boolean taken = servers.exists(other -> other.host.equals(from) || other.aliases.contains(from));
        if (taken || server.host.equals(ServerModel.DEFAULT)) {
            return;
        }
        Vector<Evidence> source = Vector.ofAll(server.locations)
                .flatMap(location -> location.ingress)
                .find(ingress -> ingress.isTrue("from-to-www-redirect"))
                .map(ingress -> ingress.evidence("from-to-www-redirect"))
                .toVector();
        out.line(source, "server {");
        out.line(source, "server_name " + ConfText.quote(from) + ";");
        listen(from, source);
        out.line("set $redirect_uri $request_uri;");
        out.line("if ($request_uri ~ \"^(?<redirect_path>.*)/$\") {");
        out.line("set $redirect_uri $redirect_path;");
        out.line("}");
        out.line(
                source,
                "return " + redirectCode() + " \"$scheme://" + escapeVariables(server.host) + "$redirect_uri\";");
        out.line("}");
    }

    private String redirectCode() {
        return settings.text("http-redirect-code")
                .filter(code -> code.matches("30[1278]"))
                .getOrElse("308");
    }

    private void server(ServerModel server) {
        Vector<Evidence> source = Vector.ofAll(server.evidence);
        out.line(source, "server {");
        out.line(
                source,
                "server_name " + ConfText.quote(serverName(server.host))
                        + server.aliases
                                .map(alias -> " " + ConfText.quote(alias))
                                .mkString()
                        + ";");
        listen(server.host, source);
        out.line("set $proxy_upstream_name \"-\";");
        boolean regex = server.isRegex();
        for (Location location : server.locations) {
            appRoot(location);
            location(location, regex);
        }
        if (server.host.equals(ServerModel.DEFAULT)) {
            out.line("location /healthz {");
            out.line("return 200;");
            out.line("}");
        }
        out.line("}");
    }

    /** A wildcard stands for one label ({@code buildServerName}). */
    static String serverName(String host) {
        return host.startsWith("*.")
                ? "~^(?<subdomain>[\\w-]+)\\." + host.substring(2).replace(".", "\\.") + "$"
                : host;
    }

    private void appRoot(Location location) {
        location.rewrites
                .filter(ingress -> ingress.annotation("app-root").exists(root -> root.startsWith("/")))
                .forEach(ingress -> {
                    Vector<Evidence> source = Vector.of(ingress.evidence("app-root"));
                    out.line(source, "if ($uri = /) {");
                    out.line(
                            source,
                            "return 302 \"$scheme://$http_host"
                                    + escapeVariables(
                                            ingress.annotation("app-root").get()) + "\";");
                    out.line("}");
                });
    }

    private void location(Location location, boolean regex) {
        Vector<Evidence> source = location.evidence;
        String where = regex
                ? "~* " + ConfText.quote("^" + location.path)
                : (location.exact ? "= " : "") + ConfText.quote(location.path);
        out.line(source, "location " + where + " {");
        String service = location.byDefault ? "" : location.service;
        set(source, "namespace", location.ingress.map(IngressObject::namespace).getOrElse(""));
        set(source, "ingress_name", location.ingress.map(IngressObject::name).getOrElse(""));
        set(source, "service_name", service);
        set(source, "service_port", service.isEmpty() ? "" : location.port);
        location.ingress.forEach(ingress -> redirectsToHttps(location, ingress));
        set(source, "proxy_upstream_name", location.upstream);
        Option<String> denied = location.ingress.flatMap(ConfWriter::deniedBecause);
        if (denied.isDefined()) {
            out.line("# Location denied. Reason: " + denied.get());
            out.line(source, "return 503;");
        } else {
            location.ingress.forEach(ingress -> guards(ingress));
            redirect(location);
            rewriteAndPass(location, source);
        }
        out.line("}");
    }

    private void set(Vector<Evidence> source, String variable, String value) {
        out.line(source, "set $" + variable + " " + ConfText.quote(value) + ";");
    }

    private void redirectsToHttps(Location location, IngressObject ingress) {
        Vector<String> exempt = settings.text("no-tls-redirect-locations").isDefined()
                ? settings.list("no-tls-redirect-locations")
                : Vector.of("/.well-known/acme-challenge");
        boolean never = exempt.exists(location.path::startsWith);
        flag(
                ingress,
                "force_ssl_redirect",
                "force-ssl-redirect",
                ingress.isTrue("force-ssl-redirect", settings.isTrue("force-ssl-redirect", false)));
        flag(
                ingress,
                "ssl_redirect",
                "ssl-redirect",
                ingress.isTrue("ssl-redirect", settings.isTrue("ssl-redirect", true)));
        set(Vector.empty(), "force_no_ssl_redirect", Boolean.toString(never));
        flag(ingress, "preserve_trailing_slash", "preserve-trailing-slash", ingress.isTrue("preserve-trailing-slash"));
    }

    private void flag(IngressObject ingress, String variable, String annotation, boolean on) {
        Vector<Evidence> source = ingress.annotation(annotation).isDefined()
                ? Vector.of(ingress.evidence(annotation))
                : settings.evidence(annotation).isEmpty()
                        ? Vector.of(ingress.evidence())
                        : settings.evidence(annotation);
        set(source, variable, Boolean.toString(on));
    }

    /** Why the controller refuses to serve a location; empty where it does not. */
    private static Option<String> deniedBecause(IngressObject ingress) {
        boolean wrong = Vector.of(allowed(ingress), denied(ingress))
                .flatMap(list -> list)
                .flatMap(ControllerSettings::split)
                .exists(entry -> IpPrefix.parse(entry).isEmpty()
                        && IpAddress.parse(entry).isEmpty());
        return Option.when(wrong, "the annotation does not contain a valid IP address or network");
    }

    private static Option<String> allowed(IngressObject ingress) {
        return ingress.annotation("allowlist-source-range", "whitelist-source-range")
                .filter(list -> !list.isEmpty());
    }

    private static Option<String> denied(IngressObject ingress) {
        return ingress.annotation("denylist-source-range").filter(list -> !list.isEmpty());
    }

    private void guards(IngressObject ingress) {
        Vector<Evidence> denySource = denied(ingress).isDefined()
                ? Vector.of(ingress.evidence("denylist-source-range"))
                : settings.evidence("denylist-source-range");
        denied(ingress)
                .map(ControllerSettings::split)
                .getOrElse(() -> settings.list("denylist-source-range"))
                .forEach(prefix -> out.line(denySource, "deny " + ConfText.quote(prefix) + ";"));
        Vector<String> allowed = allowed(ingress)
                .map(ControllerSettings::split)
                .getOrElse(() ->
                        settings.list("allowlist-source-range").appendAll(settings.list("whitelist-source-range")));
        if (!allowed.isEmpty()) {
            String name = ingress.annotation("allowlist-source-range").isDefined()
                    ? "allowlist-source-range"
                    : "whitelist-source-range";
            Vector<Evidence> source = allowed(ingress).isDefined()
                    ? Vector.of(ingress.evidence(name))
                    : settings.evidence("allowlist-source-range")
                            .appendAll(settings.evidence("whitelist-source-range"));
            allowed.forEach(prefix -> out.line(source, "allow " + ConfText.quote(prefix) + ";"));
            out.line(source, "deny all;");
        }
        if (ingress.annotation("auth-url").exists(url -> !url.isEmpty())) {
            out.line(Vector.of(ingress.evidence("auth-url")), "auth_request /_external-auth;");
        }
        if (ingress.annotation("auth-type").exists(type -> type.equals("basic"))) {
            out.line(Vector.of(ingress.evidence("auth-type")), "auth_basic realm;");
        }
    }

    private void redirect(Location location) {
        Option<IngressObject> ingress = location.rewrites;
        for (String name : Vector.of("temporal-redirect", "permanent-redirect")) {
            Option<String> url =
                    ingress.flatMap(found -> found.annotation(name)).filter(text -> !text.isEmpty());
            if (url.isDefined()) {
                String code = ingress.get()
                        .annotation(name + "-code")
                        .filter(text -> text.matches("30[0-8]"))
                        .getOrElse(name.startsWith("temporal") ? "302" : "301");
                out.line(
                        Vector.of(ingress.get().evidence(name)),
                        "return " + code + " " + ConfText.quote(url.get()) + ";");
                return;
            }
        }
    }

    private void rewriteAndPass(Location location, Vector<Evidence> source) {
        String target = location.rewriteTarget();
        if (!target.isEmpty() && !target.equals(location.path)) {
            out.line(
                    Vector.of(location.rewrites.get().evidence("rewrite-target")),
                    "rewrite " + ConfText.quote("(?i)" + location.path) + " " + ConfText.quote(target) + " break;");
        }
        String protocol = location.ingress
                .flatMap(ingress -> ingress.annotation("backend-protocol"))
                .filter(text -> !location.upstream.equals(UpstreamModel.DEFAULT))
                .getOrElse("HTTP")
                .toUpperCase(Locale.ROOT);
        out.line(
                source,
                switch (protocol) {
                    case "HTTPS" -> "proxy_pass https://" + PASS + ";";
                    case "GRPC" -> "grpc_pass grpc://" + PASS + ";";
                    case "GRPCS" -> "grpc_pass grpcs://" + PASS + ";";
                    case "FCGI" -> "fastcgi_pass " + PASS + ";";
                    default -> "proxy_pass http://" + PASS + ";";
                });
    }

    private static String escapeVariables(String text) {
        return text.replace("$", "").replace("\"", "").replace("\\", "");
    }
}
