// A vhost-user back end that a test plays, right or wrong.
package org.scmid.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.jspecify.annotations.Nullable;
import org.scmid.agent.frontend.VhostUserDriver;
import org.scmid.linux.EventFd;
import org.scmid.linux.Fd;
import org.scmid.linux.FdList;
import org.scmid.linux.LinuxException;
import org.scmid.linux.Mapping;
import org.scmid.linux.UnixSocket;
import org.scmid.transport.vhostuser.Request;
import org.scmid.transport.vhostuser.VhostUser;
import org.scmid.transport.virtqueue.LittleEndian;

/** Takes one request after the other, and writes used rings as it likes. One region of memory; for one thread. */
final class BackEndByHand implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;

    private final UnixSocket socket;
    private final byte[] in = new byte[VhostUser.HEADER_BYTES + VhostUser.MAX_PAYLOAD_BYTES];
    private final FdList fds = new FdList();
    private final long[] usedAt = new long[2];
    private final @Nullable EventFd[] calls = new EventFd[2];
    private @Nullable Mapping memory;
    private long user;

    BackEndByHand(UnixSocket socket) {
        this.socket = socket;
    }

    /** Takes the next request; its number. */
    int take() throws LinuxException {
        fds.clear();
        receive(0, VhostUser.HEADER_BYTES);
        receive(VhostUser.HEADER_BYTES, LittleEndian.getInt(in, 8));
        return LittleEndian.getInt(in, 0);
    }

    private void receive(int at, int count) throws LinuxException {
        int done = 0;
        while (done < count) {
            assertTrue(socket.awaitInput(PATIENCE_MILLIS), "the front end says nothing");
            int more = socket.receive(in, at + done, count - done, fds);
            assertTrue(more > 0, "the front end has closed");
            done += more;
        }
    }

    /** A u64 of the payload. */
    long payload(int at) {
        return LittleEndian.getLong(in, VhostUser.HEADER_BYTES + at);
    }

    /** Whether the request that was taken last asks for an acknowledgement. */
    boolean wantsAck() {
        return (LittleEndian.getInt(in, 4) & VhostUser.FLAG_NEED_REPLY) != 0;
    }

    /** Answers a request. */
    void reply(int request, long value) throws LinuxException {
        byte[] out = new byte[VhostUser.HEADER_BYTES + 8];
        LittleEndian.putInt(out, 0, request);
        LittleEndian.putInt(out, 4, VhostUser.FLAG_VERSION | VhostUser.FLAG_REPLY);
        LittleEndian.putInt(out, 8, 8);
        LittleEndian.putLong(out, VhostUser.HEADER_BYTES, value);
        send(out);
    }

    void send(byte... bytes) throws LinuxException {
        assertEquals(bytes.length, socket.send(bytes, 0, bytes.length));
    }

    /**
     * Serves the setting up until the queues are enabled, but refuses one request.
     *
     * @param features offered
     * @param refused answered by 1; null: none
     */
    void setUp(long features, long protocolFeatures, @Nullable Request refused) throws LinuxException {
        int last = (features & VhostUser.F_P2A_CHANNELS) != 0 ? 1 : 0;
        boolean done = false;
        while (!done) {
            int request = take();
            if (request == Request.GET_FEATURES.number()) {
                reply(request, features);
            } else if (request == Request.GET_PROTOCOL_FEATURES.number()) {
                reply(request, protocolFeatures);
            } else {
                keep(request);
                done = refused != null && request == refused.number();
                if (wantsAck()) {
                    reply(request, done ? 1 : 0);
                }
                done |= request == Request.SET_VRING_ENABLE.number() && (int) payload(0) == last;
            }
        }
    }

    private void keep(int request) throws LinuxException {
        if (request == Request.SET_MEM_TABLE.number()) {
            try (Fd file = fds.take(0)) {
                memory = Mapping.map(file, 0, payload(16), true);
            }
            user = payload(24);
        } else if (request == Request.SET_VRING_ADDR.number()) {
            usedAt[(int) payload(0)] = payload(16) - user;
        } else if (request == Request.SET_VRING_CALL.number()) {
            calls[(int) payload(0)] = EventFd.adopt(fds.take(0));
        }
    }

    /** Writes the first element of a used ring and its index, and calls. */
    void returnBuffer(int queue, int id, int length, int index) throws LinuxException {
        Mapping mapping = memory;
        EventFd call = calls[queue];
        assertNotNull(mapping);
        assertNotNull(call);
        mapping.putInt(usedAt[queue] + 4, id);
        mapping.putInt(usedAt[queue] + 8, length);
        mapping.putU16Release(usedAt[queue] + 2, index);
        call.signal();
    }

    /** Returns the command with this descriptor as the next, without a call; {@code index} of them came before. */
    void use(int index, int id, int length) {
        Mapping mapping = memory();
        long at = usedAt[0] + 4 + 8L * (index % VhostUserDriver.ENTRIES);
        mapping.putInt(at, id);
        mapping.putInt(at + 4, length);
        mapping.putU16Release(usedAt[0] + 2, (index + 1) & 0xffff);
    }

    /** Rings without a reason, or with one that only memory tells. */
    void call(int queue) throws LinuxException {
        EventFd call = calls[queue];
        assertNotNull(call);
        call.signal();
    }

    /** The memory that it was given. */
    Mapping memory() {
        Mapping mapping = memory;
        assertNotNull(mapping);
        return mapping;
    }

    /** Offset in the memory of a used ring. */
    long used(int queue) {
        return usedAt[queue];
    }

    @Override
    public void close() {
        socket.close();
        for (EventFd call : calls) {
            if (call != null) {
                call.close();
            }
        }
        Mapping mapping = memory;
        if (mapping != null) {
            mapping.close();
        }
    }
}
