// scmid bench: measures any virtio-scmi back end, as the front end of a VMM.
package org.scmid.server.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.scmid.linux.NativeAccess;
import org.scmid.server.bench.BackEnd;
import org.scmid.server.bench.BenchException;
import org.scmid.server.bench.BenchMessage;
import org.scmid.server.bench.BenchReport;
import org.scmid.server.bench.DepthResult;
import org.scmid.server.bench.Inquiry;
import org.scmid.server.bench.Load;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = {
            "Measures a virtio-scmi back end: messages per second and latency.",
            "It connects as a VMM does, loads the command queue, and checks every reply.",
            "The exit code is 1 if a reply was wrong or the back end went away."
        },
        footerHeading = "%nMessages that change nothing:%n")
final class BenchCommand implements Callable<Integer> {
    private static final int MOST_SECONDS = 86_400;

    @Option(names = "--vhost-user", paramLabel = "SOCKET", required = true, description = "The back end's socket.")
    @SuppressWarnings("NullAway.Init") // picocli's
    private Path socket;

    @Option(names = "--listen", description = "Makes the socket and waits for a back end that connects by itself.")
    private boolean listen;

    @Option(
            names = "--message",
            paramLabel = "NAME[=VALUE,...]",
            defaultValue = BenchMessage.DEFAULT,
            description = {
                "The message to be sent, such as clock-rate-get=0; default: ${DEFAULT-VALUE}.",
                "The values are the fields of the request in their order; those left out are 0."
            })
    @SuppressWarnings("NullAway.Init") // picocli's
    private String message;

    @Option(
            names = "--allow-changes",
            description = "Permits a message that changes something at the platform, such as clock-rate-set.")
    private boolean allowChanges;

    @Option(
            names = "--depth",
            paramLabel = "N",
            split = ",",
            defaultValue = "1,8,32",
            description = "How many messages are under way at a time, 1 to 512, one after the other; default:"
                    + " ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // picocli's
    private List<Integer> depths;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            defaultValue = "5",
            description = "How long each depth is measured; default: ${DEFAULT-VALUE}.")
    private double seconds;

    @Option(
            names = "--warm-up",
            paramLabel = "S",
            defaultValue = "1",
            description = "How long each depth is loaded before, in seconds; default: ${DEFAULT-VALUE}.")
    private double warmUp;

    @Option(
            names = "--timeout",
            paramLabel = "S",
            defaultValue = "10",
            description = "How long anything that the back end owes is waited for, in seconds; default:"
                    + " ${DEFAULT-VALUE}.")
    private double timeout;

    @Option(
            names = "--spin",
            description = "Looks for replies in memory all the time, which takes a core; else it waits to be called.")
    private boolean spin;

    @Option(names = "--json", description = "Prints the results as one JSON object.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli's
    private CommandSpec spec;

    @Spec
    void listMessages(CommandSpec own) {
        // Only when help is asked for: every start of scmid makes the whole command line.
        own.usageMessage().sectionMap().put(UsageMessageSpec.SECTION_KEY_FOOTER, BenchCommand::messages);
    }

    private static String messages(Help help) {
        int width = help.commandSpec().usageMessage().width();
        var text = new StringBuilder();
        int column = 0;
        for (String name : BenchMessage.readOnlyNames()) {
            if (column > 0 && column + 2 + name.length() >= width) {
                text.append(",%n".formatted());
                column = 0;
            } else if (column > 0) {
                text.append(", ");
                column += 2;
            }
            text.append(name);
            column += name.length();
        }
        return text.append("%n".formatted()).toString();
    }

    @Override
    public Integer call() throws UserException {
        BenchMessage chosen = chosenMessage();
        var options = new BackEnd.Options(socket, listen, nanos("--timeout", timeout, false), deepest(), spin);
        long measured = nanos("--seconds", seconds, false);
        long warmedUp = nanos("--warm-up", warmUp, true);
        try {
            NativeAccess.require();
        } catch (IllegalStateException e) {
            throw new UserException(String.valueOf(e.getMessage()));
        }
        try (BackEnd backEnd = BackEnd.open(options);
                BenchStop stop = new BenchStop(backEnd)) {
            Inquiry inquiry = Inquiry.of(backEnd, chosen);
            Load load = new Load(backEnd, chosen, inquiry.version());
            stop.resultsFollow();
            print(new BenchReport(options, chosen, inquiry), load, warmedUp, measured);
            return 0;
        } catch (BenchException e) {
            throw new UserException(String.valueOf(e.getMessage()));
        }
    }

    /** Prints each row as soon as it is known, or the object at the end, also if something was wrong. */
    private void print(BenchReport report, Load load, long warmedUp, long measured) throws UserException {
        PrintWriter out = spec.commandLine().getOut();
        List<DepthResult> results = new ArrayList<>();
        String complaint = null;
        say(out, report.head());
        for (int depth : depths) {
            DepthResult result = load.run(depth, warmedUp, measured);
            results.add(result);
            say(out, BenchReport.row(result));
            if (complaint == null) {
                complaint = BenchReport.complaint(result);
            }
            if (result.failure() != null || result.interrupted()) {
                break;
            }
        }
        if (json) {
            out.println(report.json(results));
            out.flush();
        }
        if (complaint != null) {
            throw new UserException(complaint);
        }
    }

    private void say(PrintWriter out, String line) {
        if (!json) {
            out.println(line);
            out.flush();
        }
    }

    private BenchMessage chosenMessage() {
        try {
            return BenchMessage.parse(message, allowChanges);
        } catch (IllegalArgumentException e) {
            throw wrong("--message: " + e.getMessage());
        }
    }

    private int deepest() {
        int deepest = 0;
        for (int depth : depths) {
            if (depth < 1 || depth > BackEnd.MAX_DEPTH) {
                throw wrong("--depth: " + depth + " is not from 1 to " + BackEnd.MAX_DEPTH);
            }
            deepest = Math.max(deepest, depth);
        }
        return deepest;
    }

    private long nanos(String option, double value, boolean mayBeNothing) {
        // Written so that NaN is refused too.
        boolean fits = value <= MOST_SECONDS && (mayBeNothing ? value >= 0 : value >= 0.001);
        if (!fits) {
            throw wrong(option + ": " + value + " is not from " + (mayBeNothing ? "0" : "0.001") + " to " + MOST_SECONDS
                    + " seconds");
        }
        return Math.round(value * 1e9);
    }

    private ParameterException wrong(@Nullable String message) {
        return new ParameterException(spec.commandLine(), String.valueOf(message));
    }
}
