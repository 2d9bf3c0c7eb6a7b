// Which boot of the host this is.
package org.scmid.linux;

import java.nio.file.Path;

/** Names the current boot of the host. */
public final class BootId {
    private static final Path FILE = Path.of("/proc/sys/kernel/random/boot_id");

    private BootId() {}

    /**
     * Reads the random name that the kernel gave itself when it started.
     *
     * @return a UUID in lower case, without a line end
     * @throws LinuxException if /proc is not mounted
     */
    public static String read() throws LinuxException {
        return NativeFile.readSmall(FILE).strip();
    }
}
