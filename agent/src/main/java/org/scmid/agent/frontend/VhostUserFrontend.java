// A vhost-user front end: what a VMM says to a back end.
package org.scmid.agent.frontend;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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
 * A connection to a vhost-user back end, for one thread. Two ways to go about it:
 *
 * <ul>
 *   <li>{@link #begin} and {@link #isCarriedOut} never wait, and so does a {@link VhostUserSetup} that is stepped: for a loop;
 *   <li>all others that expect an answer block until the call is carried out; a back end that has not done so within
 *       {@value #PATIENCE_SECONDS} seconds, or the time that was given, is a {@link LinuxException}.
 * </ul>
 *
 * <p>So is one that closes, and one that answers what it was not asked.
 */
public final class VhostUserFrontend implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 10;
    private static final int REPLY_BYTES = VhostUser.HEADER_BYTES + 8;

    private final UnixSocket socket;
    private final long patienceNanos;
    private final Epoll epoll;
    private final byte[] in = new byte[REPLY_BYTES];
    private int received;
    private boolean replyAck;
    private @Nullable Request underWay;
    private boolean awaitsAck;
    private long answer;

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
     * Sends a request, without waiting: {@link #isCarriedOut} tells when the next may begin.
     *
     * @throws LinuxException also EAGAIN if the back end does not read what was sent before
     */
    public void begin(Request request, byte[] payload, Fd... fds) throws LinuxException {
        if (underWay != null) {
            throw new IllegalStateException(underWay + " is under way");
        }
        boolean answers = request.answers();
        awaitsAck = replyAck && !answers;
        answer = 0;
        send(request.number(), awaitsAck ? VhostUser.FLAG_NEED_REPLY : 0, payload, fds);
        if (answers || awaitsAck) {
            underWay = request;
        }
    }

    /**
     * Whether the request that was begun last is carried out: by its own reply, by a reply-ack if that was negotiated, else
     * when it was sent. Never waits.
     *
     * @throws LinuxException EINVAL if the back end answers that it failed, ECONNRESET if it has closed
     */
    public boolean isCarriedOut() throws LinuxException {
        Request request = underWay;
        if (request == null) {
            return true;
        }
        underWay = null; // also if this fails
        if (!takeReply(request.number())) {
            underWay = request;
            return false;
        }
        if (awaitsAck && answer != 0) {
            throw new LinuxException(request.toString(), Errno.EINVAL, "the back end refused it");
        }
        return true;
    }

    /** The u64 of the last request's reply; 0 where there is none. */
    public long answer() {
        return answer;
    }

    /** From now on requests that have no reply of their own ask for an acknowledgement. */
    void useReplyAck(boolean use) {
        replyAck = use;
    }

    /**
     * Sends a request and waits until it is carried out, see {@link #isCarriedOut}.
     *
     * @return the u64 of the reply; 0 where there is none
     * @throws LinuxException EINVAL if the back end answers that it failed
     */
    public long call(Request request, byte[] payload, Fd... fds) throws LinuxException {
        long deadline = deadline();
        begin(request, payload, fds);
        while (!isCarriedOut()) {
            await(deadline);
        }
        return answer;
    }

    /** Receives one reply, and returns its u64. */
    public long receiveReply(int request) throws LinuxException {
        long deadline = deadline();
        while (!takeReply(request)) {
            await(deadline);
        }
        return answer;
    }

    /**
     * Looks whether the connection is there; for when nothing is under way. Never waits.
     *
     * @throws LinuxException ECONNRESET if it is closed, EPROTO if the back end has sent something
     */
    public void expectSilence() throws LinuxException {
        if (receive(1)) {
            throw new LinuxException("recvmsg", Errno.EPROTO, "the back end sent what it was not asked for");
        }
    }

    /** Takes the answer of a reply if all of it is there. */
    private boolean takeReply(int request) throws LinuxException {
        if (!receive(VhostUser.HEADER_BYTES)) {
            return false;
        }
        if (LittleEndian.getInt(in, 0) != request
                || LittleEndian.getInt(in, 4) != (VhostUser.FLAG_VERSION | VhostUser.FLAG_REPLY)
                || LittleEndian.getInt(in, 8) != REPLY_BYTES - VhostUser.HEADER_BYTES) {
            throw new LinuxException("recvmsg", Errno.EINVAL, "not the reply to request " + request);
        }
        if (!receive(REPLY_BYTES)) {
            return false;
        }
        received = 0;
        answer = LittleEndian.getLong(in, VhostUser.HEADER_BYTES);
        return true;
    }

    /** Whether so many bytes of a reply are there, of those that are available now. */
    private boolean receive(int count) throws LinuxException {
        while (received < count) {
            int more = socket.receive(in, received, count - received, null);
            if (more == UnixSocket.WOULD_BLOCK) {
                return false;
            }
            if (more == UnixSocket.CLOSED) {
                throw new LinuxException("recvmsg", Errno.ECONNRESET, "the back end closed the connection");
            }
            received += more;
        }
        return true;
    }

    /**
     * Waits until the back end has closed the connection.
     *
     * @return true if it has; false if it sent something, or nothing for long
     */
    public boolean awaitClosed() throws LinuxException {
        long deadline = deadline();
        while (true) {
            int count = socket.receive(in, 0, 1, null);
            if (count != UnixSocket.WOULD_BLOCK) {
                return count == UnixSocket.CLOSED;
            }
            await(deadline);
        }
    }

    /** Carries a setup out to its end. */
    public void carryOut(VhostUserSetup setup) throws LinuxException {
        long deadline = deadline();
        while (!setup.step()) {
            await(deadline);
        }
    }

    /**
     * Negotiates as QEMU does, see {@link VhostUserSetup#negotiate}.
     *
     * @return the virtio features negotiated
     */
    public long negotiate(long features, long protocolFeatures) throws LinuxException {
        VhostUserSetup setup = new VhostUserSetup(this).negotiate(features, protocolFeatures);
        carryOut(setup);
        return setup.agreed();
    }

    /** Shares all regions by one SET_MEM_TABLE. */
    public void shareTable(DriverMemory memory) throws LinuxException {
        carryOut(new VhostUserSetup(this).shareTable(memory));
    }

    /** Shares one region by ADD_MEM_REG. */
    public void addRegion(DriverMemory.Region region) throws LinuxException {
        call(Request.ADD_MEM_REG, regionMessage(region), region.fd());
    }

    /** Takes one region back by REM_MEM_REG. */
    public void removeRegion(DriverMemory.Region region) throws LinuxException {
        call(Request.REM_MEM_REG, regionMessage(region));
    }

    /** Sets a ring up and starts it, see {@link VhostUserSetup#startRing}. */
    public void startRing(int index, DriverMemory memory, DriverRing ring, int base, EventFd kick, EventFd called)
            throws LinuxException {
        carryOut(new VhostUserSetup(this).startRing(index, memory, ring, base, kick, called));
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

    /** Writes a region as SET_MEM_TABLE and the others have it. */
    static void putRegion(byte[] payload, int at, DriverMemory.Region region) {
        LittleEndian.putLong(payload, at, region.guest());
        LittleEndian.putLong(payload, at + 8, region.size());
        LittleEndian.putLong(payload, at + 16, region.user());
        LittleEndian.putLong(payload, at + 24, region.fileOffset());
    }

    private long deadline() {
        return System.nanoTime() + patienceNanos;
    }

    private void await(long deadline) throws LinuxException {
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
