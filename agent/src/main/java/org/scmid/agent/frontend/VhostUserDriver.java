// The driver of a virtio-scmi back end: memory and rings that it is given, commands, replies and events.
package org.scmid.agent.frontend;

import org.jspecify.annotations.Nullable;
import org.scmid.linux.Errno;
import org.scmid.linux.EventFd;
import org.scmid.linux.Fd;
import org.scmid.linux.LinuxException;
import org.scmid.linux.UnixSocket;
import org.scmid.transport.AgentPort;
import org.scmid.transport.vhostuser.VhostUser;

/**
 * VMM and driver in one, on one connection to a vhost-user back end. Nothing blocks: {@link #step} goes on with the
 * setting up, {@link #poll} takes what came, {@link #requestCalls} and the descriptors {@link #socket}, {@link
 * #commandCall} and {@link #eventCall} tell when to look again.
 *
 * <p>The back end is not trusted: whatever it does to rings and buffers, its memory can be read, since its size is sealed;
 * what it returns is checked against what is under way; and what cannot be is a {@link LinuxException} EPROTO, after which
 * this is only to be closed. A connection that came anew has a driver and memory of its own.
 */
public final class VhostUserDriver implements AutoCloseable {
    /** Entries of each ring; half as many commands can be under way. */
    public static final int ENTRIES = 64;

    private static final int COMMANDS = 0;
    private static final int EVENTS = 1;
    private static final int SLOT_BYTES = AgentPort.MAX_MESSAGE;

    private static final long GUEST_ADDRESS = 0x1_0000_0000L;
    private static final long RING_BYTES = 0x1000;
    private static final long COMMAND_SLOTS = 2 * RING_BYTES;
    private static final long EVENT_SLOTS = COMMAND_SLOTS + ENTRIES * SLOT_BYTES;
    private static final long TOTAL_BYTES = EVENT_SLOTS + ENTRIES * SLOT_BYTES;

    /** What is used, if it is offered. */
    private static final long FEATURES = VhostUser.F_P2A_CHANNELS | VhostUser.F_EVENT_IDX;

    private final VhostUserFrontend frontend;
    private final DriverMemory memory;
    private final Bells bells;
    private final VhostUserSetup setup;
    private final byte[] message = new byte[AgentPort.MAX_MESSAGE];
    private @Nullable CommandSlots commands;
    private @Nullable EventSlots events;
    private boolean ready;
    private long lastTicket;
    private int length;

    private VhostUserDriver(VhostUserFrontend frontend, DriverMemory memory, Bells bells) {
        this.frontend = frontend;
        this.memory = memory;
        this.bells = bells;
        this.setup = new VhostUserSetup(frontend).negotiate(FEATURES, VhostUser.PROTOCOL_REPLY_ACK);
    }

    /**
     * Makes a driver that is set up by {@link #step}.
     *
     * @param socket connected; the driver's from now on, also if this throws
     * @throws LinuxException EMFILE, ENOMEM
     */
    public static VhostUserDriver over(UnixSocket socket) throws LinuxException {
        DriverMemory memory = new DriverMemory();
        Bells bells = new Bells();
        try {
            bells.make();
            memory.add(GUEST_ADDRESS, TOTAL_BYTES, 0);
            memory.seal(); // the back end has the file, and could make it shorter
            return new VhostUserDriver(new VhostUserFrontend(socket), memory, bells);
        } catch (LinuxException e) {
            memory.close();
            bells.close();
            socket.close();
            throw e;
        }
    }

    /** To be waited for: while it is set up there is an answer to read, later only an end. */
    public Fd socket() {
        return frontend.fd();
    }

    /** Signalled by the back end for replies, see {@link #requestCalls}; to be waited for, then {@link #drainCalls}. */
    public Fd commandCall() {
        return bells.commandCall().fd();
    }

    /** Signalled by the back end for events; as {@link #commandCall}. */
    public Fd eventCall() {
        return bells.eventCall().fd();
    }

    /** Takes the signals of both queues. */
    public void drainCalls() throws LinuxException {
        bells.commandCall().drain();
        bells.eventCall().drain();
    }

    /**
     * Goes on with the setting up; when that is done, looks whether the back end is there.
     *
     * @return whether commands can be sent
     * @throws LinuxException if the back end is gone, is none, or refuses something
     */
    public boolean step() throws LinuxException {
        if (ready) {
            frontend.expectSilence();
        } else if (setup.step()) {
            if (commands == null) {
                startRings();
                return step();
            }
            ready = true;
            EventSlots slots = events;
            if (slots != null) {
                slots.post();
                kick(slots.ring(), bells.eventKick());
            }
        }
        return ready;
    }

    private void startRings() throws LinuxException {
        if (!has(VhostUser.F_VERSION_1)) {
            throw new LinuxException("GET_FEATURES", Errno.EPROTO, "the back end does not offer VIRTIO_F_VERSION_1");
        }
        DriverMemory.Region region = memory.region(GUEST_ADDRESS);
        DriverWindow window = new DriverWindow(region.mapping(), region.fileOffset(), region.size(), region.guest());
        commands = new CommandSlots(window, ring(COMMANDS), COMMAND_SLOTS, SLOT_BYTES);
        commands.begin();
        setup.shareTable(memory);
        start(COMMANDS, commands.ring(), bells.commandKick(), bells.commandCall());
        if (has(VhostUser.F_P2A_CHANNELS)) {
            events = new EventSlots(window, ring(EVENTS), EVENT_SLOTS, SLOT_BYTES);
            events.begin();
            start(EVENTS, events.ring(), bells.eventKick(), bells.eventCall());
        }
    }

    private DriverRing ring(int index) {
        return new DriverRing(memory, GUEST_ADDRESS + index * RING_BYTES, ENTRIES, has(VhostUser.F_EVENT_IDX));
    }

    private void start(int index, DriverRing ring, EventFd kick, EventFd called) {
        setup.startRing(index, memory, ring, 0, kick, called);
        if (has(VhostUser.F_PROTOCOL_FEATURES)) {
            setup.enableRing(index, true);
        }
    }

    private boolean has(long feature) {
        return (setup.agreed() & feature) != 0;
    }

    /** Whether {@link #send} would send now. */
    public boolean hasRoom() {
        CommandSlots slots = commands;
        return ready && slots != null && !slots.isFull();
    }

    /**
     * Sends a command.
     *
     * @param request header and payload in request[0..requestLength)
     * @param requestLength bytes, 0 to {@link AgentPort#MAX_MESSAGE}
     * @return false if it cannot be sent now
     */
    public boolean send(byte[] request, int requestLength) throws LinuxException {
        CommandSlots slots = commands;
        if (!ready || slots == null || slots.isFull()) {
            return false;
        }
        lastTicket++;
        slots.add(lastTicket, request, requestLength);
        slots.ring().publish();
        kick(slots.ring(), bells.commandKick());
        return true;
    }

    private static void kick(DriverRing ring, EventFd bell) throws LinuxException {
        if (ring.needsKick()) {
            bell.signal();
        }
    }

    /**
     * Takes the next reply or event; then {@link #length} and {@link #message} tell of it. Allocates nothing.
     *
     * @return false if there is none now
     * @throws LinuxException EPROTO if the back end returned what cannot be
     */
    public boolean poll() throws LinuxException {
        return ready && (takeReply() || takeEvent());
    }

    private boolean takeReply() throws LinuxException {
        CommandSlots slots = commands;
        int waiting = slots == null ? 0 : slots.ring().usedWaiting();
        if (slots == null || waiting == 0) {
            return false;
        }
        check(slots.take(waiting, message), "command");
        length = slots.takenLength();
        return true;
    }

    private boolean takeEvent() throws LinuxException {
        EventSlots slots = events;
        int waiting = slots == null ? 0 : slots.ring().usedWaiting();
        if (slots == null || waiting == 0) {
            return false;
        }
        check(slots.take(waiting, message), "event");
        length = slots.takenLength();
        slots.post();
        kick(slots.ring(), bells.eventKick());
        return true;
    }

    private static void check(boolean possible, String queue) throws LinuxException {
        if (!possible) {
            throw new LinuxException(
                    queue + " queue", Errno.EPROTO, "the back end returned a buffer that it did not have, or too much");
        }
    }

    /** The length in bytes of what came last; 0 if the back end had no reply to a command. */
    public int length() {
        return length;
    }

    /** What came last, header first, from index 0; valid until the next {@link #poll}. */
    public byte[] message() {
        return message;
    }

    /**
     * Asks to be called for what comes next, then looks once more.
     *
     * @return whether there is something already
     */
    public boolean requestCalls() {
        CommandSlots first = commands;
        EventSlots second = events;
        boolean reply = ready && first != null && first.ring().requestCalls();
        boolean event = ready && second != null && second.ring().requestCalls();
        return reply || event;
    }

    /** Asks not to be called for now: somebody looks. */
    public void suppressCalls() {
        CommandSlots first = commands;
        EventSlots second = events;
        if (ready && first != null) {
            first.ring().suppressCalls();
        }
        if (ready && second != null) {
            second.ring().suppressCalls();
        }
    }

    /** Closes the connection, as a VMM that ends; idempotent. */
    @Override
    public void close() {
        ready = false;
        frontend.close();
        memory.close();
        bells.close();
    }

    /** The descriptors by which both sides signal each other. */
    private static final class Bells implements AutoCloseable {
        private final @Nullable EventFd[] made = new EventFd[4];

        void make() throws LinuxException {
            for (int i = 0; i < made.length; i++) {
                made[i] = EventFd.createShared();
            }
        }

        EventFd commandKick() {
            return get(0);
        }

        EventFd commandCall() {
            return get(1);
        }

        EventFd eventKick() {
            return get(2);
        }

        EventFd eventCall() {
            return get(3);
        }

        private EventFd get(int index) {
            EventFd bell = made[index];
            if (bell == null) {
                throw new IllegalStateException("not made");
            }
            return bell;
        }

        @Override
        public void close() {
            for (EventFd bell : made) {
                if (bell != null) {
                    bell.close();
                }
            }
        }
    }
}
