package dev.podpath.capture.aliyun;

import dev.podpath.ports.capture.CaptureScope;
import java.util.Locale;
import java.util.Set;

/** A product of the cloud: its API version, and where it answers (the product's page "Endpoints"). */
enum Product {
    /** The public DNS. */
    ALIDNS("2015-01-09", Place.GLOBAL),
    /** PrivateZone. */
    PVTZ("2018-01-01", Place.GLOBAL),
    /** Classic load balancers. */
    SLB("2014-05-15", Place.CENTRAL),
    /** Application load balancers. */
    ALB("2020-06-16", Place.REGIONAL),
    /** Network load balancers. */
    NLB("2022-04-30", Place.REGIONAL),
    /** Instances, network interfaces, security groups. */
    ECS("2014-05-26", Place.CENTRAL),
    /** VPCs, routes, elastic addresses, NAT gateways. */
    VPC("2016-04-28", Place.CENTRAL);

    /** Regions whose older products answer at one endpoint for all of them. */
    private static final Set<String> AT_CENTRE = Set.of(
            "cn-qingdao",
            "cn-beijing",
            "cn-hangzhou",
            "cn-shanghai",
            "cn-shenzhen",
            "cn-hongkong",
            "ap-southeast-1",
            "us-east-1",
            "us-west-1");

    private enum Place {
        GLOBAL,
        CENTRAL,
        REGIONAL
    }

    private final String version;
    private final Place place;

    Product(String version, Place place) {
        this.version = version;
        this.place = place;
    }

    /** The version of the API that is spoken. */
    String version() {
        return version;
    }

    /** Its name on the command line and in permissions, such as {@code slb}. */
    String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether there is one for all regions. */
    boolean global() {
        return place == Place.GLOBAL;
    }

    /** The URL at which it answers. */
    String url(CaptureScope scope, String region) {
        boolean one = place == Place.GLOBAL || place == Place.CENTRAL && AT_CENTRE.contains(region);
        return scope.endpoint(id()).getOrElse(() -> "https://" + id() + (one ? "" : "." + region) + ".aliyuncs.com");
    }
}
