// A vhost-user front end: what a VMM says to a back end.
package org.scmid.agent.frontend;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.scmid.linux.Epoll;
import org.scmid.linux.Errno;
import org.scmid.linux.EventFd;
import org.scmid.linux.Fd;
import org.scmid.linux.LinuxException;
import org.scmid.linux.UnixSocket;
import org.scmid.transport.vhostuser.Request;
import org.scmid.transport.vhostuser.VhostUser;
import org.scmid.transport.virtqueue.LittleEndian;

/**
 * A connection to a vhost-user back end, for one thread. Calls block until the back end has answered; one that has not
 * answered in full within {@value #PATIENCE_SECONDS} seconds, or the time that was given, or closes, is a {@link
 * LinuxException}.
 */
public final class VhostUserFrontend implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 10;

    private final UnixSocket socket;
    private final long patienceNanos;
    private final Epoll epoll;
    private final byte[] in = new byte[VhostUser.HEADER_BYTES + VhostUser.MAX_PAYLOAD_BYTES];
    private boolean replyAck;

    /**
     * A front end on a connected socket.
     *
     * @param socket owned by the front end from now on
     */
    public VhostUserFrontend(UnixSocket socket) throws LinuxException {
        this(socket, TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS));
    }

    /**
     * A front end on a connected socket that waits so long for each answer.
     *
     * @param socket owned by the front end from now on
     * @param patienceNanos how long, in nanoseconds
     */
    public VhostUserFrontend(UnixSocket socket, long patienceNanos) throws LinuxException {
        this.socket = socket;
        this.patienceNanos = patienceNanos;
        epoll = Epoll.create(1);
        epoll.add(socket.fd(), Epoll.IN, 0);
    }

    /** Connects to a back end that listens. */
    public static VhostUserFrontend connect(Path path) throws LinuxException {
        return new VhostUserFrontend(UnixSocket.connect(path));
    }

    /** The socket's descriptor, to be waited for; still owned by this object. */
    public Fd fd() {
        return socket.fd();
    }

    /**
     * Sends a request without waiting for anything.
     *
     * @param request its number
     * @param flags without the version
     * @param payload up to {@link VhostUser#MAX_PAYLOAD_BYTES}
     * @param fds to go along
     */
    public void send(int request, int flags, byte[] payload, Fd... fds) throws LinuxException {
        byte[] out = new byte[VhostUser.HEADER_BYTES + payload.length];
        LittleEndian.putInt(out, 0, request);
        LittleEndian.putInt(out, 4, flags | VhostUser.FLAG_VERSION);
        LittleEndian.putInt(out, 8, payload.length);
        System.arraycopy(payload, 0, out, VhostUser.HEADER_BYTES, payload.length);
        sendRaw(out, fds);
    }

    /** Sends any bytes. */
    public void sendRaw(byte[] out, Fd... fds) throws LinuxException {
        int sent = fds.length == 0 ? socket.send(out, 0, out.length) : socket.sendWithFds(out, 0, out.length, fds);
        if (sent != out.length) {
            throw new LinuxException("sendmsg", Errno.EAGAIN, "the back end does not read");
        }
    }

    /**
     * Sends a request and waits until it is carried out: by its own reply, or a reply-ack if that was negotiated.
     *
     * @return the u64 of the reply; 0 where there is none
     * @throws LinuxException EINVAL if the back end answers that it failed
     */
    public long call(Request request, byte[] payload, Fd... fds) throws LinuxException {
        boolean answers = request.answers();
        boolean wantAck = replyAck && !answers;
        send(request.number(), wantAck ? VhostUser.FLAG_NEED_REPLY : 0, payload, fds);
        if (!answers && !wantAck) {
            return 0;
        }
        long value = receiveReply(request.number());
        if (wantAck && value != 0) {
            throw new LinuxException(request.toString(), Errno.EINVAL, "the back end refused it");
        }
        return value;
    }

    /** Receives one reply, and returns its u64. */
    public long receiveReply(int request) throws LinuxException {
        long deadline = deadline();
        receiveExactly(0, VhostUser.HEADER_BYTES, deadline);
        int size = LittleEndian.getInt(in, 8);
        if (LittleEndian.getInt(in, 0) != request
                || LittleEndian.getInt(in, 4) != (VhostUser.FLAG_VERSION | VhostUser.FLAG_REPLY)
                || size != 8) {
            throw new LinuxException("recvmsg", Errno.EINVAL, "not the reply to request " + request);
        }
        receiveExactly(VhostUser.HEADER_BYTES, size, deadline);
        return LittleEndian.getLong(in, VhostUser.HEADER_BYTES);
    }

    /**
     * Waits until the back end has closed the connection.
     *
     * @return true if it has; false if it sent something, or nothing for long
     */
    public boolean awaitClosed() throws LinuxException {
        return receive(0, 1, deadline()) == UnixSocket.CLOSED;
    }

    /**
     * Negotiates as QEMU does: features, protocol features, ownership.
     *
     * @param features the virtio features wanted, of those offered
     * @param protocolFeatures those wanted, of those offered
     * @return the virtio features negotiated
     */
    public long negotiate(long features, long protocolFeatures) throws LinuxException {
        long offered = call(Request.GET_FEATURES, u64());
        long agreed = offered & (features | VhostUser.F_PROTOCOL_FEATURES | VhostUser.F_VERSION_1);
        if ((offered & VhostUser.F_PROTOCOL_FEATURES) != 0) {
            long protocol = call(Request.GET_PROTOCOL_FEATURES, u64()) & protocolFeatures;
            call(Request.SET_PROTOCOL_FEATURES, u64(protocol));
            replyAck = (protocol & VhostUser.PROTOCOL_REPLY_ACK) != 0;
        }
        call(Request.SET_OWNER, u64());
        call(Request.SET_FEATURES, u64(agreed));
        return agreed;
    }

    /** Shares all regions by one SET_MEM_TABLE. */
    public void shareTable(DriverMemory memory) throws LinuxException {
        var regions = memory.regions();
        byte[] payload = new byte[8 + VhostUser.REGION_BYTES * regions.size()];
        LittleEndian.putInt(payload, 0, regions.size());
        Fd[] fds = new Fd[regions.size()];
        for (int i = 0; i < fds.length; i++) {
            putRegion(payload, 8 + VhostUser.REGION_BYTES * i, regions.get(i));
            fds[i] = regions.get(i).fd();
        }
        call(Request.SET_MEM_TABLE, payload, fds);
    }

    /** Shares one region by ADD_MEM_REG. */
    public void addRegion(DriverMemory.Region region) throws LinuxException {
        call(Request.ADD_MEM_REG, regionMessage(region), region.fd());
    }

    /** Takes one region back by REM_MEM_REG. */
    public void removeRegion(DriverMemory.Region region) throws LinuxException {
        call(Request.REM_MEM_REG, regionMessage(region));
    }

    /**
     * Sets a ring up and starts it; it still has to be enabled if PROTOCOL_FEATURES was negotiated.
     *
     * @param index 0 commands, 1 events
     * @param base the available position to begin with
     * @param kick signalled by the driver
     * @param called signalled by the back end
     */
    public void startRing(int index, DriverMemory memory, DriverRing ring, int base, EventFd kick, EventFd called)
            throws LinuxException {
        call(Request.SET_VRING_NUM, u32(index, ring.size()));
        call(Request.SET_VRING_BASE, u32(index, base));
        call(Request.SET_VRING_ADDR, address(index, memory, ring));
        call(Request.SET_VRING_CALL, u64(index), called.fd());
        call(Request.SET_VRING_KICK, u64(index), kick.fd());
    }

    /** The payload of SET_VRING_ADDR for a ring. */
    public static byte[] address(int index, DriverMemory memory, DriverRing ring) {
        byte[] payload = new byte[40];
        LittleEndian.putInt(payload, 0, index);
        LittleEndian.putLong(payload, 8, memory.user(ring.descriptorsAt()));
        LittleEndian.putLong(payload, 16, memory.user(ring.usedAt()));
        LittleEndian.putLong(payload, 24, memory.user(ring.availableAt()));
        return payload;
    }

    /** Enables a ring, or disables it. */
    public void enableRing(int index, boolean on) throws LinuxException {
        call(Request.SET_VRING_ENABLE, u32(index, on ? 1 : 0));
    }

    /** Stops a ring; returns the available position that comes next. */
    public int stopRing(int index) throws LinuxException {
        return (int) (call(Request.GET_VRING_BASE, u32(index, 0)) >>> 32);
    }

    /** The payload of ADD_MEM_REG and REM_MEM_REG. */
    public static byte[] regionMessage(DriverMemory.Region region) {
        byte[] payload = new byte[8 + VhostUser.REGION_BYTES];
        putRegion(payload, 8, region);
        return payload;
    }

    /** A payload of u64 numbers. */
    public static byte[] u64(long... values) {
        byte[] payload = new byte[8 * values.length];
        for (int i = 0; i < values.length; i++) {
            LittleEndian.putLong(payload, 8 * i, values[i]);
        }
        return payload;
    }

    /** A payload of u32 numbers. */
    public static byte[] u32(int... values) {
        byte[] payload = new byte[4 * values.length];
        for (int i = 0; i < values.length; i++) {
            LittleEndian.putInt(payload, 4 * i, values[i]);
        }
        return payload;
    }

    /** Closes the connection, as a VMM that ends. */
    @Override
    public void close() {
        epoll.close();
        socket.close();
    }

    private static void putRegion(byte[] payload, int at, DriverMemory.Region region) {
        LittleEndian.putLong(payload, at, region.guest());
        LittleEndian.putLong(payload, at + 8, region.size());
        LittleEndian.putLong(payload, at + 16, region.user());
        LittleEndian.putLong(payload, at + 24, region.fileOffset());
    }

    private long deadline() {
        return System.nanoTime() + patienceNanos;
    }

    private void receiveExactly(int at, int length, long deadline) throws LinuxException {
        int done = 0;
        while (done < length) {
            int count = receive(at + done, length - done, deadline);
            if (count == UnixSocket.CLOSED) {
                throw new LinuxException("recvmsg", Errno.ECONNRESET, "the back end closed the connection");
            }
            done += count;
        }
    }

    private int receive(int at, int length, long deadline) throws LinuxException {
        while (true) {
            int count = socket.receive(in, at, length, null);
            if (count != UnixSocket.WOULD_BLOCK) {
                return count;
            }
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                throw new LinuxException(
                        "recvmsg",
                        Errno.ETIMEDOUT,
                        "the back end did not answer in " + TimeUnit.NANOSECONDS.toMillis(patienceNanos) + " ms");
            }
            epoll.await((int) Math.min(TimeUnit.NANOSECONDS.toMillis(left) + 1, Integer.MAX_VALUE));
        }
    }
}
