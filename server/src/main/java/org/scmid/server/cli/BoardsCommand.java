// scmid boards: what is built in.
package org.scmid.server.cli;

import java.util.concurrent.Callable;
import org.scmid.config.Board;
import org.scmid.config.ConfigException;
import org.scmid.config.ConfigFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "boards",
        mixinStandardHelpOptions = true,
        description = {
            "Lists the boards that are built in.",
            "A service file, and `scmid tree`, take one of these names or the path of a board file."
        })
final class BoardsCommand implements Callable<Integer> {
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
        out.flush();
        return 0;
    }
}
