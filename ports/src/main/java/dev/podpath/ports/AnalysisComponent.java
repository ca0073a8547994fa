package dev.podpath.ports;

import dagger.BindsInstance;
import dagger.Module;
import dagger.Provides;
import dagger.Subcomponent;
import dev.podpath.core.resolve.NodeResolver;
import dev.podpath.core.resolve.PathTracer;
import dev.podpath.ports.plugin.Plugins;
import dev.podpath.ports.snapshot.Manifest;
import dev.podpath.ports.snapshot.Snapshot;
import jakarta.inject.Provider;
import jakarta.inject.Scope;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/** Wires the analysis of one snapshot. */
@AnalysisComponent.OneSnapshot
@Subcomponent(modules = AnalysisComponent.Wiring.class)
interface AnalysisComponent {
    Analysis analysis();

    /** Makes the component for a snapshot, with what is known of it. */
    @Subcomponent.Factory
    interface Factory {
        AnalysisComponent create(@BindsInstance Snapshot snapshot, @BindsInstance Earlier earlier);
    }

    /** Lives as long as the analysis of one snapshot. */
    @Scope
    @Retention(RetentionPolicy.RUNTIME)
    @interface OneSnapshot {}

    /** How the parts of an analysis are made. */
    @Module
    interface Wiring {
        @Provides
        @OneSnapshot
        static Objects objects(Snapshot snapshot, Plugins plugins, Earlier earlier) {
            return earlier.objects().getOrElse(() -> Objects.read(snapshot, plugins));
        }

        @Provides
        @OneSnapshot
        static Inventory inventory(Objects objects, Snapshot snapshot, Plugins plugins) {
            return Inventory.read(objects, snapshot, plugins);
        }

        @Provides
        @OneSnapshot
        static NodeStates nodes(Snapshot snapshot, Provider<Objects> objects, Plugins plugins) {
            return new NodeStates(snapshot, () -> objects.get().cluster(), plugins);
        }

        @Provides
        @OneSnapshot
        static Gaps gaps(Snapshot snapshot) {
            return new Gaps(Manifest.of(snapshot));
        }

        @Provides
        @OneSnapshot
        static PathTracer tracer(Inventory inventory, NodeStates nodes, Gaps gaps) {
            return new PathTracer(
                    gaps.amend(inventory.resolvers().append(new NodeResolver(inventory.cluster(), nodes))));
        }
    }
}
