// Boards for tests, written as board files are.
package org.scmid.platform;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.scmid.config.ConfigFiles;
import org.scmid.config.board.Board;
import org.scmid.config.document.ConfigException;

/** Reads boards from text. */
public final class TestBoards {
    private TestBoards() {}

    /** The board that a file with this text describes. */
    public static Board read(Path folder, String yaml) throws IOException, ConfigException {
        Path file = folder.resolve("board.yaml");
        Files.writeString(file, yaml);
        return ConfigFiles.board(file);
    }
}
