// A vhost-user back end's side of the wire and of the command queue, for behaviour that no real one has.
package org.scmid.server.bench;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scmid.linux.Epoll;
import org.scmid.linux.EventFd;
import org.scmid.linux.Fd;
import org.scmid.linux.FdList;
import org.scmid.linux.LinuxException;
import org.scmid.linux.Mapping;
import org.scmid.linux.UnixSocket;
import org.scmid.protocol.Header;
import org.scmid.protocol.Message;
import org.scmid.protocol.MessageType;
import org.scmid.protocol.catalogue.MessageTables;
import org.scmid.transport.vhostuser.VhostUser;
import org.scmid.transport.virtqueue.LittleEndian;

/** Knows what a front end of one region and one ring sends, with reply-acks, without EVENT_IDX. */
public final class ScriptedDevice implements ScriptedBackEnd.Script {
    /** What it does with a request. */
    public interface Behaviour {
        /**
         * Answers, or does something else.
         *
         * @param device whose methods return buffers
         * @param number of the request, from 0: the first ones ask who the back end is
         * @param head its buffer
         * @param header its first word
         * @return false to close the connection
         */
        boolean serve(ScriptedDevice device, int number, int head, int header) throws Exception;
    }

    /** How many requests come before those that are measured: two versions, vendor, sub-vendor, the message once. */
    public static final int BEFORE = 4;

    private static final long FEATURES = VhostUser.F_VERSION_1 | VhostUser.F_PROTOCOL_FEATURES;
    private static final int SOCKET = 0;
    private static final int KICK = 1;

    private final Behaviour behaviour;
    private long features = FEATURES;
    private int refused = -1;
    private final byte[] message = new byte[VhostUser.HEADER_BYTES + VhostUser.MAX_PAYLOAD_BYTES];
    private final List<Fd> kept = new ArrayList<>();
    private @Nullable Mapping memory;
    private long guestBase;
    private long userBase;
    private int entries;
    private long descriptors;
    private long used;
    private long available;
    private @Nullable EventFd call;
    private boolean enabled;
    private int takenIdx;
    private int usedIdx;
    private int number;

    /** A device that is set up as it should be, and then behaves like this. */
    public ScriptedDevice(Behaviour behaviour) {
        this.behaviour = behaviour;
    }

    /** Offers these virtio features instead. */
    public ScriptedDevice offering(long offered) {
        features = offered;
        return this;
    }

    /** Refuses a vhost-user request. */
    public ScriptedDevice refusing(int request) {
        refused = request;
        return this;
    }

    @Override
    public void play(UnixSocket socket) throws Exception {
        try (Epoll epoll = Epoll.create(2)) {
            epoll.add(socket.fd(), Epoll.IN, SOCKET);
            while (true) {
                int count = epoll.await(30_000);
                for (int i = 0; i < count; i++) {
                    if (epoll.token(i) == SOCKET && !serveSocket(socket, epoll)) {
                        return;
                    }
                }
                if (count == 0 || !serveRing()) {
                    return;
                }
            }
        } finally {
            if (memory != null) {
                memory.close();
            }
            kept.forEach(Fd::close);
        }
    }

    // ---- the ring ----

    private boolean serveRing() throws Exception {
        Mapping mapping = memory;
        if (mapping == null || !enabled) {
            return true;
        }
        while (mapping.getU16Acquire(available + 2) != takenIdx) {
            int head = mapping.getU16(available + 4 + 2L * (takenIdx & (entries - 1)));
            takenIdx = (takenIdx + 1) & 0xffff;
            int header = mapping.getInt(mapping.getLong(descriptors + 16L * head) - guestBase);
            if (!behaviour.serve(this, number, head, header)) {
                return false;
            }
            number++;
        }
        return true;
    }

    /** Answers as a platform would that says 2.0 and zeros to everything. */
    public boolean succeed(int head, int header) throws LinuxException {
        return succeed(head, header, new byte[] {0, 0, 2, 0});
    }

    /** Answers with a success that has such a payload, and zeros up to its length. */
    public boolean succeed(int head, int header, byte[] payload) throws LinuxException {
        Message asked = MessageTables.of(MessageType.COMMAND, Header.protocolId(header), Header.messageId(header));
        if (asked == null) {
            throw new IllegalStateException("a request with header 0x" + Integer.toHexString(header));
        }
        int length = asked.description().fromPlatform().length(asked.protocol().newestVersion());
        mapping().write(replyAt(head) + Header.RESPONSE_PAYLOAD, payload, 0, payload.length);
        return reply(head, header, 0, Header.RESPONSE_PAYLOAD + length);
    }

    /** Answers with any header and status. */
    public boolean reply(int head, int header, int status, int length) throws LinuxException {
        mapping().putInt(replyAt(head), header);
        mapping().putInt(replyAt(head) + 4, status);
        return giveBack(head, length);
    }

    private long replyAt(int head) {
        return mapping().getLong(descriptors + 16L * (head + 1)) - guestBase;
    }

    /** Returns any buffer as used, with any length. */
    public boolean giveBack(int head, int length) throws LinuxException {
        putUsed(usedIdx, head, length);
        return showUsed(usedIdx + 1);
    }

    /** Returns a buffer twice at once. */
    public boolean giveBackTwice(int head, int length) throws LinuxException {
        putUsed(usedIdx, head, length);
        putUsed(usedIdx + 1, head, length);
        return showUsed(usedIdx + 2);
    }

    private void putUsed(int idx, int head, int length) {
        long at = used + 4 + 8L * (idx & (entries - 1));
        mapping().putInt(at, head);
        mapping().putInt(at + 4, length);
    }

    /** Shows any used index. */
    public boolean showUsed(int idx) throws LinuxException {
        usedIdx = idx & 0xffff;
        mapping().putU16Release(used + 2, usedIdx);
        EventFd bell = call;
        if (bell != null) {
            bell.signal();
        }
        return true;
    }

    /** The file of the shared memory. */
    public Fd memoryFile() {
        return kept.getFirst();
    }

    private Mapping mapping() {
        Mapping mapping = memory;
        if (mapping == null) {
            throw new IllegalStateException("no memory");
        }
        return mapping;
    }

    // ---- the socket ----

    private boolean serveSocket(UnixSocket socket, Epoll epoll) throws Exception {
        FdList fds = new FdList();
        if (!receive(socket, 0, VhostUser.HEADER_BYTES, fds)) {
            return false;
        }
        int request = LittleEndian.getInt(message, 0);
        int size = LittleEndian.getInt(message, 8);
        if (size > 0 && !receive(socket, VhostUser.HEADER_BYTES, size, fds)) {
            return false;
        }
        boolean ack = (LittleEndian.getInt(message, 4) & VhostUser.FLAG_NEED_REPLY) != 0;
        switch (request) {
            case 1 -> answer(socket, request, features);
            case 15 -> answer(socket, request, VhostUser.PROTOCOL_REPLY_ACK);
            case 5 -> share(fds.take(0));
            case 8 -> entries = payloadInt(4);
            case 9 -> {
                descriptors = payloadLong(8) - userBase;
                used = payloadLong(16) - userBase;
                available = payloadLong(24) - userBase;
            }
            case 12 -> epoll.add(keep(fds.take(0)), Epoll.IN | Epoll.EDGE, KICK);
            case 13 -> call = EventFd.adopt(fds.take(0));
            case 18 -> enabled = true;
            default -> {}
        }
        if (ack) {
            answer(socket, request, request == refused ? 1 : 0);
        }
        return true;
    }

    private Fd keep(Fd fd) {
        kept.add(fd);
        return fd;
    }

    private void share(Fd fd) throws LinuxException {
        guestBase = payloadLong(8);
        long size = payloadLong(16);
        userBase = payloadLong(24);
        memory = Mapping.map(keep(fd), 0, size, true);
    }

    private int payloadInt(int at) {
        return LittleEndian.getInt(message, VhostUser.HEADER_BYTES + at);
    }

    private long payloadLong(int at) {
        return LittleEndian.getLong(message, VhostUser.HEADER_BYTES + at);
    }

    private boolean receive(UnixSocket socket, int at, int length, FdList fds) throws LinuxException {
        int done = 0;
        while (done < length) {
            socket.awaitInput(30_000);
            int count = socket.receive(message, at + done, length - done, fds);
            if (count == UnixSocket.CLOSED) {
                return false;
            }
            done += Math.max(count, 0);
        }
        return true;
    }

    private static void answer(UnixSocket socket, int request, long value) throws LinuxException {
        byte[] out = new byte[VhostUser.HEADER_BYTES + 8];
        LittleEndian.putInt(out, 0, request);
        LittleEndian.putInt(out, 4, VhostUser.FLAG_VERSION | VhostUser.FLAG_REPLY);
        LittleEndian.putInt(out, 8, 8);
        LittleEndian.putLong(out, VhostUser.HEADER_BYTES, value);
        socket.send(out, 0, out.length);
    }
}
