package dev.podpath.it.conformance;

import dev.podpath.k8s.objects.KubernetesResolvers;
import dev.podpath.ports.plugin.ResolverProvider;
import io.vavr.collection.Vector;

class KubernetesContractTest implements ExampleContract {
    @Override
    public ResolverProvider provider() {
        return new KubernetesResolvers();
    }

    @Override
    public String example() {
        return "kubeadm-plain";
    }

    @Override
    public Vector<String> hosts() {
        return Vector.of("hello.plain.example", "edge.plain.example", "nobody.plain.example");
    }
}
