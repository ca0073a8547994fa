package dev.podpath.cli;

import dagger.Binds;
import dagger.BindsInstance;
import dagger.Component;
import dagger.Module;
import dagger.Provides;
import dagger.multibindings.ClassKey;
import dagger.multibindings.IntoMap;
import dev.podpath.ports.Podpath;
import dev.podpath.ports.plugin.Plugins;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.Callable;

/** The composition root: commands by class, and what they need, made when a command first asks for it. */
@Singleton
@Component(modules = {CliComponent.Wiring.class, CliComponent.Commands.class})
interface CliComponent {
    Map<Class<?>, Provider<Callable<Integer>>> commands();

    /** Makes the component for a terminal. */
    @Component.Factory
    interface Factory {
        CliComponent create(@BindsInstance Terminal terminal);
    }

    /** The program's parts. */
    @Module
    interface Wiring {
        @Provides
        @Singleton
        static Plugins plugins() {
            return Plugins.installed();
        }

        @Provides
        @Singleton
        static Podpath podpath(Plugins plugins) {
            return Podpath.with(plugins);
        }
    }

    /** The commands; a new one is one line here. */
    @Module
    interface Commands {
        @Binds
        @IntoMap
        @ClassKey(TraceCommand.class)
        Callable<Integer> trace(TraceCommand command);

        @Binds
        @IntoMap
        @ClassKey(CaptureCommand.class)
        Callable<Integer> capture(CaptureCommand command);

        @Binds
        @IntoMap
        @ClassKey(DemoCommand.class)
        Callable<Integer> demo(DemoCommand command);

        @Binds
        @IntoMap
        @ClassKey(ExplainCommand.class)
        Callable<Integer> explain(ExplainCommand command);

        @Binds
        @IntoMap
        @ClassKey(PacketCommand.class)
        Callable<Integer> packet(PacketCommand command);

        @Binds
        @IntoMap
        @ClassKey(VerifyCommand.class)
        Callable<Integer> verify(VerifyCommand command);

        @Binds
        @IntoMap
        @ClassKey(MergeCommand.class)
        Callable<Integer> merge(MergeCommand command);

        @Binds
        @IntoMap
        @ClassKey(PluginsCommand.class)
        Callable<Integer> plugins(PluginsCommand command);

        @Binds
        @IntoMap
        @ClassKey(RedactCommand.class)
        Callable<Integer> redact(RedactCommand command);

        @Binds
        @IntoMap
        @ClassKey(VersionCommand.class)
        Callable<Integer> version(VersionCommand command);
    }
}
