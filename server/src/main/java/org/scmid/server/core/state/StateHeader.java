// How every file begins in which the service remembers something.
package org.scmid.server.core.state;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.scmid.linux.Mapping;

/**
 * The first 64 bytes of every state file: what it is, and of which boot of the host. What
 * does not fit is dropped.
 *
 * <pre>
 * 0    u32     magic
 * 4    u32     version of the file's layout
 * 8    u8[40]  boot id of the host, ASCII, filled with zeros
 * 48   u64     reserved
 * 56   u32     1 when everything else of the header is written
 * 60   u32     reserved
 * </pre>
 */
final class StateHeader {
    static final int BYTES = 64;
    static final int BOOT_ID_BYTES = 40;

    private static final int AT_MAGIC = 0;
    private static final int AT_LAYOUT = 4;
    private static final int AT_BOOT_ID = 8;
    private static final int AT_COMPLETE = 56;

    private final int magic;
    private final int layout;

    /**
     * The header of one kind of file.
     *
     * @param magic tells it from other kinds
     * @param layout the version of its layout
     */
    StateHeader(int magic, int layout) {
        this.magic = magic;
        this.layout = layout;
    }

    /** Writes it into a new file, whose bytes are all 0. The word that makes it valid comes last. */
    void write(Mapping memory, byte[] bootId) {
        memory.putInt(AT_MAGIC, magic);
        memory.putInt(AT_LAYOUT, layout);
        memory.write(AT_BOOT_ID, bootId, 0, BOOT_ID_BYTES);
        memory.putIntRelease(AT_COMPLETE, 1);
    }

    /** Why the memory does not begin with this header; null if it does. */
    @Nullable
    String whyNotUsable(Mapping memory, byte[] bootId) {
        if (memory.getInt(AT_MAGIC) != magic || memory.getInt(AT_COMPLETE) != 1) {
            return "it is not a state file, or an unfinished one";
        }
        if (memory.getInt(AT_LAYOUT) != layout) {
            return "it is of another version of scmid";
        }
        byte[] itsBoot = new byte[BOOT_ID_BYTES];
        memory.read(AT_BOOT_ID, itsBoot, 0, BOOT_ID_BYTES);
        if (!Arrays.equals(itsBoot, bootId)) {
            return "the host was booted since";
        }
        return null;
    }
}
