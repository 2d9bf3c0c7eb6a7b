// Reads a file as a whole, and nothing that might never end.
package org.scmid.config.document;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** Reads a file as a whole. */
public final class WholeFile {
    private WholeFile() {}

    /** What is at a path is no file: what a reader would get from it depends on others, and may never end. */
    public static final class NoFileException extends FileSystemException {
        private static final long serialVersionUID = 1L;

        private final boolean isFolder;

        NoFileException(Path path, boolean isFolder) {
            super(path.toString(), null, isFolder ? "is a directory" : "is a pipe, a socket or a device");
            this.isFolder = isFolder;
        }

        public boolean isFolder() {
            return isFolder;
        }

        /** What it is: {@code a directory}. */
        public String kind() {
            return isFolder ? "a directory" : "a pipe, a socket or a device, and no file";
        }
    }

    /**
     * The bytes of a file. What has no length is not opened, although some files of /proc have something in them: others
     * there make their reader wait for ever.
     *
     * @param most how many bytes are of use
     * @return at most one byte more than that, however long the file is
     * @throws NoFileException if it is none; links are followed
     * @throws IOException if it is not there or cannot be read
     */
    public static byte[] read(Path path, int most) throws IOException {
        BasicFileAttributes found = Files.readAttributes(path, BasicFileAttributes.class);
        if (!found.isRegularFile()) {
            throw new NoFileException(path, found.isDirectory());
        }
        if (found.size() == 0) {
            return new byte[0];
        }
        try (InputStream in = Files.newInputStream(path)) {
            return in.readNBytes(most + 1);
        }
    }
}
