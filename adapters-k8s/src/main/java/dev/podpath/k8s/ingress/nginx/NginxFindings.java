package dev.podpath.k8s.ingress.nginx;

import dev.podpath.core.finding.FindingCode;
import dev.podpath.core.finding.Severity;
import io.vavr.collection.Vector;

/** The diagnoses made at an ingress-nginx controller. */
final class NginxFindings {
    static final FindingCode IGNORED_INGRESS = new FindingCode(
            "PP-ING-050",
            Severity.ERROR,
            "The controller has no server for a host that an Ingress names",
            "An Ingress has a rule for the host, but the controller's configuration has no server for it, so requests end at the"
                    + " default server with 404. Usual causes: another or no IngressClass, a controller that watches other"
                    + " namespaces, an Ingress that the controller refused.",
            "Compare spec.ingressClassName of the Ingress with the class the controller serves, and read the controller's log"
                    + " for the Ingress.");

    static final FindingCode NO_ENDPOINTS = new FindingCode(
            "PP-ING-051",
            Severity.ERROR,
            "The backend of an Ingress has no endpoints",
            "The controller found no ready endpoint for the service port that the Ingress names, so it answers 503. Usual causes: no"
                    + " ready pod, a selector that matches nothing, a port number or port name that the service does not have.",
            "Check that the service's selector matches ready pods, and that the port of the Ingress backend is a port of the"
                    + " service by number or by name.");

    static final FindingCode FORCED_REGEX = new FindingCode(
            "PP-ING-052",
            Severity.WARNING,
            "Another Ingress of the host turned paths into regular expressions",
            "One Ingress of a host with use-regex or rewrite-target makes every path of that host a case-insensitive regular"
                    + " expression that matches prefixes, also paths of other Ingresses and of pathType Exact.",
            "Give the Ingress that needs regular expressions a host of its own, or write the other paths so that they"
                    + " are meant as expressions.");

    static final FindingCode STALE_ENDPOINT = new FindingCode(
            "PP-ING-053",
            Severity.ERROR,
            "The controller balances over an address that is no endpoint any more",
            "The controller's list of endpoints holds an address that the EndpointSlices of the service do not. Requests sent"
                    + " there fail with 502 until the controller has learned of the change, and for as long as it has not.",
            "Capture both again at one time; if the difference stays, read the controller's log and check that it can reach the"
                    + " API server. Give pods a preStop delay so that they outlive the change.");

    static final FindingCode ADDRESS_RULE_SEES_NODE = new FindingCode(
            "PP-ING-054",
            Severity.WARNING,
            "An allow or deny list is applied to the address of a node",
            "The client's address was replaced by a node's on the way (externalTrafficPolicy Cluster, or a proxy in"
                    + " front), so the list of the Ingress decides about the node and not about the client.",
            "Use externalTrafficPolicy Local, PROXY protocol, or forwarded headers with the proxy's addresses trusted.");

    static final FindingCode WRONG_LABELS = new FindingCode(
            "PP-ING-055",
            Severity.INFO,
            "The service named in logs and metrics is not the one requests go to",
            "$service_name and $service_port are only labels. Requests go to the upstream in $proxy_upstream_name, which names another"
                    + " service here.",
            "Read $proxy_upstream_name in the access log.");

    static final FindingCode REDIRECT_LOOP = new FindingCode(
            "PP-ING-057",
            Severity.ERROR,
            "A request that came by HTTPS is redirected to HTTPS again and again",
            "The TLS of the client ends at a load balancer in front, so the controller sees plain HTTP and redirects to HTTPS, where"
                    + " the same happens again: the browser gives up with too many redirects.",
            "Let the load balancer pass TLS through, or send X-Forwarded-Proto and set use-forwarded-headers, or switch"
                    + " ssl-redirect off for hosts whose TLS ends in front.");

    static final FindingCode NOT_IN_FORCE = new FindingCode(
            "PP-ING-058",
            Severity.WARNING,
            "The controller's configuration is not what the Ingress objects say",
            "What nginx has in force differs from what the controller makes of the Ingress objects as they were captured. Usual causes: the"
                    + " controller cannot reload because nginx refuses the new configuration, it lost the API server, or the"
                    + " two were captured at different times.",
            "Read the controller's log for failed reloads, and capture the objects and nginx.conf again at one time.");

    static final FindingCode OVERRULED_PATH = new FindingCode(
            "PP-ING-059",
            Severity.WARNING,
            "An older Ingress has the same host and path",
            "Of several Ingresses with one host, path and type the controller takes the oldest, and says nothing about the others.",
            "Give the path to one Ingress only, or mark the other one as a canary.");

    static final FindingCode PROXY_PROTOCOL = new FindingCode(
            "PP-LB-015",
            Severity.ERROR,
            "Only one side speaks the PROXY protocol",
            "Either nginx expects a PROXY protocol header and what is in front of it sends none, or a load balancer sends"
                    + " one that nginx does not expect. nginx closes such connections (\"broken header\") or answers 400."
                    + " Pods that reach the controller without the load balancer never send a header.",
            "Switch use-proxy-protocol of the controller and the PROXY protocol of the load balancer on or off together;"
                    + " let pods call the service by its cluster name, or publish a host name and no address in the"
                    + " status of the Service so that they go through the load balancer.");

    static final FindingCode IDLE_TIMEOUTS = new FindingCode(
            "PP-LB-016",
            Severity.WARNING,
            "Idle connections end on one side before the other knows",
            "A load balancer that sends packets on forgets an idle connection without telling either side, and the next"
                    + " packet is answered by a reset; one that keeps connections for further requests sends a request on"
                    + " a connection that the controller closes at that moment, and answers 502.",
            "Behind a network load balancer keep keep-alive of the controller shorter than the idle timeout of the load"
                    + " balancer; behind an application load balancer keep it longer.");

    private NginxFindings() {}

    static Vector<FindingCode> all() {
        return Vector.of(
                IGNORED_INGRESS,
                NO_ENDPOINTS,
                FORCED_REGEX,
                STALE_ENDPOINT,
                ADDRESS_RULE_SEES_NODE,
                WRONG_LABELS,
                REDIRECT_LOOP,
                NOT_IN_FORCE,
                OVERRULED_PATH,
                PROXY_PROTOCOL,
                IDLE_TIMEOUTS);
    }
}
