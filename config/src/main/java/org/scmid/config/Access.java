// The ways in which a window of registers is reached.
package org.scmid.config;

import java.nio.file.Path;

/** How a window of registers is reached. */
public sealed interface Access {

    /** Physical memory through {@code /dev/mem}, at the window's address. Written {@code devmem}; the default. */
    record Devmem() implements Access {}

    /**
     * A UIO device. Written {@code uio:NAME}.
     *
     * @param name the device's name as in {@code /sys/class/uio/uioN/name}, or {@code uioN}
     */
    record Uio(String name) implements Access {}

    /**
     * A file that is mapped, and that others may watch. Written {@code file:PATH}. The window's first register is the
     * file's first byte.
     *
     * @param path the file, resolved against the folder of the file that names it
     */
    record File(Path path) implements Access {}

    /** Memory of the service itself that starts with the window's initial values. Written {@code simulated}. */
    record Simulated() implements Access {}
}
