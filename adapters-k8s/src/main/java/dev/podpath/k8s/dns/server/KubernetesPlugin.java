package dev.podpath.k8s.dns.server;

import dev.podpath.core.cluster.Endpoint;
import dev.podpath.core.cluster.Pod;
import dev.podpath.core.cluster.Service;
import dev.podpath.core.cluster.ServicePort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.trace.Evidence;
import dev.podpath.core.trace.Missing;
import dev.podpath.k8s.dns.corefile.Corefile;
import dev.podpath.k8s.dns.server.Answer.Code;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.Set;

/**
 * The records of the cluster's zones as CoreDNS's {@code kubernetes} plugin answers with them ({@code plugin/kubernetes/kubernetes.go}), which follows the
 * Kubernetes DNS-Based Service Discovery specification 1.1.0.
 *
 * <p>Where the objects that would tell were not captured a name may exist, and the answer is that it cannot be told.
 */
final class KubernetesPlugin {
    private static final Missing SERVICES =
            new Missing("kubernetes/services.json", "kubectl get services -A -o json > kubernetes/services.json");
    private static final Missing ENDPOINTS = new Missing(
            "kubernetes/endpointslices.json", "kubectl get endpointslices -A -o json > kubernetes/endpointslices.json");
    private static final Missing PODS =
            new Missing("kubernetes/pods.json", "kubectl get pods -A -o json > kubernetes/pods.json");
    private static final Missing CONFIG_MAPS = new Missing(
            "kubernetes/configmaps.json", "kubectl get configmaps -n kube-system -o json > kubernetes/configmaps.json");

    private static final Set<String> PROTOCOLS = Set.of("tcp", "udp", "sctp", "*");

    private final ClusterRecords records;
    private final KubernetesOptions options;
    private final Vector<Evidence> corefile;

    /**
     * A plugin.
     *
     * @param corefile where the options stand; empty where they are taken for granted
     */
    KubernetesPlugin(ClusterRecords records, KubernetesOptions options, Vector<Evidence> corefile) {
        this.records = records;
        this.options = options;
        this.corefile = corefile;
    }

    KubernetesOptions options() {
        return options;
    }

    /** The answer to a name in one of its zones. */
    Answer answer(Question question, String zone) {
        if (zone.endsWith("in-addr.arpa") || zone.endsWith("ip6.arpa")) {
            return reverse(question);
        }
        String relative = question.name().length() == zone.length()
                ? ""
                : question.name().substring(0, question.name().length() - zone.length() - 1);
        if (relative.equals("dns-version")) {
            return question.type() == RecordType.TXT
                    ? Answer.records(
                            Vector.of(new ResourceRecord(question.name(), RecordType.TXT, "1.1.0")),
                            question.name() + " names the version of the specification",
                            Vector.empty())
                    : noData(question, Vector.empty());
        }
        String[] labels = relative.isEmpty() ? new String[0] : relative.split("\\.", -1);
        if (labels.length == 0) {
            return noData(question, Vector.empty());
        }
        String kind = labels[labels.length - 1];
        if (!kind.equals("svc") && !kind.equals("pod") || labels.length > 5) {
            return none(question, Vector.empty());
        }
        if (labels.length == 1) {
            return noData(question, Vector.empty());
        }
        String namespace = labels[labels.length - 2];
        if (!options.namespaces().isEmpty() && !options.namespaces().contains(namespace)) {
            return none(
                    question.name() + " does not exist: CoreDNS serves the namespaces "
                            + options.namespaces().mkString(", ") + " only",
                    corefile);
        }
        if (labels.length == 2) {
            return namespace(question, namespace);
        }
        if (labels.length == 5 && !PROTOCOLS.contains(bare(labels[1]))) {
            return none(question, Vector.empty());
        }
        return kind.equals("pod")
                ? pod(question, namespace, labels)
                : service(question, namespace, labels[labels.length - 3], labels);
    }

    private Answer namespace(Question question, String namespace) {
        Option<Boolean> exists = records.hasNamespace(namespace);
        return exists.contains(true) ? noData(question, Vector.empty()) : none(question, Vector.empty());
    }

    private Answer service(Question question, String namespace, String name, String[] labels) {
        Option<Service> found = records.service(namespace, name);
        if (found.isEmpty()) {
            return records.cluster().captured().services()
                    ? none(question, Vector.empty())
                    : uncaptured(question, namespace);
        }
        Service service = found.get();
        Option<String> endpoint = Option.when(labels.length == 4, () -> labels[0]);
        Option<Wanted> port =
                labels.length == 5 ? Option.some(new Wanted(bare(labels[0]), bare(labels[1]))) : Option.none();
        if (service.externalName().isDefined()) {
            return alias(question, service, labels.length > 3);
        }
        Answer answer = service.headless() || endpoint.isDefined()
                ? endpoints(question, service, endpoint, port)
                : clusterIp(question, service, port);
        return endpoint.isEmpty() ? answer.of(service.key()) : answer.ofEndpoint(service.key());
    }

    /** A port that is asked for by name and protocol. */
    private record Wanted(String name, String protocol) {
        boolean isName(String portName, String portProtocol) {
            return (name.equals("*") || name.equalsIgnoreCase(portName))
                    && (protocol.equals("*") || protocol.equalsIgnoreCase(portProtocol));
        }
    }

    private static String bare(String label) {
        return label.startsWith("_") ? label.substring(1) : label;
    }

    private Answer alias(Question question, Service service, boolean below) {
        String target = service.externalName().get().strip();
        String name = Corefile.name(target);
        if (below || IpAddress.parse(target).isDefined()) {
            String why = below
                    ? question.name() + " does not exist: service " + service.key() + " is an alias"
                    : question.name() + " does not exist: the alias of service " + service.key() + " is the address "
                            + target;
            return none(why, Vector.of(service.evidence()));
        }
        return Answer.records(
                        Vector.of(new ResourceRecord(question.name(), RecordType.CNAME, name)),
                        question.name() + " is an alias (ExternalName) for " + name,
                        Vector.of(service.evidence()))
                .of(service.key());
    }

    private Answer clusterIp(Question question, Service service, Option<Wanted> wanted) {
        boolean captured = records.cluster().captured().endpoints();
        if (options.ignoresEmpty() && !captured) {
            return Answer.untold(
                    "EndpointSlices were not captured, and CoreDNS is set to ignore services without endpoints",
                    ENDPOINTS);
        }
        if (options.ignoresEmpty() && records.ready(service).isEmpty()) {
            return none(
                    question.name() + " does not exist: service " + service.key()
                            + " has no endpoint, and CoreDNS is set to ignore empty_service",
                    corefile.prepend(service.evidence()));
        }
        Vector<ServicePort> ports = service.ports()
                .filter(port -> wanted.forAll(
                        each -> each.isName(port.name(), port.protocol().lower())));
        if (ports.isEmpty()) {
            return none(question, Vector.of(service.evidence()));
        }
        Vector<Host> hosts = service.clusterIps()
                .flatMap(address -> ports.map(port -> new Host(question.name(), address, port.port())));
        String owner = serviceName(service, question);
        return answer(
                question,
                hosts.map(host -> new Host(owner, host.address(), host.port())),
                question.name() + " is the name of service " + service.key(),
                Vector.of(service.evidence()));
    }

    /** An address in an answer, the name it has of its own, and the port. */
    private record Host(String name, IpAddress address, int port) {}

    private static String serviceName(Service service, Question question) {
        int at = question.name()
                .indexOf(service.key().name() + "." + service.key().namespace() + ".svc");
        return at < 0 ? question.name() : question.name().substring(at);
    }

    private Answer endpoints(Question question, Service service, Option<String> endpoint, Option<Wanted> wanted) {
        if (options.withoutEndpoints()) {
            return none(question.name() + " does not exist: CoreDNS is set to noendpoints", corefile);
        }
        if (!records.cluster().captured().endpoints()) {
            return Answer.untold(
                    "EndpointSlices were not captured, so what " + question.name() + " is, is not known", ENDPOINTS);
        }
        boolean byPod = options.endpointPodNames();
        Vector<Endpoint> fitting = records.ready(service)
                .filter(each -> endpoint.forAll(label -> label.equals(records.label(each, byPod))))
                .filter(each -> wanted.forAll(
                        port -> port.isName(each.portName(), each.protocol().lower())));
        if (fitting.isEmpty()) {
            return endpoint.isEmpty() && wanted.isEmpty()
                    ? none(
                            question.name() + " does not exist: headless service " + service.key()
                                    + " has no ready endpoint",
                            Vector.of(service.evidence()))
                    : none(question, Vector.of(service.evidence()));
        }
        String below = serviceName(service, question);
        Vector<Host> hosts = fitting.map(each -> new Host(
                records.label(each, byPod) + "." + below,
                each.address().address(),
                each.address().port()));
        String what = endpoint.isDefined()
                ? question.name() + " names an endpoint of service " + service.key()
                : question.name() + " is the name of headless service " + service.key();
        return answer(question, hosts, what, ClusterRecords.evidence(fitting).prepend(service.evidence()));
    }

    private Answer answer(Question question, Vector<Host> hosts, String why, Vector<Evidence> evidence) {
        Vector<ResourceRecord> found;
        if (question.type() == RecordType.SRV) {
            int weight = Math.max(1, 100 / Math.max(1, hosts.size()));
            found = hosts.map(host -> new ResourceRecord(
                            question.name(), RecordType.SRV, "0 " + weight + " " + host.port() + " " + host.name()))
                    .distinct();
        } else {
            found = hosts.map(host -> ResourceRecord.address(question.name(), host.address()))
                    .filter(record -> record.type() == question.type())
                    .distinct();
        }
        return found.isEmpty() ? noData(question, evidence) : Answer.records(found, why, evidence);
    }

    private Answer uncaptured(Question question, String namespace) {
        return records.hasNamespace(namespace).contains(true)
                ? Answer.untold(
                        "services were not captured, so whether " + question.name() + " exists is not known", SERVICES)
                : none(
                        question.name()
                                + " is taken for a name that does not exist: services were not captured, and nothing"
                                + " captured is in a namespace " + namespace,
                        Vector.empty());
    }

    private Answer pod(Question question, String namespace, String[] labels) {
        if (labels.length > 3) {
            return none(question, Vector.empty());
        }
        Option<IpAddress> address = ClusterRecords.undashed(labels[0]);
        if (options.pods().isEmpty()) {
            return Answer.untold(
                    "CoreDNS's Corefile was not captured, so whether names of pods exist is not known", CONFIG_MAPS);
        }
        String mode = options.pods().get();
        String set = ": CoreDNS is set to pods " + mode;
        if (mode.equals("disabled") || address.isEmpty()) {
            return none(
                    question.name() + " does not exist"
                            + (address.isEmpty() ? ": " + labels[0] + " is no address" : set),
                    corefile);
        }
        Vector<Pod> owners = records.cluster()
                .podsAt(address.get())
                .filter(pod -> pod.namespace().equals(namespace));
        if (mode.equals("verified")
                && owners.isEmpty()
                && !records.cluster().captured().pods()) {
            return Answer.untold(
                    "pods were not captured, so whether one has the address " + address.get() + " is not known", PODS);
        }
        boolean exists =
                mode.equals("insecure") ? !records.hasNamespace(namespace).contains(false) : !owners.isEmpty();
        return exists
                ? answer(
                        question,
                        Vector.of(new Host(question.name(), address.get(), 0)),
                        question.name() + " is " + address.get() + set,
                        corefile.appendAll(owners.map(Pod::evidence)))
                : none(question.name() + " does not exist" + set, corefile);
    }

    private Answer reverse(Question question) {
        Option<IpAddress> address = ReverseName.address(question.name());
        if (address.isEmpty()) {
            return none(question, Vector.empty());
        }
        if (question.type() != RecordType.PTR) {
            return noData(question, Vector.empty());
        }
        String domain = records.cluster().domain();
        Vector<Service> services = records.cluster()
                .servicesAt(address.get())
                .filter(service -> service.clusterIps().contains(address.get()));
        if (!services.isEmpty()) {
            return Answer.records(
                    services.map(service -> ptr(
                            question, service.key().name() + "." + service.key().namespace() + ".svc." + domain)),
                    address.get() + " is a cluster IP of service "
                            + services.head().key(),
                    services.map(Service::evidence));
        }
        Vector<Endpoint> endpoints = records.at(address.get());
        if (endpoints.isEmpty()) {
            boolean captured = records.cluster().captured().services()
                    && records.cluster().captured().endpoints();
            return captured
                    ? none(question, Vector.empty())
                    : Answer.untold(
                            "services or EndpointSlices were not captured, so whose address " + address.get()
                                    + " is, is not known",
                            SERVICES,
                            ENDPOINTS);
        }
        return Answer.records(
                endpoints
                        .map(each -> ptr(
                                question,
                                records.label(each, options.endpointPodNames()) + "."
                                        + each.service().name() + "."
                                        + each.service().namespace() + ".svc." + domain))
                        .distinct(),
                address.get() + " is an endpoint of service " + endpoints.head().service(),
                ClusterRecords.evidence(endpoints));
    }

    private static ResourceRecord ptr(Question question, String name) {
        return new ResourceRecord(question.name(), RecordType.PTR, name);
    }

    private Answer none(Question question, Vector<Evidence> evidence) {
        return none(question.name() + " does not exist in the cluster's DNS", evidence.isEmpty() ? corefile : evidence);
    }

    private static Answer none(String why, Vector<Evidence> evidence) {
        return Answer.without(Code.NAME_ERROR, why, evidence);
    }

    private static Answer noData(Question question, Vector<Evidence> evidence) {
        return Answer.without(
                Code.NO_DATA, question.name() + " exists, and has no record of type " + question.type(), evidence);
    }
}
