// The slots of a fat virtqueue.
package org.scmid.config.window;

/**
 * The slots of the two queues of a fat virtqueue.
 *
 * @param entries of each queue, a power of two from 2 to 256
 * @param size bytes of a message, header included: a multiple of 64 from 128 to 4096
 */
public record SlotsSpec(int entries, int size) {
    /** What is taken where nothing is said. */
    public static final SlotsSpec DEFAULT = new SlotsSpec(32, 192);

    private static final long PAGE = 4096;

    /** The bytes of a window that such queues need. */
    public long neededBytes() {
        long slots = pages((long) entries * size);
        long vring = pages(16L * entries + 2L * entries + 6) + pages(8L * entries + 6);
        return PAGE + 2 * (slots + vring);
    }

    private static long pages(long bytes) {
        return (bytes + PAGE - 1) / PAGE * PAGE;
    }
}
