// scmid upstream: what the platforms offer that a board takes resources from.
package org.scmid.server.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.scmid.config.ConfigFile;
import org.scmid.config.ConfigFiles;
import org.scmid.config.document.ConfigException;
import org.scmid.config.document.Problems;
import org.scmid.config.offer.Offer;
import org.scmid.config.offer.OfferFiles;
import org.scmid.config.upstream.Offers;
import org.scmid.config.upstream.UpstreamSpec;
import org.scmid.linux.LinuxException;
import org.scmid.linux.NativeAccess;
import org.scmid.server.service.OfferSurvey;
import org.scmid.server.view.OfferText;
import org.scmid.upstream.discovery.Discovered;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "upstream",
        mixinStandardHelpOptions = true,
        description = {
            "Shows what the upstreams of a board offer.",
            "It asks these platforms as their agent, changes nothing on them, and serves nobody.",
            "With --save it writes that down, in NAME.upstream.yaml beside the file that describes the platform: `check`,"
                    + " `tree` and `run --simulate` go by it. It exits with 1 if a platform cannot be reached."
        })
final class UpstreamCommand implements Callable<Integer> {
    private static final double LONGEST_SECONDS = 3600;
    private static final long NANOS = 1_000_000_000L;

    @Parameters(index = "0", paramLabel = "FILE", description = "A board file, or a service file.")
    @SuppressWarnings("NullAway.Init") // picocli's
    private Path file;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "NAME",
            description = "One of its upstreams; without a name all of them are asked.")
    private @Nullable String name;

    @Option(names = "--save", description = "Writes what they offer into files, for when they cannot be asked.")
    private boolean save;

    @Option(
            names = "--timeout",
            paramLabel = "S",
            defaultValue = "30",
            description = "How long all of it may take, in seconds; default: ${DEFAULT-VALUE}.")
    private double timeout;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli's
    private CommandSpec spec;

    @Override
    public Integer call() throws ConfigException, UserException {
        if (!(timeout > 0) || timeout > LONGEST_SECONDS) {
            throw new ParameterException(
                    spec.commandLine(), "--timeout is a number of seconds above 0, up to " + (int) LONGEST_SECONDS);
        }
        List<UpstreamSpec> asked = chosen(upstreams());
        try {
            NativeAccess.require();
        } catch (IllegalStateException e) {
            throw new UserException(String.valueOf(e.getMessage()));
        }
        Logging.onlyFaults(); // what happens is told below
        try (OfferSurvey survey = OfferSurvey.of(asked)) {
            return show(survey, asked, System.nanoTime() + (long) (timeout * NANOS)) ? 0 : Main.FAILED;
        } catch (LinuxException e) {
            throw new UserException(String.valueOf(e.getMessage()));
        }
    }

    /** The upstreams of the file. What was saved of them is not looked at: it may be wrong by now. */
    private Map<String, UpstreamSpec> upstreams() throws ConfigException {
        return switch (ConfigFiles.load(file, ConfigFiles.runtimeDirectory(), Offers.NONE)) {
            case ConfigFile.OfBoard it -> it.board().upstreams().specs();
            case ConfigFile.OfService it ->
                it.service().board().board().upstreams().specs();
        };
    }

    private List<UpstreamSpec> chosen(Map<String, UpstreamSpec> upstreams) throws UserException {
        if (upstreams.isEmpty()) {
            throw new UserException(file + " describes no other platforms: its board has no key `upstreams`");
        }
        if (name == null) {
            return List.copyOf(upstreams.values());
        }
        UpstreamSpec one = upstreams.get(name);
        if (one == null) {
            throw new UserException(file + " has no upstream " + Problems.quote(name)
                    + new Problems().didYouMean(name, upstreams.keySet()));
        }
        return List.of(one);
    }

    /** Shows each answer as it comes, in the order of the file; whether there is one of each. */
    private boolean show(OfferSurvey survey, List<UpstreamSpec> asked, long deadline) throws UserException {
        PrintWriter out = spec.commandLine().getOut();
        boolean areAllThere = true;
        for (UpstreamSpec upstream : asked) {
            try {
                Discovered all = survey.await(upstream, deadline);
                out.print(OfferText.of(upstream, all));
                if (save) {
                    out.println("  saved in " + write(upstream, all.offer()));
                }
            } catch (TimeoutException e) {
                areAllThere = false;
                report(upstream, "it has not said all that it offers within --timeout");
            } catch (IOException e) {
                areAllThere = false;
                report(upstream, String.valueOf(e.getMessage()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new UserException("it was interrupted");
            }
            out.flush();
        }
        return areAllThere;
    }

    private void report(UpstreamSpec upstream, String why) {
        PrintWriter errors = spec.commandLine().getErr();
        errors.println(
                "scmid: upstream " + upstream.name() + ", " + upstream.way().shown() + ", is not there: " + why);
        errors.flush();
    }

    /** Writes the file beside its place and then gives it its name, so that nobody sees half of it. */
    private static Path write(UpstreamSpec upstream, Offer offer) throws UserException {
        Path saved = OfferFiles.place(upstream.folder(), upstream.name());
        String text = OfferFiles.text(upstream.name(), offer);
        if (text == null) {
            throw new UserException(
                    "upstream " + upstream.name() + " offers more than a file can hold that scmid reads");
        }
        Path fresh = saved.resolveSibling("." + saved.getFileName() + ".new");
        try {
            Files.writeString(fresh, text);
            Files.move(fresh, saved, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UserException(saved + " cannot be written: " + RuntimeFolders.reason(e));
        }
        return saved;
    }
}
