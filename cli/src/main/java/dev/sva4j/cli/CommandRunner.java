package dev.sva4j.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sva4j.api.SvaException;
import dev.sva4j.cli.conformance.ConformanceCommand;
import dev.sva4j.cli.demo.DemoCommand;
import dev.sva4j.cli.image.InspectCommand;
import dev.sva4j.cli.image.TranslateCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** Parses a command line, runs its command, and turns whatever goes wrong into one line and an exit code. */
public final class CommandRunner {
    private final StandardStreams streams;
    private final boolean debug;

    /**
     * A runner.
     *
     * @param debug whether failures also print a stack trace
     */
    public CommandRunner(StandardStreams streams, boolean debug) {
        this.streams = streams;
        this.debug = debug;
    }

    /** Runs one command line; the result is its exit code. */
    public int run(String... args) {
        CommandLine root = commandLine();
        try {
            return root.execute(args);
        } catch (Throwable failure) {
            // Errors such as a stack overflow; picocli hands exceptions to the handlers below.
            return failed(root, failure);
        }
    }

    private CommandLine commandLine() {
        CommandLine root = new CommandLine(new RootCommand())
                .addSubcommand(new DemoCommand(streams))
                .addSubcommand(new ConformanceCommand(streams))
                .addSubcommand(new InspectCommand(streams))
                .addSubcommand(new TranslateCommand(streams))
                .addSubcommand(new VendorsCommand(streams))
                // The following hold for the subcommands above too.
                .setOut(new PrintWriter(streams.out(), true, UTF_8))
                .setErr(new PrintWriter(streams.err(), true, UTF_8))
                // An argument that begins with @ is a file of that name, not a file of arguments.
                .setExpandAtFiles(false)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((failure, args) -> misused(failure))
                .setExecutionExceptionHandler((failure, command, result) -> failed(command, failure));
        addHelp(root);
        root.getSubcommands().values().forEach(CommandRunner::addHelp);
        return root;
    }

    private static void addHelp(CommandLine command) {
        command.getCommandSpec()
                .addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("Show this and exit.")
                        .build());
    }

    private int misused(ParameterException failure) {
        CommandLine command = failure.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        complain(name + ": " + failure.getMessage() + " (see '" + name + " --help')", failure);
        return ExitCode.BAD_INPUT;
    }

    private int failed(CommandLine command, Throwable failure) {
        String name = command.getCommandSpec().qualifiedName();
        if (failure instanceof InputException || failure instanceof SvaException) {
            complain(name + ": " + failure.getMessage(), failure);
        } else if (failure instanceof IOException || failure instanceof UncheckedIOException) {
            complain(name + ": reading or writing failed: " + failure.getMessage(), failure);
        } else if (failure instanceof OutOfMemoryError) {
            complain(name + ": out of memory; give the JVM more, e.g. JAVA_OPTS=-Xmx4g", failure);
        } else {
            complain(
                    name + ": this is a bug in sva4j: " + failure
                            + " (set SVA4J_DEBUG=1 for the stack trace, and report it)",
                    failure);
        }
        return ExitCode.BAD_INPUT;
    }

    private void complain(String message, Throwable failure) {
        streams.out().flush();
        streams.err().println(message.strip().replaceAll("\\s*\\R\\s*", "; "));
        if (debug) {
            failure.printStackTrace(streams.err());
        }
    }
}
