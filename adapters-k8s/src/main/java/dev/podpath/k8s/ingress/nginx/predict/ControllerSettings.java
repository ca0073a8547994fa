package dev.podpath.k8s.ingress.nginx.predict;

import dev.podpath.core.trace.Evidence;
import dev.podpath.k8s.objects.ObjectList;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * The controller's settings, from its ConfigMap ({@code internal/ingress/controller/config/config.go}); what is not set has its default.
 *
 * @param data {@code data} of the ConfigMap; empty where there is none
 * @param assumed why defaults are taken although a ConfigMap is named; empty where none is or it was captured
 */
public record ControllerSettings(Option<Json> data, Option<String> assumed) {
    /** Every setting has its default. */
    public static ControllerSettings defaults() {
        return new ControllerSettings(Option.none(), Option.none());
    }

    /** The settings of a controller with these flags. */
    public static ControllerSettings of(ControllerFlags flags, ObjectList configMaps) {
        if (flags.configMap().isEmpty()) {
            return defaults();
        }
        String id = flags.configMap().get();
        Option<Json> map = find(id, configMaps);
        return map.isDefined()
                ? new ControllerSettings(map.map(object -> object.at("data")), Option.none())
                : new ControllerSettings(
                        Option.none(),
                        configMaps.captured()
                                ? Option.some("the controller's ConfigMap " + id + " is empty: it was not captured")
                                : Option.some(
                                        "the controller's settings are the defaults: ConfigMaps were not captured"));
    }

    /** The ConfigMap {@code namespace/name}. */
    static Option<Json> find(String id, ObjectList configMaps) {
        int slash = id.indexOf('/');
        return slash < 0
                ? Option.none()
                : configMaps
                        .named(id.substring(0, slash), id.substring(slash + 1))
                        .headOption();
    }

    Option<String> text(String key) {
        return data.flatMap(map -> map.text(key)).map(String::strip).filter(value -> !value.isEmpty());
    }

    boolean isTrue(String key, boolean otherwise) {
        return text(key)
                .flatMap(text -> Truth.isTrue(text)
                        ? Option.some(true)
                        : Truth.isFalse(text) ? Option.some(false) : Option.<Boolean>none())
                .getOrElse(otherwise);
    }

    /** The parts of a list that is written with commas. */
    Vector<String> list(String key) {
        return text(key).map(ControllerSettings::split).getOrElse(Vector.empty());
    }

    static Vector<String> split(String text) {
        return Vector.of(text.split(",")).map(String::strip).reject(String::isEmpty);
    }

    Vector<Evidence> evidence(String key) {
        return data.filter(map -> map.at(key).isPresent())
                .map(map -> map.evidence(key))
                .toVector();
    }
}
