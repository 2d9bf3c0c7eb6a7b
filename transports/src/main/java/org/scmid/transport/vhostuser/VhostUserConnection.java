// One front end (a VMM) from its connection to its end: its messages, its memory, its two rings.
package org.scmid.transport.vhostuser;

import static org.scmid.transport.vhostuser.VhostUser.FLAG_NEED_REPLY;
import static org.scmid.transport.vhostuser.VhostUser.FLAG_REPLY;
import static org.scmid.transport.vhostuser.VhostUser.FLAG_VERSION;
import static org.scmid.transport.vhostuser.VhostUser.FLAG_VERSION_MASK;
import static org.scmid.transport.vhostuser.VhostUser.HEADER_BYTES;
import static org.scmid.transport.vhostuser.VhostUser.MAX_PAYLOAD_BYTES;
import static org.scmid.transport.vhostuser.VhostUser.MAX_TABLE_REGIONS;
import static org.scmid.transport.vhostuser.VhostUser.REGION_BYTES;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scmid.linux.Epoll;
import org.scmid.linux.EventFd;
import org.scmid.linux.Fd;
import org.scmid.linux.FdList;
import org.scmid.linux.LinuxException;
import org.scmid.linux.Mapping;
import org.scmid.linux.UnixSocket;
import org.scmid.loop.EventLoop;
import org.scmid.loop.Scheduler;
import org.scmid.transport.AgentLog;
import org.scmid.transport.AgentPort;
import org.scmid.transport.MalformedInput;
import org.scmid.transport.SharedRegion;
import org.scmid.transport.virtqueue.CommandQueue;
import org.scmid.transport.virtqueue.EventQueue;
import org.scmid.transport.virtqueue.LinkedChains;
import org.scmid.transport.virtqueue.LittleEndian;
import org.scmid.transport.virtqueue.SplitQueue;

/**
 * Serves one front end. Whatever goes wrong with it ends at {@link Owner#ended}, after which nothing of the front end is
 * left open or mapped.
 */
final class VhostUserConnection implements EventLoop.Poller, AutoCloseable {
    /** Who is told of the end. */
    interface Owner {
        /** The connection is closed, for this reason. */
        void ended(String reason);
    }

    /**
     * What is offered of virtio. Not NOTIFY_ON_EMPTY, which virtio 1 does not have; not RING_RESET, because QEMU keeps
     * the reset of one ring to itself for this device; not ACCESS_PLATFORM, which is the VMM's affair.
     */
    static final long FEATURES = VhostUser.F_P2A_CHANNELS
            | VhostUser.F_INDIRECT_DESC
            | VhostUser.F_EVENT_IDX
            | VhostUser.F_PROTOCOL_FEATURES
            | VhostUser.F_VERSION_1;

    /**
     * The protocol features that are offered to a VMM that may have known a predecessor of this process (connect mode).
     * QEMU 10 negotiates once: to a back end that came back it sends no SET_PROTOCOL_FEATURES, and with
     * CONFIGURE_MEM_SLOTS not the memory either, since it only sends what changed. So that one is not among them; then it
     * sends the whole table again.
     */
    static final long RESUMABLE_PROTOCOL_FEATURES = VhostUser.PROTOCOL_MQ
            | VhostUser.PROTOCOL_REPLY_ACK
            | VhostUser.PROTOCOL_BACKEND_REQ
            | VhostUser.PROTOCOL_RESET_DEVICE
            | VhostUser.PROTOCOL_STATUS;

    /** Those that are offered to a VMM that begins anew with every connection (listen mode). */
    static final long PROTOCOL_FEATURES = RESUMABLE_PROTOCOL_FEATURES | VhostUser.PROTOCOL_CONFIGURE_MEM_SLOTS;

    private static final int RINGS = 2;
    private static final int MESSAGES_PER_TURN = 16;
    private static final long POLL_NANOS = 1_000_000;

    private final EventLoop loop;
    private final AgentPort port;
    private final AgentLog log;
    private final UnixSocket socket;
    private final Owner owner;

    private final GuestMemory memory;
    private final VhostRing commandRing;
    private final VhostRing eventRing;
    private final CommandQueue commands;
    private final EventQueue events;
    private final EventLoop.Registration socketWatch;
    private final EventLoop.Polling polling;
    private final Scheduler.Timer pollTimer;
    private final EventLoop.Task endLater;

    private final byte[] message = new byte[HEADER_BYTES + MAX_PAYLOAD_BYTES];
    private final FdList fds = new FdList();
    private final byte[] answer = new byte[HEADER_BYTES + 8];
    private int received;

    private final long offeredProtocolFeatures;
    private long features;
    private long protocolFeatures;
    private long status;
    private @Nullable Fd backendRequests;
    private boolean attached;
    private boolean memoryLost;
    private List<SharedRegion> reported = List.of();
    private boolean understood;
    private boolean closed;

    /**
     * Begins to serve; the port was told of the peer.
     *
     * @param socket owned by the connection from now on, also if this throws
     * @param limit how much of the guest's memory it may share
     * @param mayResume whether the VMM may go on where a predecessor of this process was killed, without negotiating
     */
    VhostUserConnection(
            EventLoop loop,
            AgentPort port,
            AgentLog log,
            UnixSocket socket,
            MemoryLimit limit,
            boolean mayResume,
            Owner owner)
            throws LinuxException {
        this.loop = loop;
        this.port = port;
        this.log = log;
        this.socket = socket;
        this.owner = owner;
        memory = new GuestMemory(limit);
        offeredProtocolFeatures = mayResume ? RESUMABLE_PROTOCOL_FEATURES : PROTOCOL_FEATURES;
        protocolFeatures = mayResume ? RESUMABLE_PROTOCOL_FEATURES : 0;
        commandRing = new VhostRing(0, loop, memory, this::kicked);
        eventRing = new VhostRing(1, loop, memory, this::kicked);
        endLater = new EventLoop.Task(this::endIfMemoryLost);
        commands = new CommandQueue(
                port,
                log,
                SplitQueue.forgiving(new LinkedChains(memory)),
                commandRing,
                this::workAppeared,
                loop::hadTime);
        events = new EventQueue(
                port,
                log,
                SplitQueue.forgiving(new LinkedChains(memory)),
                eventRing,
                this::noteMemoryLost,
                this::workAppeared);
        commandRing.serveBy(commands.ring());
        eventRing.serveBy(events.ring());
        pollTimer = loop.timer(this::workAppeared);
        try {
            socketWatch = loop.watch(socket.fd(), Epoll.IN | Epoll.RDHUP, this::socketReady);
        } catch (LinuxException e) {
            socket.close();
            throw e;
        }
        polling = loop.poll(this);
    }

    /** Whether the front end has sent at least one message that made sense. */
    boolean understood() {
        return understood;
    }

    /** What the front end shares at present. */
    List<SharedRegion> sharedMemory() {
        return memory.shared();
    }

    /** Looks at the socket now: whether the peer is gone shows at the latest here. */
    void checkPeer() {
        receiveMessages(MESSAGES_PER_TURN);
    }

    // ---- rings ----

    @Override
    public boolean poll() {
        if (closed) {
            return false;
        }
        try {
            boolean worked = false;
            if (commandRing.running()) {
                worked = commands.serve();
            }
            if (attached && eventRing.running() && events.buffersAppeared()) {
                port.flushEvents();
                worked = true;
            }
            noticeBroken();
            Mapping.raiseFault();
            return worked;
        } catch (InternalError e) {
            endForLostMemory();
            return true;
        }
    }

    @Override
    public boolean prepareToWait() {
        if (closed) {
            return false;
        }
        try {
            boolean work = commandRing.running() && commands.prepareToWait();
            work |= eventRing.running() && events.prepareToWait();
            Mapping.raiseFault();
            if (commandRing.needsPolling() || eventRing.needsPolling()) {
                pollTimer.arm(POLL_NANOS);
            }
            return work;
        } catch (InternalError e) {
            endForLostMemory();
            return true;
        }
    }

    private void kicked(int epollEvents) {
        polling.ready();
    }

    /** A reply that was put off is there, an event wants for a buffer, or a ring that nobody kicks is due for a look. */
    private void workAppeared() {
        polling.ready();
    }

    private void noticeBroken() {
        noticeBroken(commandRing, "command");
        noticeBroken(eventRing, "event");
    }

    private void noticeBroken(VhostRing ring, String name) {
        if (ring.foundBroken()) {
            ring.breakDown();
            port.malformed(MalformedInput.RING_BROKEN);
            if (log.mayReport()) {
                log.warning("the guest's " + name + " ring is inconsistent and not served until it is set up again");
            }
            updateService();
        }
    }

    private void noteMemoryLost() {
        memoryLost = true;
        loop.runSoon(endLater);
    }

    private void endIfMemoryLost() {
        if (memoryLost) {
            endForLostMemory();
        }
    }

    private void endForLostMemory() {
        if (!closed) {
            port.malformed(MalformedInput.BAD_MEMORY);
            end("its memory file was made shorter under way");
        }
    }

    /** Starts what can run, and tells the port whether messages flow. */
    private void startRings() throws RefusedException {
        try {
            startIfReady(commandRing);
            startIfReady(eventRing);
        } finally {
            updateService();
        }
    }

    private void startIfReady(VhostRing ring) throws RefusedException {
        if (ring.mayStart()) {
            reportMemory(); // before the ring: where it does not lie in this memory, both lines are needed
            ring.start(has(VhostUser.F_EVENT_IDX), has(VhostUser.F_INDIRECT_DESC));
        }
    }

    /** Says what is shared if that was not said yet. A table comes in pieces: it is complete when a ring starts. */
    private void reportMemory() {
        List<SharedRegion> now = memory.shared();
        if (!now.equals(reported) && log.mayReport()) {
            reported = now;
            log.info("its VMM shares " + SharedRegion.shown(now));
        }
    }

    private void updateService() {
        boolean serving = commandRing.running();
        if (serving && !attached) {
            if (guestBeganAnew()) {
                port.guestReset();
            }
            attached = true;
            port.attached(has(VhostUser.F_P2A_CHANNELS) ? events : null, commands.newReplies());
        } else if (!serving && attached) {
            attached = false;
            port.detached();
        }
    }

    /**
     * Whether both rings begin as those of a guest that has just started. An event ring that this guest does not use, or
     * that its VMM has yet to set up again, is no sign of the contrary: it still is as the guest before left it.
     */
    private boolean guestBeganAnew() {
        return commandRing.fresh()
                && (!has(VhostUser.F_P2A_CHANNELS) || eventRing.awaitsPosition() || eventRing.fresh());
    }

    private void memoryChanged() throws RefusedException {
        boolean eventIdx = has(VhostUser.F_EVENT_IDX);
        boolean indirect = has(VhostUser.F_INDIRECT_DESC);
        try {
            commandRing.relocate(eventIdx, indirect);
        } finally {
            try {
                eventRing.relocate(eventIdx, indirect); // also if the other cannot go on: it must let the old memory go
            } finally {
                startRings();
            }
        }
        if (attached) {
            reportMemory();
        }
    }

    private boolean has(long feature) {
        return (features & feature) != 0;
    }

    // ---- the end ----

    private void end(String reason) {
        if (!closed) {
            close();
            owner.ended(reason);
        }
    }

    /** Gives back everything; the owner is not told. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        forgetFault();
        socketWatch.cancel();
        polling.cancel();
        pollTimer.disarm();
        commandRing.close();
        eventRing.close();
        if (attached) {
            attached = false;
            port.detached();
        }
        memory.close();
        fds.clear();
        if (backendRequests != null) {
            backendRequests.close();
        }
        socket.close();
        port.peerGone();
    }

    /** A fault that is still to be thrown must not end {@link #close} half-way, nor come up in another agent's work. */
    private static void forgetFault() {
        try {
            Mapping.raiseFault();
        } catch (InternalError e) {
            // It was this peer's memory, which is let go now.
        }
    }

    // ---- messages ----

    private void socketReady(int epollEvents) {
        receiveMessages(1);
    }

    /** Takes so many messages whatever they cost, and more as far as there is time; the socket stays ready for the rest. */
    private void receiveMessages(int least) {
        try {
            for (int i = 0; i < MESSAGES_PER_TURN && (i < least || loop.hasTime()) && !closed; i++) {
                if (!receiveMessage()) {
                    break;
                }
                handleMessage();
            }
            polling.ready(); // whatever was set up or changed
            Mapping.raiseFault();
        } catch (RefusedException e) {
            port.malformed(e.reason());
            end(String.valueOf(e.getMessage()));
        } catch (LinuxException e) {
            end(String.valueOf(e.getMessage()));
        } catch (InternalError e) {
            endForLostMemory();
        }
    }

    /** Goes on with the current message; true once it is complete. */
    private boolean receiveMessage() throws LinuxException, RefusedException {
        while (!closed) {
            int wanted = HEADER_BYTES;
            if (received >= HEADER_BYTES) {
                wanted += payloadBytes();
                if (received == wanted) {
                    received = 0;
                    return true;
                }
            }
            int count = socket.receive(message, received, wanted - received, fds);
            if (count == UnixSocket.WOULD_BLOCK) {
                return false;
            }
            if (count == UnixSocket.CLOSED) {
                end(received == 0 ? "it closed the connection" : "it closed the connection amid a message");
                return false;
            }
            received += count;
        }
        return false;
    }

    private int payloadBytes() throws RefusedException {
        int flags = LittleEndian.getInt(message, 4);
        if ((flags & FLAG_VERSION_MASK) != FLAG_VERSION || (flags & FLAG_REPLY) != 0) {
            throw RefusedException.fatal(
                    "a message with flags 0x" + Integer.toHexString(flags) + " is not vhost-user version 1");
        }
        int size = LittleEndian.getInt(message, 8);
        if (size < 0 || size > MAX_PAYLOAD_BYTES) {
            throw RefusedException.fatal("a message of " + Integer.toUnsignedString(size) + " bytes, at most "
                    + MAX_PAYLOAD_BYTES + " are read");
        }
        return size;
    }

    /** Carries the complete message out, and answers it if it asks for that. */
    private void handleMessage() throws LinuxException, RefusedException {
        int number = LittleEndian.getInt(message, 0);
        int size = LittleEndian.getInt(message, 8);
        Request request = Request.of(number);
        boolean wantsAck = (LittleEndian.getInt(message, 4) & FLAG_NEED_REPLY) != 0
                && (protocolFeatures & VhostUser.PROTOCOL_REPLY_ACK) != 0
                && (request == null || !request.answers());
        try {
            if (request == null) {
                throw RefusedException.fatal("request " + Integer.toUnsignedString(number) + " is not known");
            }
            if (!request.sizeFits(size)) {
                throw RefusedException.fatal(request + " with " + size + " bytes");
            }
            if (fds.count() > request.maxFds()) {
                throw RefusedException.fatal(request + " with " + fds.count() + " descriptors");
            }
            perform(request, size);
            understood = true;
            if (wantsAck) {
                reply(number, 0);
            }
        } catch (RefusedException e) {
            refused(e, number, wantsAck);
        } catch (LinuxException e) {
            refused(
                    RefusedException.fatal((request == null ? "request" : request.toString()) + ": " + e.getMessage()),
                    number,
                    wantsAck);
        } finally {
            fds.clear();
        }
    }

    private void refused(RefusedException e, int number, boolean wantsAck) throws LinuxException, RefusedException {
        if (!wantsAck && !e.survivable()) {
            throw e;
        }
        port.malformed(e.reason());
        if (log.mayReport()) {
            log.warning("refused: " + e.getMessage());
        }
        if (wantsAck) {
            reply(number, 1);
        }
    }

    private void perform(Request request, int size) throws LinuxException, RefusedException {
        switch (request) {
            case GET_FEATURES -> reply(request.number(), FEATURES);
            case SET_FEATURES -> setFeatures(payloadLong(0));
            case GET_PROTOCOL_FEATURES -> reply(request.number(), offeredProtocolFeatures);
            case SET_PROTOCOL_FEATURES -> setProtocolFeatures(payloadLong(0));
            case SET_OWNER -> {}
            case RESET_OWNER -> disableRings();
            case GET_QUEUE_NUM -> reply(request.number(), RINGS);
            case GET_MAX_MEM_SLOTS -> reply(request.number(), GuestMemory.MAX_REGIONS);
            case SET_MEM_TABLE -> setMemoryTable(size);
            case ADD_MEM_REG -> addRegion();
            case REM_MEM_REG -> removeRegion();
            case SET_LOG_BASE, SET_LOG_FD ->
                throw RefusedException.notOffered(request + ": dirty logging is not offered");
            case SET_VRING_NUM -> {
                ringOf(payloadInt(0)).setEntries(payloadInt(4));
                startRings();
            }
            case SET_VRING_ADDR -> {
                ringOf(payloadInt(0)).place(payloadLong(8), payloadLong(16), payloadLong(24));
                startRings();
            }
            case SET_VRING_BASE -> {
                ringOf(payloadInt(0)).setBase(payloadInt(4));
                startRings();
            }
            case GET_VRING_BASE -> getVringBase();
            case SET_VRING_KICK -> {
                VhostRing ring = ringOf(payloadInt(0) & 0xff);
                ring.setKick(takeEventFd(request));
                if (!has(VhostUser.F_PROTOCOL_FEATURES)) {
                    ring.enable(true); // nobody else will
                }
                startRings();
            }
            case SET_VRING_CALL -> ringOf(payloadInt(0) & 0xff).setCall(takeEventFd(request));
            case SET_VRING_ERR -> ringOf(payloadInt(0) & 0xff).setError(takeEventFd(request));
            case SET_VRING_ENABLE -> {
                ringOf(payloadInt(0)).enable(payloadInt(4) != 0);
                startRings();
            }
            case SET_BACKEND_REQ_FD -> setBackendRequests();
            case RESET_DEVICE -> resetDevice();
            case SET_STATUS -> {
                status = payloadLong(0) & 0xff;
                if (status == 0) {
                    resetDevice();
                }
            }
            case GET_STATUS -> reply(request.number(), status);
        }
    }

    private void setFeatures(long wanted) throws RefusedException {
        if ((wanted & ~FEATURES) != 0) {
            throw RefusedException.fatal("features 0x" + Long.toHexString(wanted & ~FEATURES) + " were not offered");
        }
        features = wanted;
    }

    private void setProtocolFeatures(long wanted) throws RefusedException {
        if ((wanted & ~offeredProtocolFeatures) != 0) {
            throw RefusedException.fatal(
                    "protocol features 0x" + Long.toHexString(wanted & ~offeredProtocolFeatures) + " were not offered");
        }
        protocolFeatures = wanted;
    }

    private void disableRings() {
        commandRing.enable(false);
        eventRing.enable(false);
        updateService();
    }

    private void resetDevice() {
        commandRing.reset();
        eventRing.reset();
        updateService();
        status = 0;
        port.guestReset();
    }

    private void getVringBase() throws LinuxException, RefusedException {
        int index = payloadInt(0);
        int base = ringOf(index).stop();
        updateService();
        reply(Request.GET_VRING_BASE.number(), (long) base << 32 | index);
    }

    private void setBackendRequests() throws RefusedException {
        if (fds.count() != 1) {
            throw RefusedException.fatal("SET_BACKEND_REQ_FD without a descriptor");
        }
        // There is nothing to ask a front end for; but it takes a closed channel for a fault.
        Fd old = backendRequests;
        backendRequests = fds.take(0);
        if (old != null) {
            old.close();
        }
    }

    private void setMemoryTable(int size) throws LinuxException, RefusedException {
        int count = size < 8 ? -1 : payloadInt(0);
        if (count < 0 || count > MAX_TABLE_REGIONS || size != 8 + REGION_BYTES * count || fds.count() != count) {
            throw RefusedException.fatal("SET_MEM_TABLE of " + size + " bytes for " + Integer.toUnsignedString(count)
                    + " regions with " + fds.count() + " descriptors");
        }
        try (GuestMemory fresh = new GuestMemory(memory.limit())) {
            for (int i = 0; i < count; i++) {
                try (Fd fd = fds.take(i)) {
                    fresh.add(payloadRegion(8 + REGION_BYTES * i), fd);
                }
            }
            memory.replaceBy(fresh);
        }
        memoryChanged();
    }

    private void addRegion() throws LinuxException, RefusedException {
        if (fds.count() != 1) {
            throw RefusedException.fatal("ADD_MEM_REG with " + fds.count() + " descriptors");
        }
        try (Fd fd = fds.take(0)) {
            memory.add(payloadRegion(8), fd);
        }
        memoryChanged();
    }

    private void removeRegion() throws RefusedException {
        memory.remove(payloadRegion(8));
        memoryChanged();
    }

    private VhostRing ringOf(int index) throws RefusedException {
        return switch (index) {
            case 0 -> commandRing;
            case 1 -> eventRing;
            default -> throw RefusedException.fatal("there is no ring " + Integer.toUnsignedString(index));
        };
    }

    /** The descriptor of SET_VRING_KICK, CALL or ERR; null if the message says that there is none. */
    private @Nullable EventFd takeEventFd(Request request) throws RefusedException {
        boolean none = (payloadLong(0) & VhostUser.VRING_NO_FD) != 0;
        if (none != (fds.count() == 0)) {
            throw RefusedException.fatal(
                    request + (none ? " says that there is no descriptor, and brings one" : " without a descriptor"));
        }
        if (none) {
            return null;
        }
        Fd fd = fds.take(0);
        if (!EventFd.isEventFd(fd)) {
            fd.close();
            throw RefusedException.fatal(request + " with a descriptor that is no eventfd");
        }
        return EventFd.adopt(fd);
    }

    private GuestMemory.Region payloadRegion(int at) {
        return new GuestMemory.Region(payloadLong(at), payloadLong(at + 8), payloadLong(at + 16), payloadLong(at + 24));
    }

    private int payloadInt(int at) {
        return LittleEndian.getInt(message, HEADER_BYTES + at);
    }

    private long payloadLong(int at) {
        return LittleEndian.getLong(message, HEADER_BYTES + at);
    }

    private void reply(int request, long value) throws LinuxException, RefusedException {
        LittleEndian.putInt(answer, 0, request);
        LittleEndian.putInt(answer, 4, FLAG_VERSION | FLAG_REPLY);
        LittleEndian.putInt(answer, 8, 8);
        LittleEndian.putLong(answer, HEADER_BYTES, value);
        if (socket.send(answer, 0, answer.length) != answer.length) {
            throw RefusedException.fatal("it does not read its replies");
        }
    }
}
