// scmid tree: a board's clocks with their rates.
package org.scmid.server.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.scmid.config.Board;
import org.scmid.config.ConfigException;
import org.scmid.config.ConfigFiles;
import org.scmid.config.ManagementSpec;
import org.scmid.server.core.ServiceSnapshot.ClockSnapshot;
import org.scmid.server.management.ManagementClient;
import org.scmid.server.management.ManagementException;
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
            "The rates are those that the board file's initial register values give or, with --live, those that a"
                    + " running service reads from the hardware. This command itself never touches hardware."
        })
final class TreeCommand implements Callable<Integer> {
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
        if (live != null) {
            drawing = drawLive(live);
        } else if (board != null) {
            Board described = ConfigFiles.boardByNameOrPath(board, Path.of(""));
            drawing = format.draw(described.name(), SimulatedBoard.clocks(described));
        } else {
            throw new ParameterException(
                    spec.commandLine(),
                    "a BOARD is missing: a board file, or one of the names that `scmid boards` lists");
        }
        spec.commandLine().getOut().print(drawing);
        spec.commandLine().getOut().flush();
        return 0;
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
