// Where a configuration file is: on disk, or shipped inside the program.
package org.scmid.config.document;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A file that is read: on disk, or shipped inside the program. */
public sealed interface Source {
    /** How it is named in places. */
    String name();

    /** What relative paths in it start from. */
    Path folder();

    /**
     * What is in it.
     *
     * @throws ConfigException if it cannot be read, or is larger than any such file is
     */
    byte[] bytes() throws ConfigException;

    /** A file on disk, by the path that the user gave, or that was found from such a path. */
    record OnDisk(Path path) implements Source {
        @Override
        public String name() {
            return path.toString();
        }

        @Override
        public Path folder() {
            Path parent = path.toAbsolutePath().getParent();
            return parent == null ? path.toAbsolutePath() : parent;
        }

        @Override
        public byte[] bytes() throws ConfigException {
            Place place = new Place(name(), 1, 1);
            try {
                byte[] bytes = WholeFile.read(path, YamlReader.MAX_BYTES);
                if (bytes.length > YamlReader.MAX_BYTES) {
                    throw Problems.single(place, YamlReader.tooLarge());
                }
                return bytes;
            } catch (WholeFile.NoFileException e) {
                throw Problems.single(
                        place,
                        "this is " + e.kind() + (e.isFolder() ? "; name a YAML file in it" : "; name a YAML file"));
            } catch (NoSuchFileException e) {
                throw Problems.single(place, "there is no such file");
            } catch (AccessDeniedException e) {
                throw Problems.single(place, "the file cannot be read: permission denied");
            } catch (FileSystemException e) {
                String reason = e.getReason() == null ? "" : ": " + e.getReason();
                throw Problems.single(place, "the file cannot be read" + reason);
            } catch (IOException e) {
                throw Problems.single(place, "the file cannot be read");
            }
        }
    }

    /** A resource of the program. */
    record BuiltInResource(String resource) implements Source {
        @Override
        public String name() {
            return BuiltIn.place(resource);
        }

        /** Nothing is beside it: the working directory. */
        @Override
        public Path folder() {
            return Path.of("").toAbsolutePath();
        }

        @Override
        public byte[] bytes() {
            return BuiltIn.read(resource);
        }
    }
}
