package dev.podpath.it.conformance;

import dev.podpath.k8s.ingress.nginx.IngressNginxProvider;
import dev.podpath.ports.plugin.ResolverProvider;
import io.vavr.collection.Vector;

class IngressNginxContractTest implements ExampleContract {
    @Override
    public ResolverProvider provider() {
        return new IngressNginxProvider();
    }

    @Override
    public String example() {
        return "ack-article";
    }

    @Override
    public Vector<String> hosts() {
        return Vector.of("app1.qas.abc.com", "app2.qas.abc.com", "app3.qas.abc.com");
    }
}
