package dev.podpath.k8s.ingress.gateway;

import dev.podpath.core.finding.FindingCode;
import dev.podpath.core.finding.Severity;
import io.vavr.collection.Vector;

/** The diagnoses made at the data plane of a Gateway. */
final class GatewayFindings {
    static final FindingCode ROUTE_NOT_ATTACHED = new FindingCode(
            "PP-ING-070",
            Severity.ERROR,
            "A route for the host is not attached to the Gateway's listener",
            "A route names the host and the Gateway, but the listener does not take it: another sectionName or port, a namespace or"
                    + " kind that allowedRoutes leaves out, or host names that do not meet. Requests get 404.",
            "Compare the route's parentRefs and hostnames with the listener, and its namespace with allowedRoutes; the route's"
                    + " status says Accepted false with the reason.");

    static final FindingCode BACKEND_NOT_RESOLVED = new FindingCode(
            "PP-ING-071",
            Severity.ERROR,
            "A backend of a route does not exist or may not be named",
            "A backendRef names a service or port that does not exist, another kind of object, or a service of another namespace without"
                    + " a ReferenceGrant there. Its part of the requests gets 500.",
            "Correct the backendRef, or create a ReferenceGrant in the namespace of the service.");

    static final FindingCode NO_ENDPOINTS = new FindingCode(
            "PP-ING-072",
            Severity.ERROR,
            "A backend of a route has no ready endpoint",
            "The service exists and no endpoint of it is ready, so its part of the requests gets 503.",
            "Check that the service's selector matches ready pods and that the port is one of theirs.");

    private GatewayFindings() {}

    static Vector<FindingCode> all() {
        return Vector.of(ROUTE_NOT_ATTACHED, BACKEND_NOT_RESOLVED, NO_ENDPOINTS);
    }
}
