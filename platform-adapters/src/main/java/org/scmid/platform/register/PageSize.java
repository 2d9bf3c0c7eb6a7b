// The size of a page of this machine's memory, which decides what can be mapped.
package org.scmid.platform.register;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** The page size: 4 KiB on x86-64, but 16 or 64 KiB on some arm64 kernels. */
final class PageSize {
    private static final Path AUXILIARY_VECTOR = Path.of("/proc/self/auxv");
    private static final long AT_PAGESZ = 6;
    private static final long USUAL = 4096;

    private PageSize() {}

    /** What the kernel told this process at its start: pairs of 64-bit type and value. */
    static long bytes() {
        try {
            ByteBuffer vector =
                    ByteBuffer.wrap(Files.readAllBytes(AUXILIARY_VECTOR)).order(ByteOrder.nativeOrder());
            while (vector.remaining() >= 2 * Long.BYTES) {
                long type = vector.getLong();
                long value = vector.getLong();
                if (type == AT_PAGESZ) {
                    return value;
                }
            }
        } catch (IOException e) {
            // Without /proc the usual size is the best guess; a wrong one makes mmap refuse, it harms nothing.
        }
        return USUAL;
    }
}
