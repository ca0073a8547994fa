package dev.podpath.k8s.ingress.nginx.request;

import dev.podpath.k8s.ingress.nginx.conf.Directive;
import dev.podpath.k8s.ingress.nginx.select.LocationBlock;
import io.vavr.control.Option;

/** What becomes of a request before its content is made. */
public sealed interface Fate {
    /**
     * nginx answers by itself.
     *
     * @param status HTTP status
     * @param location where a redirect leads
     * @param text body of the answer, where the configuration gives one
     * @param at the directive that says so; empty where nginx itself refuses
     */
    record Answer(int status, Option<String> location, String text, Option<Directive> at) implements Fate {}

    /**
     * A location serves it.
     *
     * @param location the location; empty where the server has none for the path
     * @param pass the directive that hands it to another server; empty where the location serves it by other means
     */
    record Served(Option<LocationBlock> location, Option<Directive> pass) implements Fate {}

    /**
     * It cannot be told.
     *
     * @param why one sentence
     * @param at the directive it depends on; empty where it is none
     */
    record Unclear(String why, Option<Directive> at) implements Fate {}
}
