// Where jSerialComm finds the part of it that is no Java.
package org.scmid.transport.serial;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Unpacks jSerialComm's native library into a folder that is ours alone, has it loaded from there, and removes it again.
 * By itself jSerialComm would load whatever lies at a fixed place below /tmp, which any user may have put there.
 */
final class NativeLibrary {
    /** Names a folder that has the library; read by jSerialComm. Who sets it himself has unpacked the library himself. */
    static final String FOLDER_PROPERTY = "jSerialComm.library.path";

    private static final String FILE = "libjSerialComm.so";

    private NativeLibrary() {}

    /** Made when it is first asked for. */
    private static final class Loaded {
        static final @Nullable String FAILURE =
                System.getProperty(FOLDER_PROPERTY) == null ? unpackAndLoad() : initialise();

        private Loaded() {}
    }

    /**
     * Loads it, once.
     *
     * @return null; or why there are no serial ports, for people
     */
    static @Nullable String load() {
        return Loaded.FAILURE;
    }

    private static @Nullable String unpackAndLoad() {
        String machine = machine(System.getProperty("os.arch", ""));
        if (machine == null) {
            return "serial ports are not supported on this kind of machine (" + System.getProperty("os.arch", "") + ")";
        }
        String last = "";
        for (Path parent : parents()) {
            Path folder = null;
            try {
                folder = Files.createTempDirectory(
                        parent,
                        "scmid-serial-",
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
                unpack("/Linux/" + machine + "/" + FILE, folder.resolve(FILE));
                // jSerialComm can try only once, since a class is made once: so not where no program may run from.
                if (Files.isExecutable(folder.resolve(FILE))) {
                    System.setProperty(FOLDER_PROPERTY, folder.toString());
                    return initialise();
                }
                last = "no program may run from " + parent;
            } catch (IOException e) {
                last = parent + ": " + e.getMessage();
            } finally {
                System.clearProperty(FOLDER_PROPERTY);
                remove(folder);
            }
        }
        return "the library for serial ports cannot be unpacked and loaded (" + last
                + "); give the service a folder for temporary files that programs may run from, by -Djava.io.tmpdir=FOLDER";
    }

    /** jSerialComm loads its library when its class is first used. */
    private static @Nullable String initialise() {
        try {
            com.fazecast.jSerialComm.SerialPort.getVersion();
            return null;
        } catch (UnsatisfiedLinkError | NoClassDefFoundError | ExceptionInInitializerError e) {
            return "the library for serial ports cannot be loaded: " + e.getMessage();
        }
    }

    private static @Nullable String machine(String architecture) {
        return switch (architecture) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64" -> "armv8_64";
            case "ppc64le" -> "ppc64le";
            default -> null;
        };
    }

    /** Where temporary files may be, the usual place first. */
    private static List<Path> parents() {
        List<Path> parents = new ArrayList<>();
        parents.add(Path.of(System.getProperty("java.io.tmpdir", "/tmp")));
        String runtime = System.getenv("XDG_RUNTIME_DIR");
        if (runtime != null && !runtime.isEmpty()) {
            parents.add(Path.of(runtime));
        }
        parents.add(Path.of("/run/scmid"));
        parents.add(Path.of("/dev/shm"));
        return parents;
    }

    private static void unpack(String resource, Path file) throws IOException {
        try (InputStream in = com.fazecast.jSerialComm.SerialPort.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException("jSerialComm has no library " + resource);
            }
            Files.copy(in, file);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        }
    }

    private static void remove(@Nullable Path folder) {
        if (folder == null) {
            return;
        }
        try {
            Files.deleteIfExists(folder.resolve(FILE)); // what is loaded stays loaded
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            System.getLogger(NativeLibrary.class.getName())
                    .log(System.Logger.Level.WARNING, folder + " is left behind: " + e.getMessage());
        }
    }
}
