package dev.podpath.cli;

import jakarta.inject.Provider;
import java.util.List;
import java.util.Locale;
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
        try {
            return answer(terminal, arguments);
        } catch (Exception | Error e) {
            return Failure.tell(terminal, e);
        }
    }

    private static int answer(Terminal terminal, String... arguments) {
        Map<Class<?>, Provider<Callable<Integer>>> commands =
                DaggerCliComponent.factory().create(terminal).commands();
        CommandLine line = new CommandLine(new Root());
        Command.wanted(arguments).forEach(command -> line.addSubcommand(command.word(), command.of(commands)));
        line.setOut(terminal.out());
        line.setErr(terminal.err());
        line.setColorScheme(CommandLine.Help.defaultColorScheme(
                terminal.style().colour() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
        line.setExecutionExceptionHandler((thrown, command, parsed) -> Failure.tell(terminal, thrown));
        int status = line.execute(arguments);
        terminal.out().flush();
        terminal.err().flush();
        return status;
    }

    /** What {@code podpath} without a command does: tell what there is. */
    @CommandLine.Command(
            name = "podpath",
            description = "How does this request get into a pod, and what decided at each step?",
            synopsisSubcommandLabel = "COMMAND")
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

    /** The commands by their words. */
    private enum Command {
        TRACE(TraceCommand.class),
        DEMO(DemoCommand.class),
        PACKET(PacketCommand.class),
        VERIFY(VerifyCommand.class),
        MERGE(MergeCommand.class),
        CAPTURE(CaptureCommand.class),
        REDACT(RedactCommand.class),
        EXPLAIN(ExplainCommand.class),
        PLUGINS(PluginsCommand.class),
        VERSION(VersionCommand.class);

        private final Class<?> type;

        Command(Class<?> type) {
            this.type = type;
        }

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        Callable<Integer> of(Map<Class<?>, Provider<Callable<Integer>>> commands) {
            Provider<Callable<Integer>> provider = commands.get(type);
            if (provider == null) {
                throw new IllegalStateException(type + " is not wired");
            }
            return provider.get();
        }

        /** The one that is asked for; all, where none is, so that the help lists them. Reading one is a part of the start. */
        static List<Command> wanted(String... arguments) {
            for (Command command : values()) {
                if (arguments.length > 0 && command.word().equals(arguments[0])) {
                    return List.of(command);
                }
            }
            return List.of(values());
        }
    }
}
