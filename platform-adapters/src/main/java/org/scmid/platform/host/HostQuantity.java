// One value of the host's: looked for, read, and looked for again when it has gone.
package org.scmid.platform.host;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One value of the host's. Its device is looked for by name, and remembered by its place among the host's devices, which
 * no other device can take; a device that has gone is looked for anew. For one thread at a time, which may have to wait:
 * some drivers ask hardware.
 */
public abstract class HostQuantity {
    private @Nullable Path folder;

    HostQuantity() {}

    /** Looks for the device; nothing is measured. */
    public final void find() throws IOException {
        folder = locate();
    }

    /**
     * Reads the value.
     *
     * @return in what the kernel counts, with all digits that it gives
     * @throws IOException if the device is not there, or not the only one, or cannot measure; the message says what helps
     */
    public final BigDecimal read() throws IOException {
        Path known = folder;
        if (known != null) {
            try {
                return read(known);
            } catch (IOException failure) {
                if (Files.isDirectory(known)) {
                    throw failure;
                }
                folder = null; // the device has gone, and may have come back in another place
            }
        }
        Path found = locate();
        folder = found;
        return read(found);
    }

    /** The device's folder, with all links followed. */
    abstract Path locate() throws IOException;

    abstract BigDecimal read(Path device) throws IOException;

    /** What is read, for messages. */
    @Override
    public abstract String toString();
}
