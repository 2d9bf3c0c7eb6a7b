// Where the three parts of a split virtqueue are, checked once when the ring is set up.
package org.scmid.transport.virtqueue;

import org.scmid.linux.Mapping;

/**
 * The place of a split virtqueue (virtio 1.2, section 2.7), n being its size:
 *
 * <pre>
 * part         bytes     aligned  content
 * descriptors  16n       16       n × {le64 address, le32 length, le16 flags, le16 next}
 * available    6 + 2n    2        le16 flags, le16 idx, le16 ring[n], le16 used_event
 * used         6 + 8n    4        le16 flags, le16 idx, n × {le32 id, le32 length}, le16 avail_event
 * </pre>
 *
 * <p>Each part lies within one mapping. Nothing about these bounds is checked again when the ring is used.
 *
 * @param size n, a power of two from 1 to {@link #MAX_SIZE}
 * @param descriptors the descriptor table; read only
 * @param available what the driver offers; read only
 * @param used what the device returns; written
 */
public record RingLayout(int size, Part descriptors, Part available, Part used) {
    /** Most entries of a ring. virtio allows 32768; QEMU allows 1024. */
    public static final int MAX_SIZE = 1024;

    /**
     * The beginning of one part.
     *
     * @param mapping the memory it is in
     * @param offset its first byte in the mapping
     */
    public record Part(Mapping mapping, long offset) {}

    /**
     * Checks sizes, bounds and alignments, and makes the layout.
     *
     * @throws BadRingException if one is not allowed
     */
    public static RingLayout of(int size, Part descriptors, Part available, Part used) throws BadRingException {
        checkSize(size);
        check("descriptor table", descriptors, descriptorBytes(size), 16);
        check("available ring", available, availableBytes(size), 2);
        check("used ring", used, usedBytes(size), 4);
        return new RingLayout(size, descriptors, available, used);
    }

    /**
     * Checks a ring's size.
     *
     * @throws BadRingException unless it is a power of two from 1 to {@link #MAX_SIZE}
     */
    public static void checkSize(int size) throws BadRingException {
        if (size < 1 || size > MAX_SIZE || Integer.bitCount(size) != 1) {
            throw new BadRingException("a ring of " + Integer.toUnsignedString(size)
                    + " entries: the size must be a power of two up to " + MAX_SIZE);
        }
    }

    /** Bytes of the descriptor table of a ring with {@code size} entries. */
    public static long descriptorBytes(int size) {
        return 16L * size;
    }

    /** Bytes of the available ring of a ring with {@code size} entries, used_event included. */
    public static long availableBytes(int size) {
        return 6 + 2L * size;
    }

    /** Bytes of the used ring of a ring with {@code size} entries, avail_event included. */
    public static long usedBytes(int size) {
        return 6 + 8L * size;
    }

    private static void check(String part, Part place, long bytes, int alignment) throws BadRingException {
        if (place.offset < 0 || place.offset > place.mapping.size() - bytes) {
            throw new BadRingException(
                    "the " + part + " (" + bytes + " bytes) reaches beyond the shared memory it begins in");
        }
        if (place.offset % alignment != 0) {
            throw new BadRingException("the " + part + " is not aligned to " + alignment + " bytes");
        }
    }
}
