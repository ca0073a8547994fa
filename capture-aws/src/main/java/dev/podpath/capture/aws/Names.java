package dev.podpath.capture.aws;

import java.util.List;
import java.util.Set;
import software.amazon.awssdk.services.route53.Route53Client;
import software.amazon.awssdk.services.route53.model.GetHostedZoneResponse;
import software.amazon.awssdk.services.route53.model.HealthCheck;
import software.amazon.awssdk.services.route53.model.HealthCheckType;
import software.amazon.awssdk.services.route53.model.HostedZone;
import software.amazon.awssdk.services.route53.model.ListHostedZonesResponse;
import software.amazon.awssdk.services.route53.paginators.ListHostedZonesIterable;

/** The account's hosted zones with their record sets, the VPCs of private ones, and the state of health checks. */
final class Names {
    static final String REGION = "global";
    private static final String PREFIX = "/hostedzone/";
    private static final Set<HealthCheckType> WITHOUT_OBSERVATIONS =
            Set.of(HealthCheckType.CALCULATED, HealthCheckType.CLOUDWATCH_METRIC, HealthCheckType.RECOVERY_CONTROL);
    private static final String PAGE_OF_ZONES = "100";
    private static final String PAGE_OF_RECORDS = "300";

    private final Survey survey;
    private final Route53Client names;

    Names(Survey survey, Route53Client names) {
        this.survey = survey;
        this.names = names;
    }

    void all() {
        survey.later(() -> survey.list(
                Action.HEALTH_CHECKS,
                REGION,
                "",
                () -> names.listHealthChecksPaginator(request -> request.maxItems(PAGE_OF_ZONES)),
                item -> of((HealthCheck) item)));
        survey.later(() -> survey.list(Action.ZONES, REGION, "", this::zones, item -> of((HostedZone) item)));
    }

    /** Checks that look at other checks, alarms or routing controls have no observations of their own. */
    private void of(HealthCheck check) {
        String id = check.id();
        HealthCheckType type = check.healthCheckConfig() == null
                ? null
                : check.healthCheckConfig().type();
        if (id != null && (type == null || !WITHOUT_OBSERVATIONS.contains(type))) {
            survey.leaf(
                    Action.HEALTH_CHECK_STATUS,
                    REGION,
                    id,
                    () -> List.of(names.getHealthCheckStatus(request -> request.healthCheckId(id))));
        }
    }

    private void of(HostedZone zone) {
        if (zone.id() == null) {
            return;
        }
        String id = zone.id().substring(zone.id().lastIndexOf('/') + 1);
        survey.leaf(
                Action.RECORD_SETS,
                REGION,
                id,
                () -> names.listResourceRecordSetsPaginator(
                        request -> request.hostedZoneId(id).maxItems(PAGE_OF_RECORDS)));
        if (zone.config() != null && Boolean.TRUE.equals(zone.config().privateZone())) {
            survey.whole(Action.ZONE, REGION, id, () -> zone(id));
        }
    }

    private Iterable<ListHostedZonesResponse> zones() {
        ListHostedZonesIterable pages = names.listHostedZonesPaginator(request -> request.maxItems(PAGE_OF_ZONES));
        return () -> pages.stream()
                .map(page -> page.toBuilder()
                        .hostedZones(
                                page.hostedZones().stream().map(Names::asSent).toList())
                        .build())
                .iterator();
    }

    private GetHostedZoneResponse zone(String id) {
        GetHostedZoneResponse answer = names.getHostedZone(request -> request.id(id));
        return answer.hostedZone() == null
                ? answer
                : answer.toBuilder().hostedZone(asSent(answer.hostedZone())).build();
    }

    /** The client library takes a prefix off that the service sends and the command line prints. */
    private static HostedZone asSent(HostedZone zone) {
        return zone.id() == null || zone.id().startsWith(PREFIX)
                ? zone
                : zone.toBuilder().id(PREFIX + zone.id()).build();
    }
}
