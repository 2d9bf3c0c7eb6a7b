// A configuration file in a test, with the place of an expected problem marked in it.
package org.scmid.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.scmid.config.board.Board;
import org.scmid.config.board.BoardChoice;
import org.scmid.config.board.BoardReader;
import org.scmid.config.document.ConfigException;
import org.scmid.config.document.Node;
import org.scmid.config.document.Place;
import org.scmid.config.document.Problems;
import org.scmid.config.document.Source;
import org.scmid.config.document.YamlReader;
import org.scmid.config.service.Service;
import org.scmid.config.service.ServiceReader;
import org.scmid.config.upstream.Offers;

/**
 * A configuration file in a test. Each {@code §} in it marks a place where a problem is expected; it is no part of the
 * file.
 */
public final class Marked {
    static final Path RUNTIME = Path.of("/run/scmid");

    /** In a folder that is not there; places name it as it is written. */
    private static final Path FILE = Path.of("test.yaml");

    public final String text;
    public final List<Place> places = new ArrayList<>();

    public Marked(String marked) {
        StringBuilder plain = new StringBuilder();
        int line = 1;
        int column = 1;
        for (int c : marked.codePoints().toArray()) {
            if (c == '§') {
                places.add(new Place("test.yaml", line, column));
                continue;
            }
            plain.appendCodePoint(c);
            column++;
            if (c == '\n') {
                line++;
                column = 1;
            }
        }
        text = plain.toString();
    }

    /** The board; what is read without a problem is none for an editor either. */
    public Board board() throws ConfigException {
        Board board = board(text.getBytes(StandardCharsets.UTF_8));
        assertEquals("", Editor.BOARD.errors(text));
        return board;
    }

    public static Board board(byte[] bytes) throws ConfigException {
        return board(bytes, Offers.NONE);
    }

    public static Board board(byte[] bytes, Offers offers) throws ConfigException {
        Problems problems = new Problems();
        Node.Mapping root = YamlReader.read("test.yaml", bytes, problems);
        Board board = BoardReader.read(new Source.OnDisk(FILE), root, offers, problems);
        problems.throwIfAny();
        return Objects.requireNonNull(board);
    }

    /** The service, on a board that is the demo board whatever the file calls it. */
    public Service service() throws ConfigException {
        Service service = service(text.getBytes(StandardCharsets.UTF_8));
        assertEquals("", Editor.SERVICE.errors(text));
        return service;
    }

    public static Service service(byte[] bytes) throws ConfigException {
        Problems problems = new Problems();
        Node.Mapping root = YamlReader.read("test.yaml", bytes, problems);
        ServiceReader.BoardLoader demo = new ServiceReader.BoardLoader() {
            @Override
            public Board load(String reference, Place place, Problems found) {
                try {
                    return ConfigFiles.builtInBoard("demo");
                } catch (ConfigException e) {
                    throw new IllegalStateException(e);
                }
            }

            @Override
            public BoardChoice choose(Place place, Problems found) {
                return new BoardChoice("demo", "it is a test");
            }
        };
        Service service = ServiceReader.read(root, Path.of("/services"), RUNTIME, demo, problems);
        problems.throwIfAny();
        return Objects.requireNonNull(service);
    }
}
