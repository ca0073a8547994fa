package dev.podpath.k8s.ingress.nginx.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.k8s.ingress.nginx.Samples;
import dev.podpath.k8s.ingress.nginx.conf.Directive;
import dev.podpath.k8s.ingress.nginx.conf.NginxConf;
import dev.podpath.k8s.ingress.nginx.select.HttpConf;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class RequestWalkTest {
    private static Walked walk(String http, String target) {
        HttpConf conf = HttpConf.of(
                NginxConf.parse(Samples.text("http { " + http + " }")).get());
        return RequestWalk.walk(
                conf,
                new HttpArrival(
                        AddressPort.parse("10.0.0.1:80").get(),
                        false,
                        Option.some("a.test"),
                        target,
                        Option.some(IpAddress.of("10.9.9.9"))));
    }

    private static String answer(String http, String target) {
        Fate fate = walk(http, target).fate();
        if (fate instanceof Fate.Unclear unclear) {
            return "unclear: " + unclear.why();
        }
        if (fate instanceof Fate.Answer answer) {
            return answer.status() + " " + answer.location().getOrElse(answer.text());
        }
        return "served";
    }

    @Example
    void answersAndRedirects() {
        assertThat(answer("server { return 200 \"$host$uri?$args ${scheme}x\"; }", "/a%20b?c=1"))
                .isEqualTo("200 a.test/a b?c=1 httpx");
        assertThat(answer("server { return https://other.test$request_uri; }", "/a?b"))
                .isEqualTo("302 https://other.test/a?b");
        assertThat(answer("server { return 301 /x; }", "/")).isEqualTo("301 /x");
        assertThat(answer("server { set $x y; location / { return 403 $x; } }", "/"))
                .isEqualTo("403 y");
        assertThat(answer("server { location / { return 200 $upstream_addr; } }", "/"))
                .startsWith("unclear: the value of $upstream_addr");
        assertThat(answer("server { listen 80 ssl; }", "/")).isEqualTo("400 ");
        assertThat(answer("server { }", "/..")).isEqualTo("400 ");
    }

    @Example
    void rewrites() {
        String rewriting =
                "server { location /a { rewrite ^/a(.*)$ /b$1 last; } location /b { return 200 $uri?$args; } }";
        assertThat(answer(rewriting, "/a/x?q")).isEqualTo("200 /b/x?q");
        assertThat(answer("server { rewrite ^ /loop last; location / { rewrite ^ /loop last; } }", "/"))
                .isEqualTo("500 ");
        assertThat(answer("server { location / { rewrite ^/(.*)$ https://x.test/$1?k=v permanent; } }", "/p?q=1"))
                .isEqualTo("301 https://x.test/p?k=v&q=1");
        assertThat(answer("server { location / { rewrite ^ /z? redirect; } }", "/p?q=1"))
                .isEqualTo("302 /z");
        Walked walked = walk(
                "server { location ~* \"^/api(/|$)(.*)\" { rewrite \"(?i)/api(/|$)(.*)\" /$2 break; proxy_pass http://up; } }",
                "/API/v1?x=1");
        assertThat(walked.upstreamTarget(((Fate.Served) walked.fate()).pass().get()))
                .isEqualTo("/v1?x=1");
        Walked replaced = walk("server { location /a/ { proxy_pass http://up/b/; } }", "/a/c%20d");
        assertThat(replaced.upstreamTarget(
                        ((Fate.Served) replaced.fate()).pass().get()))
                .isEqualTo("/b/c%20d");
    }

    @Example
    void evaluatesConditionsAndMaps() {
        String maps = "map $http_x_forwarded_proto $proto { default $http_x_forwarded_proto; '' $scheme; } "
                + "map \"$proto:$host\" $go { default 0; \"http:a.test\" 1; } map $uri $api { ~^/api/(?<v>\\w+) $v; } ";
        assertThat(answer(maps + "server { if ($go) { return 308 https://$host$request_uri; } }", "/x"))
                .isEqualTo("308 https://a.test/x");
        assertThat(answer(maps + "server { return 200 \"$api $v\"; }", "/api/v2/x"))
                .isEqualTo("200 v2 v2");
        assertThat(answer(
                        "server { if ($arg_x = 1) { return 201; } if ($args !~ ^x) { return 202; } return 203; }",
                        "/?x=1"))
                .isEqualTo("201 ");
        assertThat(answer("server { if ( $uri ~* \"^/A(.)\" ) { return 200 $1; } return 203; }", "/ab"))
                .isEqualTo("200 b");
        assertThat(answer("server { if (-f $request_filename) { return 200; } }", "/"))
                .startsWith("unclear");
        assertThat(answer("server { if ($upstream_x) { set $a 1; } return 200 $a; }", "/"))
                .startsWith("unclear");
        assertThat(answer("map $a $b { default $a; } map $b $a { default $b; } server { return 200 $a; }", "/"))
                .contains("refer to each other");
        assertThat(walk(maps + "server { if ($go) { return 200; } }", "/").absent())
                .containsExactly("header x-forwarded-proto");
        assertThat(answer("server { set_by_lua_block $x { return 1 } return 200 $x; }", "/"))
                .contains("computed in Lua");
    }

    @Example
    void appliesAddressRules() {
        Vector<Directive> rules = NginxConf.parse(Samples.text("deny 10.1.0.0/16; allow 10.0.0.0/8; deny all;"))
                .get()
                .directives();
        assertThat(Access.of(rules, Option.some(IpAddress.of("10.1.2.3")))).isInstanceOf(Access.Denied.class);
        assertThat(Access.of(rules, Option.some(IpAddress.of("10.2.2.3")))).isInstanceOf(Access.Allowed.class);
        assertThat(Access.of(rules, Option.some(IpAddress.of("11.2.2.3")))).isInstanceOf(Access.Denied.class);
        assertThat(Access.of(rules, Option.none())).isInstanceOf(Access.Unclear.class);
        assertThat(Access.of(rules.drop(2), Option.none())).isInstanceOf(Access.Denied.class);
        assertThat(Access.of(rules.slice(1, 2), Option.none())).isInstanceOf(Access.Allowed.class);
        assertThat(Access.of(rules.take(1), Option.some(IpAddress.of("11.2.2.3"))))
                .isInstanceOf(Access.NoRule.class);
    }

    /** The law: any configuration and any request give one answer, and the same one each time. */
    @Property(tries = 2000)
    void isTotalAndDeterministic(@ForAll("fragments") String http, @ForAll("targets") String target) {
        NginxConf.parse(Samples.text("http { " + http + " }")).forEach(conf -> {
            String first = answer(http, target);
            assertThat(answer(http, target)).isEqualTo(first);
        });
    }

    @Provide
    Arbitrary<String> fragments() {
        return Arbitraries.of(
                        "server { ",
                        "} ",
                        "location / { ",
                        "location ~ \"(a)(\" { ",
                        "location @x { ",
                        "location = /a { ",
                        "if ($a) { ",
                        "if ( { ",
                        "if ($uri ~ ( ) { ",
                        "rewrite ^(.*)$ /a$1$2 last; ",
                        "rewrite ( x; ",
                        "rewrite a; ",
                        "return; ",
                        "return 999999; ",
                        "return 200 ${; ",
                        "set $a $a$a$a; ",
                        "set $a; ",
                        "set; ",
                        "listen 80; ",
                        "listen :::; ",
                        "listen 1-70000; ",
                        "listen; ",
                        "server_name ~( *.a.* .; ",
                        "server_name; ",
                        "map $a $b { ",
                        "map { ",
                        "default $b; ",
                        "proxy_pass; ",
                        "proxy_pass http://$a; ",
                        "break; ",
                        "internal; ")
                .list()
                .ofMaxSize(25)
                .map(parts -> String.join("", parts));
    }

    @Provide
    Arbitrary<String> targets() {
        return Arbitraries.of("/", "/a", "", "/%", "/a?b#c", "x", "/\u00ff", "/a/../..", "/?");
    }
}
