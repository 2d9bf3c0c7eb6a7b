// scmid check: is a file right, and if not, where is it wrong?
package org.scmid.server.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.scmid.config.ConfigFile;
import org.scmid.config.ConfigFiles;
import org.scmid.config.board.Board;
import org.scmid.config.board.BoardChoice;
import org.scmid.config.clock.ClockWarnings;
import org.scmid.config.document.ConfigException;
import org.scmid.config.document.Problem;
import org.scmid.config.sensor.SensorWarnings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = {
            "Validates a board file, or a service file and its board.",
            "Prints every problem as file:line:column: message and exits with 1 if there is one."
        })
final class CheckCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "FILE",
            description = "A board file or a service file, or, if there is no such file, the name of a built-in board.")
    @SuppressWarnings("NullAway.Init") // picocli's
    private Path file;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli's
    private CommandSpec spec;

    private static String chosen(@Nullable BoardChoice choice) {
        return choice == null ? "" : " (" + choice.reference() + ", chosen as " + choice.reason() + ")";
    }

    @Override
    public Integer call() throws ConfigException {
        boolean builtIn = !Files.exists(file) && ConfigFiles.builtInBoards().contains(file.toString());
        ConfigFile checked = builtIn
                ? new ConfigFile.OfBoard(ConfigFiles.builtInBoard(file.toString()))
                : ConfigFiles.load(file, ConfigFiles.runtimeDirectory());
        String summary = switch (checked) {
            case ConfigFile.OfBoard it -> "board " + it.board().name() + ", " + Inventory.of(it.board());
            case ConfigFile.OfService it ->
                "service of board " + it.service().board().board().name()
                        + chosen(it.service().board().choice()) + " for "
                        + it.service().agents().size() + (it.service().agents().size() == 1 ? " agent" : " agents");
        };
        Board board = switch (checked) {
            case ConfigFile.OfBoard it -> it.board();
            case ConfigFile.OfService it -> it.service().board().board();
        };
        warn(ClockWarnings.of(board.clocks()));
        warn(SensorWarnings.of(board.sensors()));
        UnknownUpstreams.warn(board, spec.commandLine().getOut());
        spec.commandLine().getOut().println(file + ": " + summary + ": no problems");
        spec.commandLine().getOut().flush();
        return 0;
    }

    private void warn(List<Problem> warnings) {
        for (Problem warning : warnings) {
            spec.commandLine().getOut().println(warning.place() + ": warning: " + warning.message());
        }
    }
}
