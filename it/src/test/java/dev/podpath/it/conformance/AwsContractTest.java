package dev.podpath.it.conformance;

import dev.podpath.aws.AwsProvider;
import dev.podpath.ports.plugin.ResolverProvider;
import io.vavr.collection.Vector;

class AwsContractTest implements ExampleContract {
    @Override
    public ResolverProvider provider() {
        return new AwsProvider();
    }

    @Override
    public String example() {
        return "eks-basic";
    }

    @Override
    public Vector<String> hosts() {
        return Vector.of("shop.example.com", "api.example.com", "web.example.com", "nobody.example.com");
    }

    /**
     * Without the pods the cluster believes its EndpointSlices, one of which is out of date in this example; that is for
     * {@code Cluster.liveness} to say and not for the cloud.
     */
    @Override
    public boolean answersFor(String document) {
        return !document.equals("kubernetes/pods.json");
    }
}
