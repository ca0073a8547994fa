package dev.podpath.ports.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.location.HttpRequest;
import dev.podpath.core.location.RequestHead;
import dev.podpath.core.net.Protocol;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TraceRequestTest {
    private static final Source ANY = new Source.Client(Option.none());

    @ParameterizedTest
    @CsvSource({
        "http://App1.qas.abc.com/, app1.qas.abc.com, 80, TCP, /",
        "https://app1.qas.abc.com, app1.qas.abc.com, 443, TCP, /",
        "http://app1:8080/a/b?c=d, app1, 8080, TCP, /a/b?c=d",
        "http://[fd00::1]:81/x, fd00::1, 81, TCP, /x",
        "app1.qas.abc.com, app1.qas.abc.com, 80, TCP, /",
        "app1:80, app1, 80, TCP, /",
        "app1:9000, app1, 9000, TCP, ''",
        "app1:53/udp, app1, 53, UDP, ''",
        "udp://kube-dns:53, kube-dns, 53, UDP, ''",
        "[fd00::1]:9000, fd00::1, 9000, TCP, ''",
        "fd00::1, fd00::1, 80, TCP, /",
        "10.0.0.1:5432/tcp, 10.0.0.1, 5432, TCP, ''",
    })
    void destinations(String text, String host, int port, Protocol protocol, String path) {
        TraceRequest request = TraceRequest.parse(text, ANY).getOrElseThrow(problem -> new AssertionError(problem));
        assertThat(request.host()).isEqualTo(host);
        assertThat(request.port()).isEqualTo(port);
        assertThat(request.protocol()).isEqualTo(protocol);
        assertThat(request.http().map(http -> http.path()).getOrElse("")).isEqualTo(path);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "http://", "ftp://x/", "app1:", "app1:0/tcp", "app1:99999", "http://a b/", "tcp://x"})
    void whatIsNoDestinationIsSaid(String text) {
        assertThat(TraceRequest.parse(text, ANY).isLeft()).as(text).isTrue();
        assertThat(TraceRequest.parse(text, ANY).getLeft()).contains("'" + text + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"pod:x", "pod:/x", "pod:a/b/c", "node:", "client", "10.0.0", ""})
    void whatIsNoSourceIsSaid(String text) {
        assertThat(Source.parse(text).isLeft()).isTrue();
    }

    @Property
    void anyTextIsARequestOrAProblem(@ForAll @StringLength(max = 40) String text) {
        TraceRequest.parse(text, ANY)
                .forEach(request -> assertThat(request.port()).isBetween(1, 65535));
        Source.parse(text);
    }

    @Example
    void methodAndHeaders() {
        TraceRequest plain = TraceRequest.parse("http://10.0.0.1:8080/a", ANY).get();
        RequestHead head = RequestHead.parse("POST", Vector.of("Host: Shop.example:8080", "X-A: 1", "x-a:2"))
                .get();
        HttpRequest http = plain.with(head).get().http().get();
        assertThat(http.host()).isEqualTo("shop.example");
        assertThat(http.head().method()).isEqualTo("POST");
        assertThat(http.head().field("x-A")).contains("1, 2");
        assertThat(http.head().field("host")).isEmpty();
        assertThat(plain.with(head).get().host()).isEqualTo("10.0.0.1");
        assertThat(TraceRequest.parse("db:5432", ANY).get().with(head).getLeft())
                .contains("no HTTP request");
        assertThat(RequestHead.parse("GET", Vector.of("no colon")).getLeft()).contains("NAME: VALUE");
        assertThat(RequestHead.parse("A B", Vector.empty()).getLeft()).contains("no method");
        assertThat(RequestHead.parse("GET", Vector.of("a: b\r\nc: d")).isLeft()).isTrue();
        RequestHead cookies = RequestHead.parse("GET", Vector.of("Cookie: a=1; b=2", "Cookie: c=3"))
                .get();
        assertThat(cookies.cookie("b")).contains("2");
        assertThat(cookies.cookie("c")).contains("3");
        assertThat(cookies.cookie("d")).isEmpty();
    }
}
