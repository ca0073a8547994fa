package dev.podpath.capture.aws;

import software.amazon.awssdk.services.route53.Route53Client;
import software.amazon.awssdk.services.route53.model.HostedZone;

/** The account's hosted zones with their record sets, and the VPCs of private ones. */
final class Names {
    static final String REGION = "global";
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
                Action.ZONES,
                REGION,
                "",
                () -> names.listHostedZonesPaginator(request -> request.maxItems(PAGE_OF_ZONES)),
                item -> of((HostedZone) item)));
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
            survey.whole(Action.ZONE, REGION, id, () -> names.getHostedZone(request -> request.id(id)));
        }
    }
}
