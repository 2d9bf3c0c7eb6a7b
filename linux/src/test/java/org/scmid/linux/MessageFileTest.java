// Files that take and give whole messages.
package org.scmid.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MessageFileTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    void aWriteIsAMessageAndAReadAnother() throws Exception {
        MessageFile[] ends = MessageFile.pair();
        try (MessageFile one = ends[0];
                MessageFile other = ends[1]) {
            byte[] into = new byte[16];
            assertEquals(MessageFile.WOULD_BLOCK, other.read(into));
            assertEquals(3, one.write(new byte[] {1, 2, 3}, 3));
            assertEquals(0, one.write(new byte[0], 0));
            assertEquals(2, one.write(new byte[] {4, 5, 6}, 2));
            assertEquals(3, other.read(into));
            assertEquals(3, into[2]);
            assertEquals(0, other.read(into));
            assertEquals(2, other.read(into));
            assertEquals(5, into[1]);
            assertEquals(MessageFile.WOULD_BLOCK, other.read(into));
        }
    }

    @Test
    void whatIsWrittenIsWhatTheFileIsOpenedFor() throws Exception {
        Path path = Files.createFile(folder.resolve("file"));
        byte[] bytes = {1, 2, 3};
        try (MessageFile writer = MessageFile.open(path, MessageFile.Use.WRITE);
                MessageFile reader = MessageFile.open(path, MessageFile.Use.READ);
                MessageFile both = MessageFile.open(path, MessageFile.Use.BOTH)) {
            assertEquals(3, writer.write(bytes, 3));
            assertEquals(3, reader.read(new byte[8]));
            assertEquals(3, both.read(new byte[8]));
            assertEquals(3, both.write(bytes, 3));
            assertEquals(
                    Errno.EBADF,
                    assertThrows(LinuxException.class, () -> reader.write(bytes, 3))
                            .errno());
            assertEquals(
                    Errno.EBADF,
                    assertThrows(LinuxException.class, () -> writer.read(bytes)).errno());
        }
    }

    @Test
    void aPeerThatHasClosedIsSaid() throws Exception {
        MessageFile[] ends = MessageFile.pair();
        ends[1].close();
        try (MessageFile one = ends[0]) {
            assertEquals(
                    Errno.EPIPE,
                    assertThrows(LinuxException.class, () -> one.write(new byte[4], 4))
                            .errno());
        }
    }
}
