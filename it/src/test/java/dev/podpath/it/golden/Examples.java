package dev.podpath.it.golden;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The requests whose traces are kept. */
public final class Examples {
    private Examples() {}

    private static final Path SAMPLES =
            Path.of(System.getProperty("podpath.root", "..")).resolve("it/src/test/resources/samples");

    /** What opens a bundled example, or one of the samples that are kept for these tests only. */
    static String place(String example) {
        Path sample = SAMPLES.resolve(example);
        return Files.isDirectory(sample) ? sample.toString() : "example:" + example;
    }

    public static Stream<ExampleRequest> requests() {
        return Stream.of(
                // The three domains of the article, from clients that may and may not.
                ack("app1", "http://app1.qas.abc.com/", ""),
                ack("app1-https", "https://app1.qas.abc.com/", "203.0.113.99"),
                ack("app2", "http://app2.qas.abc.com/", "203.0.113.99"),
                ack("app2-api", "http://app2.qas.abc.com/api/v1?q=1", "203.0.113.99"),
                ack("app3-office", "http://app3.qas.abc.com/", "10.8.4.20"),
                ack("app3-denied", "http://app3.qas.abc.com/", "10.9.4.20"),
                ack("app3-internet", "http://app3.qas.abc.com/", "203.0.113.99"),
                ack("app3-unnamed", "http://app3.qas.abc.com/", ""),
                ack("app3-partner", "http://app3-partner.qas.abc.com/", "198.51.100.7"),
                ack("app3-partner-denied", "http://app3-partner.qas.abc.com/", "192.0.2.77"),
                ack("stopped-listener", "http://app3.qas.abc.com:8080/", "10.8.4.20"),
                ack("no-listener", "http://app1.qas.abc.com:8443/", "203.0.113.99"),
                ack("no-such-name", "http://nothing.qas.abc.com/", ""),
                ack("disabled-record", "http://app1-old.qas.abc.com/", ""),
                ack("pod-to-service", "http://app1-service.app:8080/", "pod:app/toolbox"),
                ack("pod-to-service-full-name", "http://app2-service.app.svc.cluster.local:8080/", "pod:app/toolbox"),
                ack("pod-to-own-domain", "http://app1.qas.abc.com/", "pod:app/toolbox"),
                ack("pod-to-api-server", "https://kubernetes.default.svc/", "pod:app/toolbox"),
                ack("pod-outward", "198.18.0.1:443", "pod:app/toolbox"),
                ack("pod-outward-by-name", "partner.example.com:443", "pod:app/toolbox"),
                ack("node-outward", "198.18.0.1:443", "node:cn-hangzhou.10.17.1.11"),
                eks("shop", "https://shop.example.com/", "203.0.113.99"),
                eks("shop-http", "http://shop.example.com/", "203.0.113.99"),
                eks("shop-internal", "https://shop.example.com/internal/x", "203.0.113.99"),
                eks("api", "https://api.example.com/v1", "203.0.113.99"),
                eks("web", "https://web.example.com/", "203.0.113.99"),
                eks("web-http", "http://web.example.com/", "203.0.113.99"),
                eks("no-such-name", "https://nothing.example.com/", ""),
                eks("pod-outward", "198.18.0.1:443", "pod:shop/toolbox"),
                plain("hello-node-port", "http://hello.plain.example:30080/", "198.51.100.9"),
                plain("edge-external-ip", "https://edge.plain.example/", "198.51.100.9"),
                plain("hello-from-node", "http://10.103.12.40/", "node:worker1"),
                plain("empty", "http://10.99.200.3/", "node:cp1"),
                plain("pod-outward", "198.18.0.1:443", "pod:default/toolbox"),
                nftables("hello-node-port", "http://hello.nft.example:30080/", "198.51.100.9"),
                nftables("edge-external-ip", "https://edge.nft.example/", "198.51.100.9"),
                nftables("hello-from-pod", "http://hello/", "pod:default/toolbox"),
                nftables("empty", "http://10.99.200.3/", "node:cp1"),
                nftables("unused-port", "http://10.103.12.40:81/", "node:worker1"),
                nftables("pod-outward", "198.18.0.1:443", "pod:default/toolbox"),
                balancers("alb", "http://shop.more.example/", "203.0.113.99"),
                balancers("alb-canary", "http://shop.more.example/cart/7", "203.0.113.99"),
                balancers("alb-fixed", "http://shop.more.example/healthz", "203.0.113.99"),
                balancers("alb-black", "http://shop.more.example/", "192.0.2.9"),
                balancers("alb-closed", "http://shop.more.example:81/", "203.0.113.99"),
                balancers("nlb", "https://api.more.example/", "203.0.113.99"),
                balancers("nlb-closed", "tcp://api.more.example:80", "203.0.113.99"),
                classic("classic", "http://old.more.example/", "198.18.5.5"),
                classic("classic-half", "http://old.more.example/", "203.0.113.99"),
                classic("weighted", "http://shop.more.example/", "198.18.5.5"),
                classic("failover", "http://site.more.example/", "198.18.5.5"));
    }

    private static ExampleRequest ack(String name, String destination, String from) {
        return new ExampleRequest("ack-article", name, destination, from);
    }

    private static ExampleRequest balancers(String name, String destination, String from) {
        return new ExampleRequest("ack-balancers", name, destination, from);
    }

    private static ExampleRequest classic(String name, String destination, String from) {
        return new ExampleRequest("eks-classic", name, destination, from);
    }

    private static ExampleRequest eks(String name, String destination, String from) {
        return new ExampleRequest("eks-basic", name, destination, from);
    }

    private static ExampleRequest plain(String name, String destination, String from) {
        return new ExampleRequest("kubeadm-plain", name, destination, from);
    }

    private static ExampleRequest nftables(String name, String destination, String from) {
        return new ExampleRequest("kubeadm-nftables", name, destination, from);
    }
}
