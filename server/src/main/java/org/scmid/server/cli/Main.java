// The scmid command: where every invocation begins.
package org.scmid.server.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.scmid.config.document.ConfigException;
import org.scmid.server.guest.GuestException;
import org.scmid.server.guest.QemuOptions;
import org.scmid.server.management.ManagementException;
import org.scmid.server.view.TreeFormat;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The top of the command line.
 *
 * <p>Exit codes: 0 done; 1 a file or the situation is wrong, said on standard error; 2 wrong usage; 70 a fault of scmid's
 * own.
 */
@Command(
        name = "scmid",
        version = "scmid 0.1.0",
        description =
                "Serves a board's clocks, power domains, sensors and more to virtual machines, by Arm's SCMI protocol over virtio.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        subcommands = {
            RunCommand.class,
            CheckCommand.class,
            TreeCommand.class,
            BoardsCommand.class,
            UpstreamCommand.class,
            GuestCommand.class,
            DemoCommand.class,
            BenchCommand.class,
            CtlCommand.class,
        },
        footer = {"", "`scmid COMMAND --help` explains each."})
public final class Main implements Runnable {
    static final int FAILED = 1;
    static final int USAGE = 2;
    private static final int OWN_FAULT = 70;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli's
    private CommandSpec spec;

    private Main() {}

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        Logging.toStandardError();
        // Whatever the locale: drawings are UTF-8, and the pictures among them say so or are taken to be.
        int code = execute(new FileOutputStream(FileDescriptor.out), utf8(System.err), arguments);
        Logging.finish();
        System.exit(code);
    }

    /** Runs one command; its exit code, which is no success if its output was not written. */
    static int execute(OutputStream out, PrintWriter errors, String... arguments) {
        CommandOutput output = new CommandOutput(out);
        PrintWriter printer = utf8(output);
        int code = commandLine().setOut(printer).setErr(errors).execute(arguments);
        printer.flush();
        String failure = output.failure();
        if (code != 0 || failure == null) {
            return code;
        }
        errors.println("scmid: the output cannot be written: " + failure);
        errors.flush();
        return FAILED;
    }

    private static PrintWriter utf8(OutputStream stream) {
        return new PrintWriter(stream, true, StandardCharsets.UTF_8);
    }

    /** The whole command line, ready to be executed. */
    static CommandLine commandLine() {
        CommandLine all = new CommandLine(new Main())
                .registerConverter(TreeFormat.class, value -> choice(value, TreeFormat.values()))
                .registerConverter(QemuOptions.Bus.class, value -> choice(value, QemuOptions.Bus.values()))
                .setUsageHelpAutoWidth(true)
                .setParameterExceptionHandler((wrong, arguments) -> reportUsage(wrong))
                .setExecutionExceptionHandler((exception, commandLine, parsed) -> report(exception, commandLine));
        sameVersion(all, all.getCommandSpec().version());
        return all;
    }

    /** The choice of this name; picocli's own message would name them as Java does. */
    private static <E extends Enum<E>> E choice(String name, E[] choices) {
        for (E choice : choices) {
            if (choice.name().equalsIgnoreCase(name)) {
                return choice;
            }
        }
        String allowed = Arrays.stream(choices).map(Object::toString).collect(Collectors.joining(", "));
        throw new TypeConversionException("`" + name + "` is none of " + allowed);
    }

    /** So that `scmid run --version` says it too. */
    private static void sameVersion(CommandLine commandLine, String[] version) {
        commandLine.getCommandSpec().version(version);
        commandLine.getSubcommands().values().forEach(below -> sameVersion(below, version));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    private static int reportUsage(ParameterException wrong) {
        CommandLine commandLine = wrong.getCommandLine();
        PrintWriter errors = commandLine.getErr();
        errors.println("scmid: " + wrong.getMessage());
        // Suggests what is spelt alike; the whole help would push the message off the screen.
        UnmatchedArgumentException.printSuggestions(wrong, errors);
        String command = commandLine.getCommandSpec().qualifiedName();
        errors.println("`" + command + " --help` shows how it is used.");
        errors.flush();
        return USAGE;
    }

    private static int report(Exception exception, CommandLine commandLine) {
        PrintWriter errors = commandLine.getErr();
        switch (exception) {
            case ConfigException wrongFile -> errors.println(wrongFile.getMessage());
            case UserException told -> errors.println("scmid: " + told.getMessage());
            case ManagementException management -> errors.println("scmid: " + management.getMessage());
            case GuestException guest -> errors.println("scmid: " + guest.getMessage());
            default -> {
                errors.println("scmid: a fault in scmid itself; please report it with these lines:");
                exception.printStackTrace(errors);
                errors.flush();
                return OWN_FAULT;
            }
        }
        errors.flush();
        return FAILED;
    }
}
