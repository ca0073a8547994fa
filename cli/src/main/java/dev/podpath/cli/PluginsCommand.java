package dev.podpath.cli;

import dev.podpath.ports.capture.Collectors;
import dev.podpath.ports.plugin.Plugin;
import dev.podpath.ports.plugin.Plugins;
import io.vavr.collection.Vector;
import jakarta.inject.Inject;
import jakarta.inject.Provider;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** {@code podpath plugins}. */
@CommandLine.Command(name = "plugins", description = "List the installed plugins, and what is wrong with others.")
final class PluginsCommand implements Callable<Integer> {
    private final Provider<Plugins> plugins;
    private final Terminal terminal;

    @Inject
    PluginsCommand(Provider<Plugins> plugins, Terminal terminal) {
        this.plugins = plugins;
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Plugins installed = plugins.get();
        list("cluster objects", installed.inventories());
        list("resolvers", installed.resolvers());
        list("proxy modes", installed.modes());
        Collectors collectors = CollectorLoader.load();
        list("collectors", collectors.collectors());
        terminal.out().flush();
        Vector<String> problems = installed.problems().appendAll(collectors.problems());
        problems.forEach(terminal::problem);
        return problems.isEmpty() ? ExitCode.OK : ExitCode.BAD_INPUT;
    }

    private void list(String title, Vector<? extends Plugin> kind) {
        terminal.out().println(title);
        kind.forEach(plugin -> terminal.out().printf("  %-14s %s%n", plugin.id(), plugin.description()));
    }
}
