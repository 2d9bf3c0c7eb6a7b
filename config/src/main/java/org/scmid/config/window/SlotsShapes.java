// What may be said about the slots of a fat virtqueue, and how it is read.
package org.scmid.config.window;

import org.jspecify.annotations.Nullable;
import org.scmid.config.document.Problems;
import org.scmid.config.shape.Fields;
import org.scmid.config.shape.Key;
import org.scmid.config.shape.Values;

/** Keys of a fat virtqueue; they stand among those of the agent or upstream that is reached by it. */
public final class SlotsShapes {
    public static final Key<Long> ENTRIES = Key.withDefault(
            "entries",
            Values.number(256),
            (long) SlotsSpec.DEFAULT.entries(),
            SlotsSpec.DEFAULT.entries(),
            "Entries of each queue of a fat virtqueue: a power of two, 2 to 256; half as many commands at a time.");
    public static final Key<Long> SLOT_SIZE = Key.withDefault(
            "slot-size",
            Values.number(4096),
            (long) SlotsSpec.DEFAULT.size(),
            SlotsSpec.DEFAULT.size(),
            "Bytes of a slot of a fat virtqueue, the longest message: a multiple of 64, 128 to 4096.");

    private SlotsShapes() {}

    /**
     * Makes slots of what was read.
     *
     * @return null if something is wrong, and the problems say what
     */
    public static @Nullable SlotsSpec read(Fields fields, Problems problems) {
        long entries = fields.get(ENTRIES, (long) SlotsSpec.DEFAULT.entries());
        long size = fields.get(SLOT_SIZE, (long) SlotsSpec.DEFAULT.size());
        boolean sound = (!fields.has(ENTRIES) || fields.get(ENTRIES) != null)
                && (!fields.has(SLOT_SIZE) || fields.get(SLOT_SIZE) != null);
        if (entries < 2 || Long.bitCount(entries) != 1) {
            problems.add(
                    fields.place(ENTRIES),
                    "`entries` of " + fields.what() + ": " + entries + " is no power of two from 2 to 256; write `"
                            + (entries < 2 ? 2 : Long.highestOneBit(entries) << 1) + "`");
            sound = false;
        }
        if (size < 128 || size % 64 != 0) {
            problems.add(
                    fields.place(SLOT_SIZE),
                    "`slot-size` of " + fields.what() + ": " + size + " is no multiple of 64 from 128 to 4096;"
                            + " write `" + Math.max(128, (size + 63) / 64 * 64) + "`");
            sound = false;
        }
        return sound ? new SlotsSpec((int) entries, (int) size) : null;
    }
}
