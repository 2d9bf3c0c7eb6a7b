// What a service file may say about the window of a guest's memory, and how it is read.
package org.scmid.config.service;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.scmid.config.document.Node;
import org.scmid.config.document.Place;
import org.scmid.config.shape.Fields;
import org.scmid.config.shape.Key;
import org.scmid.config.shape.Shape;
import org.scmid.config.shape.Value;
import org.scmid.config.shape.Values;

/** What a service file may say about the window of a guest's memory, and how it is read. */
final class MemoryWindowShapes {
    private static final long PAGE = 4096;

    static final Key<Long> SIZE = Key.required("size", Values.SIZE, "How many bytes may be shared, such as `4 MiB`.");
    static final Key<Long> GUEST_ADDRESS = Key.optional(
            "guest-address", Values.NUMBER, "The guest's address of the window that everything shared lies in.");
    static final Shape SHAPE =
            new Shape("window", "How much of the guest's memory may be shared, and where.", SIZE, GUEST_ADDRESS);

    /** A size, or a mapping with size and address. */
    static final Value<MemoryWindow> VALUE = new WindowValue();

    private MemoryWindowShapes() {}

    private static final class WindowValue implements Value<MemoryWindow> {
        @Override
        public @Nullable MemoryWindow read(Node node, Context context) {
            if (!(node instanceof Node.Mapping)) {
                Long size = Values.SIZE.read(node, context);
                return size != null && isWhole("has a size", size, node.place(), context)
                        ? new MemoryWindow(size, null)
                        : null;
            }
            Fields fields = SHAPE.read(node, context);
            Long size = fields == null ? null : fields.get(SIZE);
            if (fields == null || size == null) {
                return null;
            }
            Long address = fields.get(GUEST_ADDRESS);
            boolean sound = isWhole("has a `size`", size, fields.place(SIZE), context)
                    && (address == null || isAddress(address, size, fields.place(GUEST_ADDRESS), context));
            return sound ? new MemoryWindow(size, address) : null;
        }

        private static boolean isWhole(String what, long size, Place place, Context context) {
            if (size == 0 || size % PAGE != 0) {
                context.problem(
                        place,
                        what + " of " + size + " bytes; guests share whole pages: write a multiple of 4 KiB,"
                                + " such as `4 MiB`");
                return false;
            }
            return true;
        }

        private static boolean isAddress(long address, long size, Place place, Context context) {
            String shown = "has the `guest-address` 0x" + Long.toHexString(address);
            if (address % PAGE != 0) {
                context.problem(place, shown + ", which is no multiple of 4 KiB (0x1000), where a page begins");
                return false;
            }
            if (address < 0 || address + size < 0) {
                context.problem(place, shown + "; with its size the window goes beyond 0x7fffffffffffffff");
                return false;
            }
            return true;
        }

        @Override
        public Map<String, Object> schema(Definitions definitions) {
            return Map.of("anyOf", List.of(Values.SIZE.schema(definitions), definitions.reference(SHAPE)));
        }
    }
}
