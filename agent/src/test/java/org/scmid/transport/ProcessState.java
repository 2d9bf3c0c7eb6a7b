// What a process holds: to see that nothing is left behind.
package org.scmid.transport;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Counts this process's descriptors and its mappings of driver memory. */
public final class ProcessState {
    private ProcessState() {}

    /** How many descriptors are open. */
    public static long openFds() throws IOException {
        try (Stream<Path> fds = Files.list(Path.of("/proc/self/fd"))) {
            return fds.count();
        }
    }

    /** How many mappings there are of memory that a DriverMemory made. */
    public static long driverMappings() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.filter(line -> line.contains("scmid-driver")).count();
        }
    }
}
