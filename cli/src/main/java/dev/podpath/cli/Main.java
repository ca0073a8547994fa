package dev.podpath.cli;

import jakarta.inject.Provider;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** The program's entry point. */
public final class Main {
    private Main() {}

    /** Runs the program and ends the process with its exit status. */
    public static void main(String[] arguments) {
        System.exit(run(Terminal.system(), arguments));
    }

    static int run(Terminal terminal, String... arguments) {
        Map<Class<?>, Provider<Callable<Integer>>> commands =
                DaggerCliComponent.factory().create(terminal).commands();
        CommandLine line = new CommandLine(new Root(), new Factory(commands));
        line.setOut(terminal.out());
        line.setErr(terminal.err());
        line.setColorScheme(CommandLine.Help.defaultColorScheme(
                terminal.style().colour() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
        int status = line.execute(arguments);
        terminal.out().flush();
        terminal.err().flush();
        return status;
    }

    /** What {@code podpath} without a command does: tell what there is. */
    @CommandLine.Command(
            name = "podpath",
            description = "How does this request get into a pod, and what decided at each step?",
            synopsisSubcommandLabel = "COMMAND",
            subcommands = {
                TraceCommand.class,
                DemoCommand.class,
                PacketCommand.class,
                ExplainCommand.class,
                PluginsCommand.class,
                VersionCommand.class
            })
    static final class Root implements Callable<Integer> {
        @CommandLine.Spec
        private CommandLine.Model.@Nullable CommandSpec spec;

        @CommandLine.Option(
                names = {"-h", "--help"},
                usageHelp = true,
                scope = CommandLine.ScopeType.INHERIT,
                description = "Show this help.")
        @SuppressWarnings("UnusedVariable")
        private boolean help;

        @Override
        public Integer call() {
            if (spec != null) {
                spec.commandLine().usage(spec.commandLine().getErr());
            }
            return ExitCode.BAD_INPUT;
        }
    }

    /** Gives picocli the commands that were wired, and makes the rest as picocli does. */
    private record Factory(Map<Class<?>, Provider<Callable<Integer>>> commands) implements CommandLine.IFactory {
        @Override
        public <K> K create(Class<K> type) throws Exception {
            Provider<Callable<Integer>> command = commands.get(type);
            return command == null ? CommandLine.defaultFactory().create(type) : type.cast(command.get());
        }
    }
}
