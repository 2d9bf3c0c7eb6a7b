// The agent's side of a ring in a window of shared memory: the session with the server, requests, replies, events.
package org.scmid.agent.frontend;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.scmid.transport.AgentPort;

/**
 * A driver of a virtio-mmio ring or a fat virtqueue in a window, both of layout version 1. Nothing blocks: {@link #step}
 * goes on with the session by one step, {@link #poll} takes what came, and whoever drives it calls both again and again.
 *
 * <p>A session is what is between two resets. The server drops all that belongs to the agent when a session begins, so
 * the user compares {@link #sessions} and sets again what he needs. Sessions end when the server goes or comes anew, when
 * it says that the window is broken, and by {@link #restart}; requests that are under way then end with an {@link Ending}
 * that says so, since nobody knows whether they were executed; and the next session begins by itself.
 *
 * <p>The server is believed no more than the contract has it: what cannot be ends the session, too. For tests of a server
 * there are handles to everything below: {@link #window}, {@link #control}, {@link #registers}, {@link #commandRing},
 * {@link #eventRing}.
 */
public final class WindowDriver {
    /** How far the session is. */
    public enum Phase {
        /** Nobody serves the window, in this layout. */
        SERVER_AWAITED,
        /** The server has not carried the reset out yet. */
        EPOCH_AWAITED,
        /** Both epochs are equal; registers are being written. A driver that is driven by hand stays here. */
        REGISTERS,
        /** Requests can be sent. */
        READY,
        /** The server offers what this driver cannot use; {@link #problem} says what. Until another server comes. */
        INCOMPATIBLE
    }

    /** What {@link #poll} tells of. */
    public enum Ending {
        /** A reply. */
        REPLY,
        /** The server returned the request without a reply: it was malformed, or its reply did not fit. */
        NO_REPLY,
        /** An event: a notification or a delayed response. */
        EVENT,
        /** The server went away or came anew, and the request was not answered. */
        SERVER_GONE,
        /** The server says that this side broke the contract, and the request was not answered. */
        BROKEN,
        /** {@link #restart} was called before the request was answered. */
        RESTARTED,
        /** The server broke the contract, and the request was not answered. */
        SERVER_FAULT
    }

    /**
     * Where the rings and buffers of a virtio-mmio ring are: queue 0 at 0x1000, queue 1 at 0x3000, the used part 0x1000
     * behind each, buffers from 0x5000.
     *
     * @param entries of each queue, a power of two from 2 to 64
     * @param slotSize bytes of each buffer, a multiple of 64 up to 4096: the longest message
     * @param events whether the event queue is negotiated
     */
    public record MmioPlan(int entries, int slotSize, boolean events) {
        private static final int COMMANDS = 0x1000;
        private static final int EVENTS = 0x3000;
        private static final int USED = 0x1000;
        private static final int BUFFERS = 0x5000;

        /** 64 entries with buffers of 192 bytes and events: 44 KiB in all. */
        public static final MmioPlan USUAL = new MmioPlan(64, 192, true);

        /** Checks the numbers. */
        public MmioPlan {
            if (entries < 2 || entries > 64 || Integer.bitCount(entries) != 1) {
                throw new IllegalArgumentException(entries + " entries: a power of two from 2 to 64");
            }
            if (slotSize < 64 || slotSize > AgentPort.MAX_MESSAGE || slotSize % 64 != 0) {
                throw new IllegalArgumentException("slots of " + slotSize + " bytes: a multiple of 64 up to 4096");
            }
        }

        /** How many bytes of a window are used. */
        public int total() {
            return BUFFERS + 2 * entries * slotSize;
        }
    }

    private static final long MMIO_CONTROL = 0x200;

    private final DriverWindow window;
    private final DriverControl control;
    private final int magic;
    private final @Nullable MmioPlan plan;
    private final MmioRegisters registers;
    private final byte[] message = new byte[AgentPort.MAX_MESSAGE];

    private Phase phase = Phase.SERVER_AWAITED;
    private @Nullable String problem;
    private @Nullable CommandSlots commands;
    private @Nullable EventSlots events;
    private @Nullable MmioInitialisation initialisation;
    private boolean keepEventBuffers;
    private long sessions;
    private long lastTicket;
    private Ending lastEnd = Ending.RESTARTED;

    /** Requests that ended without the server, to be told of: tickets and why, from the first that was not taken. */
    private long[] lostTickets = new long[16];

    private Ending[] lostEndings = new Ending[16];
    private int lostFirst;
    private int lostCount;

    private Ending ending = Ending.REPLY;
    private long ticket;
    private int length;

    private WindowDriver(
            DriverWindow window, long controlAt, int magic, @Nullable MmioPlan plan, DriverControl.Bell bell) {
        this.window = window;
        this.magic = magic;
        this.plan = plan;
        control = new DriverControl(window, controlAt, bell);
        registers = new MmioRegisters(window, control);
    }

    /**
     * A driver of a fat virtqueue.
     *
     * @param window the memory; the server's geometry is taken over
     * @param bell is rung at every kick; {@link DriverControl#NO_BELL} if the server polls
     */
    public static WindowDriver fat(DriverWindow window, DriverControl.Bell bell) {
        return new WindowDriver(window, 0, DriverControl.MAGIC_FAT, null, bell);
    }

    /**
     * A driver of a virtio-mmio ring.
     *
     * @param window the memory
     * @param plan where rings and buffers are put
     * @param bell is rung at every kick
     * @throws IllegalArgumentException if the window is too small for the plan
     */
    public static WindowDriver mmio(DriverWindow window, MmioPlan plan, DriverControl.Bell bell) {
        if (plan.total() > window.size()) {
            throw new IllegalArgumentException(
                    "a window of " + window.size() + " bytes for " + plan + ", which needs " + plan.total());
        }
        return new WindowDriver(window, MMIO_CONTROL, DriverControl.MAGIC_MMIO, plan, bell);
    }

    /** A driver of a virtio-mmio ring that stops at {@link Phase#REGISTERS}: all that follows is for the caller to write. */
    public static WindowDriver mmioByHand(DriverWindow window, DriverControl.Bell bell) {
        return new WindowDriver(window, MMIO_CONTROL, DriverControl.MAGIC_MMIO, null, bell);
    }

    /** The memory. */
    public DriverWindow window() {
        return window;
    }

    /** The control block. */
    public DriverControl control() {
        return control;
    }

    /** The registers of a virtio-mmio ring. */
    public MmioRegisters registers() {
        return registers;
    }

    /** The ring of queue 0 of this session or the last. */
    public DriverRing commandRing() {
        return commands().ring();
    }

    /** The ring of queue 1 of this session or the last. */
    public DriverRing eventRing() {
        return events().ring();
    }

    /** Offset in the window of the slot of a descriptor of queue 0: even ones are requests, odd ones replies. */
    public long commandSlot(int descriptor) {
        return commands().slot(descriptor);
    }

    /** Offset in the window of the slot of a descriptor of queue 1. */
    public long eventSlot(int descriptor) {
        return events().slot(descriptor);
    }

    /** The longest message of this session or the last, either way, in bytes. */
    public int slotSize() {
        return commands().slotSize();
    }

    /** How far the session is. */
    public Phase phase() {
        return phase;
    }

    /** Why the phase is {@link Phase#INCOMPATIBLE}; null if it is not. */
    public @Nullable String problem() {
        return problem;
    }

    /** How many sessions became ready. */
    public long sessions() {
        return sessions;
    }

    /** Why the last session ended, or its beginning was given up. */
    public Ending lastEnd() {
        return lastEnd;
    }

    /** Whether {@link #send} would send now. */
    public boolean hasRoom() {
        return phase == Phase.READY && !commands().isFull();
    }

    /** Goes on by one step, if that is possible now, and looks whether the server is still the one of the session. */
    public Phase step() {
        switch (phase) {
            case SERVER_AWAITED -> {
                if (control.hasServer(magic)) {
                    control.beginEpoch();
                    phase = Phase.EPOCH_AWAITED;
                }
            }
            case EPOCH_AWAITED -> {
                if (control.isEpochSeen()) {
                    bindSession();
                }
            }
            case REGISTERS -> stepRegisters();
            case READY, INCOMPATIBLE -> lookAtServer();
        }
        return phase;
    }

    /**
     * Sends a request, if there is a session and room for it.
     *
     * @param request header and payload in request[0..requestLength)
     * @param requestLength bytes, 0 to {@link #slotSize}
     * @return a number greater than all before, by which {@link #poll} names the request; 0 if it cannot be sent now
     */
    public long send(byte[] request, int requestLength) {
        long sent = add(request, requestLength);
        if (sent != 0) {
            publish();
        }
        return sent;
    }

    /** As {@link #send}, but the server sees it only after {@link #publish}: for several at once. */
    public long add(byte[] request, int requestLength) {
        if (phase != Phase.READY) {
            return 0;
        }
        CommandSlots slots = commands();
        if (requestLength < 0 || requestLength > slots.slotSize()) {
            throw new IllegalArgumentException(
                    "a request of " + requestLength + " bytes for slots of " + slots.slotSize());
        }
        if (slots.isFull()) {
            return 0;
        }
        lastTicket++;
        slots.add(lastTicket, request, requestLength);
        return lastTicket;
    }

    /** Shows the server all that was added, and kicks. */
    public void publish() {
        if (phase == Phase.READY) {
            commands().ring().publish();
            control.kick(0);
        }
    }

    /** How many requests are under way. */
    public int underWay() {
        CommandSlots slots = commands;
        return slots == null || phase != Phase.READY ? 0 : slots.underWay();
    }

    /**
     * Takes the next reply, event, or request that ended otherwise; then {@link #ending}, {@link #ticket}, {@link #length}
     * and {@link #message} tell of it. Allocates nothing.
     *
     * @return false if there is none now
     */
    public boolean poll() {
        return takeLost() || takeReply() || takeEvent() || takeLost();
    }

    /** What came last. */
    public Ending ending() {
        return ending;
    }

    /** The request's number; 0 for an event. */
    public long ticket() {
        return ticket;
    }

    /** The length in bytes of what came last; 0 without a message. */
    public int length() {
        return length;
    }

    /** What came last, header first, from index 0; valid until the next {@link #poll}. */
    public byte[] message() {
        return message;
    }

    /**
     * Whether event buffers are kept back from now on: at the beginning of a session, and each that comes filled. Without
     * that they are posted at once.
     */
    public void keepEventBuffers(boolean keep) {
        keepEventBuffers = keep;
    }

    /** Posts all event buffers that are here, and kicks. */
    public void postEventBuffers() {
        EventSlots slots = events;
        if (phase == Phase.READY && slots != null && slots.post()) {
            control.kick(1);
        }
    }

    /** Begins anew, as after a restart of the agent: requests under way end with {@link Ending#RESTARTED}. */
    public void restart() {
        endSession(Ending.RESTARTED);
    }

    @Override
    public String toString() {
        return "driver " + phase + (problem == null ? "" : " (" + problem + ")") + ", session " + sessions + ", epochs "
                + control.driverEpoch() + " and " + control.serverEpoch() + ", " + underWay() + " under way";
    }

    /** The reset is carried out: everything is made ready, and the server may go. */
    private void bindSession() {
        int epoch = control.load(DriverControl.SERVER_EPOCH);
        if (control.load(DriverControl.STATE) != DriverControl.STATE_READY) {
            phase = Phase.SERVER_AWAITED;
            return;
        }
        String unusable = magic == DriverControl.MAGIC_FAT ? makeFatQueues() : makeMmioQueues();
        if (unusable != null) {
            control.expect(epoch);
            giveUp(unusable);
            return;
        }
        control.settleWrites();
        beginQueues();
        control.go(epoch);
        if (magic == DriverControl.MAGIC_FAT) {
            becomeReady();
        } else {
            CommandSlots first = commands;
            EventSlots second = events;
            initialisation = first == null
                    ? null
                    : new MmioInitialisation(registers, first.ring(), second == null ? null : second.ring());
            phase = Phase.REGISTERS;
            beginNextRegister();
        }
    }

    private @Nullable String makeFatQueues() {
        FatSlots found = FatSlots.load(control);
        if (!FatSlots.isLegal(found.entries(), found.slotSize())) {
            return "a geometry of " + found.entries() + " entries with slots of " + found.slotSize() + " bytes";
        }
        if (!found.equals(FatSlots.of(found.entries(), found.slotSize()))) {
            return "a geometry that contradicts itself: " + found;
        }
        if (found.total() > window.size()) {
            return "a geometry of " + found.total() + " bytes in a window of " + window.size();
        }
        commands = new CommandSlots(
                window, ring(found.q0Vring(), found.used(), found.entries()), found.q0Slots(), found.slotSize());
        events = new EventSlots(
                window, ring(found.q1Vring(), found.used(), found.entries()), found.q1Slots(), found.slotSize());
        return null;
    }

    private @Nullable String makeMmioQueues() {
        if (plan == null) {
            return null;
        }
        int entries = plan.entries();
        int slotSize = plan.slotSize();
        commands =
                new CommandSlots(window, ring(MmioPlan.COMMANDS, MmioPlan.USED, entries), MmioPlan.BUFFERS, slotSize);
        long behind = MmioPlan.BUFFERS + (long) entries * slotSize;
        events = plan.events()
                ? new EventSlots(window, ring(MmioPlan.EVENTS, MmioPlan.USED, entries), behind, slotSize)
                : null;
        return null;
    }

    private DriverRing ring(long at, long used, int entries) {
        long descriptors = window.address(at);
        return new DriverRing(window, descriptors, descriptors + 16L * entries, descriptors + used, entries, false);
    }

    private void beginQueues() {
        CommandSlots first = commands;
        if (first != null) {
            first.begin();
        }
        EventSlots second = events;
        if (second != null) {
            second.begin();
            if (!keepEventBuffers) {
                second.post();
            }
        }
    }

    private void stepRegisters() {
        MmioInitialisation current = initialisation;
        if (current == null || !registers.isWritten()) {
            lookAtServer();
            return;
        }
        if (!lookAtServer()) {
            return;
        }
        String unusable = current.finish();
        if (unusable != null) {
            giveUp(unusable);
        } else {
            beginNextRegister();
        }
    }

    private void beginNextRegister() {
        MmioInitialisation current = initialisation;
        if (current != null && !current.beginNext()) {
            becomeReady();
        }
    }

    private void becomeReady() {
        phase = Phase.READY;
        sessions++;
        control.kick(0);
        control.kick(1);
    }

    private void giveUp(String why) {
        phase = Phase.INCOMPATIBLE;
        problem = why;
    }

    /** Ends the session if its server does not serve it any more; true if it does. */
    private boolean lookAtServer() {
        if (control.isSessionAlive()) {
            return true;
        }
        endSession(
                control.load(DriverControl.STATE) == DriverControl.STATE_BROKEN
                                && control.load(DriverControl.SERVER_EPOCH) == control.serverEpoch()
                        ? Ending.BROKEN
                        : Ending.SERVER_GONE);
        return false;
    }

    private void endSession(Ending why) {
        lastEnd = why;
        CommandSlots slots = commands;
        if (slots != null) {
            for (long lost = slots.giveUp(); lost != 0; lost = slots.giveUp()) {
                noteLost(lost, why);
            }
        }
        problem = null;
        initialisation = null;
        phase = Phase.SERVER_AWAITED;
    }

    private void noteLost(long lost, Ending why) {
        if (lostFirst + lostCount == lostTickets.length) {
            lostTickets = Arrays.copyOf(lostTickets, 2 * lostTickets.length);
            lostEndings = Arrays.copyOf(lostEndings, lostTickets.length);
        }
        lostTickets[lostFirst + lostCount] = lost;
        lostEndings[lostFirst + lostCount] = why;
        lostCount++;
    }

    private boolean takeLost() {
        if (lostCount == 0) {
            return false;
        }
        tell(lostEndings[lostFirst], lostTickets[lostFirst], 0);
        lostFirst++;
        lostCount--;
        if (lostCount == 0) {
            lostFirst = 0;
        }
        return true;
    }

    private boolean takeReply() {
        CommandSlots slots = commands;
        if (phase != Phase.READY || slots == null) {
            return false;
        }
        int waiting = slots.ring().usedWaiting();
        if (waiting == 0 || !lookAtServer()) {
            return false;
        }
        if (!slots.take(waiting, message)) {
            endSession(Ending.SERVER_FAULT);
            return false;
        }
        tell(slots.takenLength() == 0 ? Ending.NO_REPLY : Ending.REPLY, slots.takenTicket(), slots.takenLength());
        return true;
    }

    private boolean takeEvent() {
        EventSlots slots = events;
        if (phase != Phase.READY || slots == null) {
            return false;
        }
        int waiting = slots.ring().usedWaiting();
        if (waiting == 0 || !lookAtServer()) {
            return false;
        }
        if (!slots.take(waiting, message)) {
            endSession(Ending.SERVER_FAULT);
            return false;
        }
        tell(Ending.EVENT, 0, slots.takenLength());
        if (!keepEventBuffers) {
            postEventBuffers();
        }
        return true;
    }

    private void tell(Ending what, long which, int bytes) {
        ending = what;
        ticket = which;
        length = bytes;
    }

    private CommandSlots commands() {
        CommandSlots slots = commands;
        if (slots == null) {
            throw new IllegalStateException("there was no session yet");
        }
        return slots;
    }

    private EventSlots events() {
        EventSlots slots = events;
        if (slots == null) {
            throw new IllegalStateException("there is no event queue");
        }
        return slots;
    }
}
