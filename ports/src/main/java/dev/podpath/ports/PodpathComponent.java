package dev.podpath.ports;

import dagger.BindsInstance;
import dagger.Component;
import dev.podpath.ports.plugin.Plugins;
import jakarta.inject.Singleton;

/** Wires the program as a whole. */
@Singleton
@Component
interface PodpathComponent {
    Podpath podpath();

    AnalysisComponent.Factory analyses();

    /** Makes the component for a set of plugins. */
    @Component.Factory
    interface Factory {
        PodpathComponent create(@BindsInstance Plugins plugins);
    }
}
