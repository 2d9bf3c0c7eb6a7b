// A file is known for what it is by its keys, even if it is read for something else.
package org.scmid.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.scmid.config.board.BoardShapes;
import org.scmid.config.document.ConfigException;
import org.scmid.config.document.FileKind;
import org.scmid.config.document.Node;
import org.scmid.config.document.Problems;
import org.scmid.config.document.YamlReader;
import org.scmid.config.service.ServiceShapes;

class FileKindTest {
    @Test
    void itKnowsTheKeysThatTheShapesHave() {
        assertEquals(BoardShapes.SHAPE.keyNames(), FileKind.BOARD.keys());
        assertEquals(ServiceShapes.Root.SHAPE.keyNames(), FileKind.SERVICE.keys());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ board: x, clocks: {} } | BOARD",
                "{ clokcs: {} } | BOARD",
                "{ include: soc.yaml } | BOARD",
                "{ board: x, agents: {} } | SERVICE",
                "{ board: x, agnets: {} } | SERVICE",
                "{ board: x } | UNKNOWN",
                "{ colour: red } | UNKNOWN"
            })
    void itsKeysTell(String yaml, FileKind kind) throws ConfigException {
        Node.Mapping root = YamlReader.read("test.yaml", yaml.getBytes(StandardCharsets.UTF_8), new Problems());
        assertEquals(kind, FileKind.of(root));
    }
}
