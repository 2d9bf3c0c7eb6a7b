// scmid tree: a board's clocks with their rates.
package org.scmid.server.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.scmid.config.ConfigFiles;
import org.scmid.config.board.Board;
import org.scmid.config.document.ConfigException;
import org.scmid.config.document.WholeFile;
import org.scmid.config.service.ManagementSpec;
import org.scmid.server.management.ManagementClient;
import org.scmid.server.management.ManagementException;
import org.scmid.server.service.ServiceSnapshot.ClockSnapshot;
import org.scmid.server.view.RegisterDump;
import org.scmid.server.view.SimulatedBoard;
import org.scmid.server.view.TreeFormat;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "tree",
        mixinStandardHelpOptions = true,
        description = {
            "Draws a board's clock tree with its rates.",
            "The rates are those that the board file's initial register values give or, with --dump, the values in a"
                    + " file or, with --live, those that a running service reads from the hardware. This command"
                    + " itself never touches hardware."
        })
final class TreeCommand implements Callable<Integer> {
    private static final Path STANDARD_INPUT = Path.of("-");

    @Parameters(
            paramLabel = "BOARD",
            arity = "0..1",
            description =
                    "A board file, or the name of a built-in board. With --live it may be left out; if it is given,"
                            + " the running service must serve a board of this name.")
    private @Nullable String board;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "How the tree is drawn: ${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}.",
            defaultValue = "text")
    @SuppressWarnings("NullAway.Init") // picocli's
    private TreeFormat format;

    @Option(
            names = "--dump",
            paramLabel = "FILE",
            description =
                    "Takes register values from a file with lines `ADDRESS VALUE` or `WINDOW+OFFSET VALUE`, all"
                            + " numbers hexadecimal, comments behind a #; `-` is standard input. Registers that it lacks have their initial values.")
    private @Nullable Path dump;

    @Option(
            names = "--live",
            paramLabel = "HOST:PORT",
            arity = "0..1",
            fallbackValue = ManagementAddress.DEFAULT,
            converter = ManagementAddress.class,
            description = "Asks the management API of a running service; without an address, that at "
                    + ManagementAddress.DEFAULT + ".")
    private @Nullable ManagementSpec live;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli's
    private CommandSpec spec;

    @Override
    public Integer call() throws ConfigException, ManagementException, UserException {
        String drawing;
        if (live != null && dump != null) {
            throw new ParameterException(
                    spec.commandLine(), "--live and --dump exclude each other: one asks a service, one reads a file");
        }
        if (live != null) {
            drawing = drawLive(live);
        } else if (board != null) {
            Board described = ConfigFiles.boardByNameOrPath(board, Path.of(""));
            UnknownUpstreams.warn(described, spec.commandLine().getErr());
            drawing = format.draw(
                    described.name(), dump == null ? SimulatedBoard.clocks(described) : clocks(dump, described));
        } else {
            throw new ParameterException(
                    spec.commandLine(),
                    "a BOARD is missing: a board file, or one of the names that `scmid boards` lists");
        }
        spec.commandLine().getOut().print(drawing);
        spec.commandLine().getOut().flush();
        return 0;
    }

    private List<ClockSnapshot> clocks(Path file, Board described) throws UserException {
        String name = file.equals(STANDARD_INPUT) ? "standard input" : file.toString();
        RegisterDump values = RegisterDump.of(name, text(file, name), described);
        SimulatedBoard.Dumped dumped = SimulatedBoard.clocks(values);
        PrintWriter errors = spec.commandLine().getErr();
        values.warnings().forEach(errors::println);
        if (dumped.missing() > 0) {
            errors.println(name + ": has " + values.size() + " registers of the board; " + dumped.missing()
                    + " that say something of its clocks are not there and have their initial values");
        }
        errors.flush();
        return dumped.clocks();
    }

    private static String text(Path file, String name) throws UserException {
        int most = RegisterDump.MOST_BYTES;
        try {
            byte[] bytes = file.equals(STANDARD_INPUT) ? System.in.readNBytes(most + 1) : WholeFile.read(file, most);
            if (bytes.length > most) {
                throw new UserException(name + ": is larger than the " + (most >> 20) + " MiB that a dump may have");
            }
            return new String(bytes, StandardCharsets.ISO_8859_1);
        } catch (WholeFile.NoFileException e) {
            throw new UserException("the dump cannot be read: " + e.getFile() + " is " + e.kind()
                    + (e.isFolder() ? "" : "; `--dump -` reads standard input"));
        } catch (IOException e) {
            throw new UserException("the dump cannot be read: " + RuntimeFolders.reason(e));
        }
    }

    private String drawLive(ManagementSpec at) throws ConfigException, ManagementException, UserException {
        try (var client = new ManagementClient(at)) {
            List<ClockSnapshot> clocks = client.clocks();
            String served = client.health().board();
            if (board != null) {
                String wanted =
                        ConfigFiles.boardByNameOrPath(board, Path.of("")).name();
                if (!wanted.equals(served)) {
                    throw new UserException("the service that runs at " + at.host() + ":" + at.port()
                            + " serves board `" + served + "`, not `" + wanted + "`");
                }
            }
            return format.draw(served, clocks);
        }
    }
}
