// Runs the measurements and sums them up.
package org.scmid.benchmarks;

import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs the measurements: {@code java -jar benchmarks.jar [--quick] [options of JMH] [pattern ...]}. */
public final class Main {
    private static final String QUICK = "--quick";
    private static final TimeValue QUICK_WARM_UP = TimeValue.milliseconds(500);
    private static final TimeValue QUICK_TIME = TimeValue.milliseconds(200);

    private Main() {}

    /** @param arguments {@code --quick} for a look in a minute; all others are those of JMH, see {@code -h} */
    public static void main(String[] arguments) throws RunnerException {
        List<String> rest = new ArrayList<>(List.of(arguments));
        boolean isQuick = rest.remove(QUICK);
        CommandLineOptions commandLine;
        try {
            commandLine = new CommandLineOptions(rest.toArray(String[]::new));
        } catch (CommandLineOptionException e) {
            System.err.println("benchmarks: " + e.getMessage());
            System.exit(2);
            return;
        }
        if (commandLine.shouldHelp()) {
            System.out.println(
                    QUICK + "  short iterations, about a minute in all. All other options are those of JMH:");
            showHelp(commandLine);
            return;
        }
        ChainedOptionsBuilder options = new OptionsBuilder()
                .parent(commandLine)
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true);
        if (isQuick) {
            options.warmupIterations(4)
                    .warmupTime(QUICK_WARM_UP)
                    .measurementIterations(3)
                    .measurementTime(QUICK_TIME);
        }
        System.out.print(new Summary(new Runner(options.build()).run()));
    }

    private static void showHelp(CommandLineOptions commandLine) {
        try {
            commandLine.showHelp();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
