package dev.podpath.k8s.ingress.nginx.predict;

import dev.podpath.core.trace.Evidence;
import dev.podpath.k8s.objects.ObjectList;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.Comparator;

/**
 * Which Ingresses a controller takes ({@code GetIngressClass} of {@code internal/ingress/controller/store/store.go}), the oldest first, and why
 * not the others.
 *
 * @param served the Ingresses it takes, in the order in which they win
 * @param ignored the others
 * @param assumptions what was taken for granted
 */
record Watched(Vector<IngressObject> served, Vector<Ignored> ignored, Vector<String> assumptions) {
    /** The oldest first; of the same age the last by name ({@code sortIngressSlice}). */
    private static final Comparator<IngressObject> OLDEST_FIRST = Comparator.comparing(IngressObject::created)
            .thenComparing(Comparator.comparing(IngressObject::id).reversed());

    /**
     * An Ingress that the controller does not take.
     *
     * @param ingress the Ingress
     * @param why why not
     * @param evidence what says so
     */
    record Ignored(IngressObject ingress, String why, Vector<Evidence> evidence) {}

    static Watched of(Vector<IngressObject> all, ObjectList classes, ControllerFlags flags) {
        Vector<Ignored> ignored = all.flatMap(ingress ->
                why(ingress, classes, flags).map(why -> new Ignored(ingress, why, evidence(ingress, classes))));
        Vector<IngressObject> served =
                all.filter(ingress -> why(ingress, classes, flags).isEmpty()).sorted(OLDEST_FIRST);
        Vector<String> assumptions = Vector.empty();
        if (!flags.known()) {
            assumptions = assumptions.append(
                    "the controller was started with its default flags: its arguments were not captured");
        }
        if (!classes.captured() && served.exists(ingress -> ingress.className().isDefined())) {
            assumptions = assumptions.append("IngressClass objects were not captured; the class " + flags.ingressClass()
                    + " is taken for the controller's");
        }
        assumptions = assumptions.appendAll(flags.namespaceSelector()
                .map(selector -> "the controller's selector of namespaces " + selector + " takes every namespace"));
        return new Watched(served, ignored, assumptions);
    }

    private static Option<String> why(IngressObject ingress, ObjectList classes, ControllerFlags flags) {
        Option<String> elsewhere = flags.watchedNamespace().filter(namespace -> !namespace.equals(ingress.namespace()));
        if (elsewhere.isDefined()) {
            return Option.some("the controller watches namespace " + elsewhere.get() + " only");
        }
        if (flags.ignoresCatchAll()
                && ingress.rules().isEmpty()
                && ingress.defaultBackend().isDefined()) {
            return Option.some("the controller was told to ignore Ingresses without rules (--disable-catch-all)");
        }
        return ofClass(ingress, classes, flags);
    }

    private static Option<String> ofClass(IngressObject ingress, ObjectList classes, ControllerFlags flags) {
        if (ingress.className().isDefined()) {
            String name = ingress.className().get();
            return classes.captured() ? named(name, classes, flags) : byNameAlone(name, flags);
        }
        if (ingress.classAnnotation().isDefined()) {
            String name = ingress.classAnnotation().get();
            return Option.when(
                    !name.equals(flags.ingressClass()),
                    "its annotation kubernetes.io/ingress.class is " + name + ", the controller's is "
                            + flags.ingressClass());
        }
        return Option.when(
                !flags.watchesWithoutClass(),
                "it names no class, and the controller was not told to take such Ingresses (--watch-ingress-without-class)");
    }

    private static Option<String> named(String name, ObjectList classes, ControllerFlags flags) {
        Option<Json> found = classes.named("", name).headOption();
        if (found.isEmpty()) {
            return Option.some("there is no IngressClass " + name);
        }
        String controller = found.get().at("spec").textOr("", "controller");
        boolean own =
                controller.equals(flags.controllerClass()) || flags.classByName() && name.equals(flags.ingressClass());
        return Option.when(
                !own,
                "its class " + name + " belongs to the controller " + controller + ", this one is "
                        + flags.controllerClass());
    }

    private static Option<String> byNameAlone(String name, ControllerFlags flags) {
        return Option.when(
                !name.equals(flags.ingressClass()),
                "its class is " + name + ", and the controller's is taken to be " + flags.ingressClass());
    }

    private static Vector<Evidence> evidence(IngressObject ingress, ObjectList classes) {
        return Vector.of(ingress.evidence())
                .appendAll(ingress.className()
                        .flatMap(name -> classes.named("", name).headOption())
                        .map(found -> found.evidenceOfPaths("metadata.name", "spec.controller")));
    }
}
