// The ways in which a window of registers is reached.
package org.scmid.config.register;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How a window of registers is reached. */
public sealed interface Access {

    /** The word for it in files, if it needs the window's address; else null. */
    default @Nullable String needingAddress() {
        return switch (this) {
            case Devmem devmem -> "devmem";
            case Qtest qtest -> "qtest:";
            case Uio uio -> null;
            case File file -> null;
            case Simulated simulated -> null;
        };
    }

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

    /**
     * A QEMU that models the hardware, over its register access protocol ({@code -qtest unix:SOCKET,server=on,wait=off}).
     * Written {@code qtest:SOCKET}, or {@code { qtest: SOCKET, timeout: 5 s }}.
     *
     * @param socket QEMU's socket, resolved against the folder of the file that names it
     * @param timeout how long QEMU may take for an access, 1 ms to 30 s
     */
    record Qtest(Path socket, Duration timeout) implements Access {
        /** How long QEMU may take unless the file says otherwise. */
        public static final Duration USUAL_TIMEOUT = Duration.ofMillis(500);

        /** A QEMU that may take as long as is usual. */
        public Qtest(Path socket) {
            this(socket, USUAL_TIMEOUT);
        }
    }

    /** Memory of the service itself that starts with the window's initial values. Written {@code simulated}. */
    record Simulated() implements Access {}

    /** The same, with its path starting from the folder of the file that names it. */
    default Access from(Path folder) {
        return switch (this) {
            case Access.File file -> new Access.File(folder.resolve(file.path()));
            case Access.Qtest qtest -> new Access.Qtest(folder.resolve(qtest.socket()), qtest.timeout());
            case Access.Devmem devmem -> devmem;
            case Access.Uio uio -> uio;
            case Access.Simulated simulated -> simulated;
        };
    }
}
