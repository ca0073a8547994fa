package dev.podpath.it.conformance;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.location.Flow;
import dev.podpath.core.location.HttpRequest;
import dev.podpath.core.location.PodPort;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.resolve.HopResolver;
import dev.podpath.core.trace.Location;
import dev.podpath.k8s.ingress.gateway.GatewayProvider;
import dev.podpath.k8s.objects.KubernetesInventory;
import dev.podpath.k8s.objects.KubernetesResolvers;
import dev.podpath.ports.plugin.ResolverProvider;
import dev.podpath.ports.snapshot.Snapshot;
import dev.podpath.testkit.contract.ResolverContract;
import io.vavr.collection.HashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

class GatewayApiContractTest implements ResolverContract {
    @Override
    public ResolverProvider provider() {
        return new GatewayProvider();
    }

    @Override
    public Map<String, String> documents() {
        return HashMap.of(
                "kubernetes/gateways.json",
                """
                {"items":[{"metadata":{"namespace":"edge","name":"gw"},"spec":{"listeners":[
                 {"name":"web","port":80,"protocol":"HTTP","allowedRoutes":{"namespaces":{"from":"All"}}}]}}]}""",
                "kubernetes/httproutes.json",
                """
                {"items":[{"metadata":{"namespace":"app","name":"shop"},"spec":{"parentRefs":[{"namespace":"edge","name":"gw"}],
                 "hostnames":["shop.example"],"rules":[
                  {"matches":[{"path":{"value":"/old"}}],"filters":[{"type":"RequestRedirect","requestRedirect":{"statusCode":301,
                    "path":{"type":"ReplacePrefixMatch","replacePrefixMatch":"/new"}}}]},
                  {"backendRefs":[{"name":"web","port":80,"weight":9},{"name":"gone","port":80,"weight":1}]}]}}]}""",
                "kubernetes/services.json",
                """
                {"items":[{"kind":"Service","metadata":{"namespace":"app","name":"web"},
                 "spec":{"clusterIP":"10.96.0.7","ports":[{"port":80,"protocol":"TCP","targetPort":8080}]}}]}""",
                "kubernetes/endpointslices.json",
                """
                {"items":[{"kind":"EndpointSlice","metadata":{"namespace":"app","name":"web-1",
                  "labels":{"kubernetes.io/service-name":"web"}},"addressType":"IPv4",
                 "ports":[{"name":"","port":8080,"protocol":"TCP"}],"endpoints":[{"addresses":["10.0.2.1"]},{"addresses":["10.0.2.2"]}]}]}""",
                "kubernetes/pods.json",
                """
                {"items":[{"kind":"Pod","metadata":{"namespace":"edge","name":"proxy",
                  "labels":{"gateway.networking.k8s.io/gateway-name":"gw"}},"spec":{"nodeName":"n1"},
                 "status":{"phase":"Running","podIP":"10.0.1.1"}}]}""");
    }

    @Override
    public Vector<Location> starts() {
        return Vector.of("/", "/old/x", "/other")
                .map(path -> new PodPort(
                        AddressPort.parse("10.0.1.1:80").get(),
                        Option.none(),
                        new Flow(
                                Protocol.TCP,
                                Option.none(),
                                Option.some(new HttpRequest("http", "shop.example", path)))));
    }

    @Override
    public Cluster cluster(Snapshot snapshot) {
        return new KubernetesInventory().read(snapshot).value();
    }

    @Override
    public Vector<HopResolver> others(Snapshot snapshot, Cluster cluster) {
        return new KubernetesResolvers().open(snapshot, cluster).value();
    }

    /** A pod that is not known to serve a Gateway is taken for the end by the cluster's own resolver. */
    @Override
    public boolean answersFor(String document) {
        return !document.equals("kubernetes/gateways.json");
    }
}
