// Reads and writes the small files in which the kernel shows what it knows.
package org.scmid.platform.host;

import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Reads and writes the small files in which the kernel shows what it knows. May wait as long as a driver does. */
final class HostFile {
    private static final int LONGEST = 4096;
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,20}(?:\\.[0-9]{1,20})?");

    private HostFile() {}

    /** The text of a file, without white space around it; at most 4096 bytes of it. */
    static String text(Path file) throws IOException {
        // No channel: a thread that waits in one is counted against the others that read files.
        try (FileInputStream in = new FileInputStream(file.toFile())) {
            return new String(in.readNBytes(LONGEST), StandardCharsets.ISO_8859_1).strip();
        } catch (FileNotFoundException failure) {
            throw failure; // its message has the path
        } catch (IOException failure) {
            throw new IOException(file + ": " + failure.getMessage(), failure);
        }
    }

    /** Writes a line into a file that is there. */
    static void write(Path file, String text) throws IOException {
        try (FileOutputStream out = new FileOutputStream(file.toFile())) {
            out.write((text + "\n").getBytes(StandardCharsets.ISO_8859_1));
        } catch (FileNotFoundException failure) {
            throw failure; // its message has the path
        } catch (IOException failure) {
            throw new IOException(file + " does not take " + text + ": " + failure.getMessage(), failure);
        }
    }

    /** The number in a file, with all its digits. */
    static BigDecimal number(Path file) throws IOException {
        String text = text(file);
        if (!NUMBER.matcher(text).matches()) {
            throw new IOException(file + " holds `" + text + "`, which is not a number");
        }
        return new BigDecimal(text);
    }
}
