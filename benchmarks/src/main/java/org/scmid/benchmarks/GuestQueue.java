// A guest's command queue: its memory, its ring, and a set of commands that is sent again and again.
package org.scmid.benchmarks;

import org.scmid.agent.frontend.DriverMemory;
import org.scmid.agent.frontend.DriverRing;
import org.scmid.linux.LinuxException;

/** The driver's side. Each command has a request of its own and a buffer of 64 bytes for its reply, in one chain. */
final class GuestQueue implements AutoCloseable {
    private static final long AT = 0x4000_0000L;
    private static final long BYTES = 0x10000;
    private static final long BUFFERS = AT + 0x4000;
    private static final int ENTRIES = 64;
    private static final int BUFFER_BYTES = 64;

    private final DriverMemory memory = new DriverMemory();
    private final DriverMemory.Region region;
    private final DriverRing ring;
    private final long[][] addresses;
    private final int[][] lengths;
    private int next;

    /** @param commands up to 32, of up to 64 bytes, sent in turn */
    GuestQueue(byte[][] commands) throws LinuxException {
        region = memory.add(AT, BYTES, 0);
        ring = new DriverRing(memory, AT, ENTRIES, true);
        addresses = new long[commands.length][];
        lengths = new int[commands.length][];
        for (int i = 0; i < commands.length; i++) {
            long request = BUFFERS + 2L * BUFFER_BYTES * i;
            memory.write(request, commands[i], commands[i].length);
            addresses[i] = new long[] {request, request + BUFFER_BYTES};
            lengths[i] = new int[] {commands[i].length, BUFFER_BYTES};
        }
    }

    DriverMemory memory() {
        return memory;
    }

    DriverMemory.Region region() {
        return region;
    }

    DriverRing ring() {
        return ring;
    }

    /** Makes so many commands available, and shows them to the device at once. */
    void submit(int count) {
        for (int i = 0; i < count; i++) {
            next = next + 1 < addresses.length ? next + 1 : 0;
            if (ring.add(addresses[next], lengths[next], 1, 2) < 0) {
                throw new IllegalStateException("the ring is full");
            }
        }
        ring.publish();
    }

    /** Takes what the device has returned. */
    int takeReplies() {
        int taken = 0;
        while (ring.takeUsed()) {
            taken++;
        }
        return taken;
    }

    /** Throws unless the reply to the command that was submitted last is a success. */
    void checkLastReply() {
        byte[] reply = new byte[ring.usedLength()];
        memory.read(addresses[next][1], reply, reply.length);
        Commands.checkSucceeded(reply, reply.length);
    }

    @Override
    public void close() {
        memory.close();
    }
}
