// scmid boards: what is built in.
package org.scmid.server.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.scmid.config.ConfigFiles;
import org.scmid.config.board.Board;
import org.scmid.config.board.BoardChoice;
import org.scmid.config.board.MachineIdentity;
import org.scmid.config.document.ConfigException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "boards",
        mixinStandardHelpOptions = true,
        description = {
            "Lists the boards that are built in.",
            "A service file, and `scmid tree`, take one of these names or the path of a board file.",
            "Says too which of them `board: auto` chooses on this machine."
        })
final class BoardsCommand implements Callable<Integer> {
    // For tests: where the machine's file system begins.
    @Option(names = "--machine", hidden = true, defaultValue = "/")
    @SuppressWarnings("NullAway.Init") // picocli's
    private Path machine;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli's
    private CommandSpec spec;

    @Override
    public Integer call() throws ConfigException {
        var out = spec.commandLine().getOut();
        for (String name : ConfigFiles.builtInBoards()) {
            Board board = ConfigFiles.builtInBoard(name);
            out.printf("%-24s %s%n%-24s %s%n", name, board.description(), "", Inventory.of(board));
        }
        MachineIdentity identity = MachineIdentity.of(machine);
        BoardChoice choice = BoardChoice.builtIn(identity);
        out.println(
                choice == null
                        ? "`board: auto` chooses none of these here: " + identity.shown()
                        : "`board: auto` chooses " + choice.reference() + " here, as " + choice.reason());
        out.flush();
        return 0;
    }
}
