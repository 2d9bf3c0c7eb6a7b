// One agent in a window of shared memory: the server's side of the session that the epochs define.
package org.scmid.transport.window;

import java.io.IOException;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.scmid.linux.Mapping;
import org.scmid.linux.PeerIdentity;
import org.scmid.loop.EventLoop;
import org.scmid.loop.Scheduler;
import org.scmid.transport.AgentLog;
import org.scmid.transport.AgentPort;
import org.scmid.transport.AgentTransport;
import org.scmid.transport.MalformedInput;
import org.scmid.transport.PollPacing;
import org.scmid.transport.SharedRegion;
import org.scmid.transport.virtqueue.CommandQueue;
import org.scmid.transport.virtqueue.EventQueue;
import org.scmid.transport.virtqueue.SplitQueue;

/**
 * Serves one agent through a window, in either layout. Either side may start, die and start again at any time: the
 * server's epoch changes with each start of the server, the driver's with each start of the driver, and only while each
 * has seen the other's is anything served. A new driver's epoch resets the agent.
 *
 * <p>What the guest does shows in memory: its epochs, its register writes, its available indices. All of them are looked
 * at in each turn of the loop while there is work; then, when the {@link PeerBell} rings or, if there is nobody to ring it,
 * after a pause that grows with the time since the last work.
 */
public final class WindowTransport implements AgentTransport, EventLoop.Poller {
    private static final long SHORTEST_PAUSE_NANOS = 50_000;
    /** How often everything is published again and looked at, bell or not. */
    private static final long HEARTBEAT_NANOS = 1_000_000_000;

    private static final RandomGenerator EPOCHS = RandomGenerator.of("L64X128MixRandom");

    /** How far a session has come. */
    private enum Session {
        /** The window is ready for a driver, and no driver has said that it goes. */
        AWAITED,
        /** Both know each other's epoch. */
        GOING,
        /** The driver has taken its word back, or has broken a rule: only a new epoch of the driver is heeded. */
        ENDED
    }

    private final EventLoop loop;
    private final AgentPort port;
    private final AgentLog log;
    private final WindowFile file;
    private final SharedRegion shared;
    private final PollPacing pacing;
    private final long longestPauseNanos;
    private final PeerBell.@Nullable Maker bellMaker;
    private final WindowDevice device;
    private final CommandQueue commands;
    private final EventQueue events;
    private final Scheduler.Timer heartbeat;
    private final Scheduler.Timer retry;
    private final EventLoop.Task loseLater;

    private WindowFile.@Nullable Opened window;
    private @Nullable ControlBlock control;
    private @Nullable PeerBell bell;
    private EventLoop.@Nullable Polling polling;
    private PollPacing.@Nullable Paced paced;
    private Session session = Session.AWAITED;
    private boolean attached;
    private boolean memoryLost;
    private long lastWork;
    private String lastFailure = "";

    /**
     * How a window learns that there is work.
     *
     * @param pacing of the loop
     * @param longestPauseNanos the longest time between two looks while nobody can ring, in nanoseconds
     * @param bell rings in both directions; null if there is none
     */
    public record Attention(PollPacing pacing, long longestPauseNanos, PeerBell.@Nullable Maker bell) {}

    private WindowTransport(
            EventLoop loop,
            AgentPort port,
            WindowFile file,
            long guestAddress,
            Attention attention,
            WindowDevice device,
            SplitQueue commandRing,
            SplitQueue eventRing) {
        this.loop = loop;
        this.port = port;
        this.log = new AgentLog(WindowTransport.class, loop, port.name());
        this.file = file;
        this.shared = new SharedRegion(guestAddress, file.size());
        this.pacing = attention.pacing();
        this.longestPauseNanos = attention.longestPauseNanos();
        this.bellMaker = attention.bell();
        this.device = device;
        this.commands =
                new CommandQueue(port, log, commandRing, () -> usedUpdated(0), this::workAppeared, loop::hadTime);
        this.events =
                new EventQueue(port, log, eventRing, () -> usedUpdated(1), this::noteMemoryLost, this::workAppeared);
        this.heartbeat = loop.timer(this::beat);
        this.retry = loop.timer(this::openAgain);
        this.loseLater = new EventLoop.Task(this::loseIfNoted);
    }

    /**
     * A virtio-mmio ring.
     *
     * @param file the window, at least 8 KiB
     * @param guestAddress the guest's address of the window's first byte, a multiple of 4 KiB
     */
    public static WindowTransport mmio(
            EventLoop loop, AgentPort port, WindowFile file, long guestAddress, Attention attention) {
        MmioDevice device = new MmioDevice(guestAddress);
        return new WindowTransport(
                loop, port, file, guestAddress, attention, device, device.commands(), device.events());
    }

    /**
     * A fat virtqueue.
     *
     * @param file the window, at least {@link FatGeometry#totalBytes}
     * @param guestAddress the guest's address of the window's first byte; only told, since no address is followed
     */
    public static WindowTransport fat(
            EventLoop loop,
            AgentPort port,
            WindowFile file,
            long guestAddress,
            FatGeometry geometry,
            Attention attention) {
        if (file.size() < geometry.totalBytes()) {
            throw new IllegalArgumentException(
                    "a window of " + file.size() + " bytes for " + geometry.totalBytes() + " bytes");
        }
        FatDevice device = new FatDevice(geometry);
        return new WindowTransport(
                loop, port, file, guestAddress, attention, device, device.commands(), device.events());
    }

    // ---- Start and end.

    @Override
    public void start() throws IOException {
        WindowFile.Opened opened = file.open();
        window = opened;
        try {
            startServing(opened.mapping());
            if (bellMaker != null) {
                bell = bellMaker.make(new GuestWatch());
                bell.start(opened.fd(), file.size());
            }
            Mapping.raiseFault();
        } catch (InternalError e) {
            throw new IOException(
                    "the window " + file.path() + " was made shorter under way, or its file system is full", e);
        }
        EventLoop.Polling begun = loop.poll(this);
        polling = begun;
        paced = pacing.add(begun);
        armHeartbeat();
        lastWork = loop.nanoTime();
        lastFailure = "";
        if (log.mayReport()) {
            log.info("waiting for a driver in the window " + file.path());
        }
    }

    /** The start of a server, in the order that the layout demands. */
    private void startServing(Mapping mapping) {
        ControlBlock block = device.place(mapping);
        control = block;
        session = Session.AWAITED;
        memoryLost = false;
        block.beginStart(EPOCHS.nextInt());
        int epoch = block.driverEpoch();
        if (epoch != block.driverEpochSeen()) {
            // The driver began anew while nobody was here. Its reset must not be lost in the start of this server.
            port.guestReset();
        }
        device.reset();
        block.finishStart(epoch);
        tell(0);
    }

    @Override
    public void close() {
        retry.disarm();
        endSession();
        sayDown();
        letGo();
    }

    @Override
    public List<SharedRegion> sharedMemory() {
        return window == null ? List.of() : List.of(shared);
    }

    /** Ends everything that belongs to the mapped window, and to whoever runs the guest. */
    private void letGo() {
        heartbeat.disarm();
        EventLoop.Polling ending = polling;
        polling = null;
        paced = null;
        if (ending != null) {
            ending.cancel();
        }
        endSession();
        control = null;
        closeBell();
        WindowFile.Opened opened = window;
        window = null;
        if (opened != null) {
            opened.close();
        }
    }

    private void sayDown() {
        ControlBlock block = control;
        if (block == null) {
            return;
        }
        try {
            block.putState(ControlBlock.STATE_DOWN);
            tell(0);
            Mapping.raiseFault();
        } catch (InternalError e) {
            // It was cut off: there is nobody to tell.
        }
    }

    private void closeBell() {
        PeerBell closing = bell;
        bell = null;
        if (closing != null) {
            closing.close();
        }
    }

    // ---- The loop.

    @Override
    public boolean poll() {
        ControlBlock block = control;
        if (block == null) {
            return false;
        }
        try {
            boolean worked = look(block);
            Mapping.raiseFault();
            if (worked) {
                lastWork = loop.nanoTime();
            }
            return worked;
        } catch (InternalError e) {
            lose();
            return true;
        }
    }

    @Override
    public boolean prepareToWait() {
        ControlBlock block = control;
        if (block == null) {
            return false;
        }
        PeerBell ringing = bell;
        if (ringing == null || !ringing.connected()) {
            PollPacing.Paced waiting = paced;
            if (waiting != null) {
                waiting.lookWithin(pause()); // then it is looked at, whatever came since the last look
            }
            return false;
        }
        try {
            Mapping.fullFence(); // what was told before must be visible before this side looks for the last time
            boolean work = hasWork(block);
            Mapping.raiseFault();
            return work;
        } catch (InternalError e) {
            lose();
            return true;
        }
    }

    /** A quarter of the time that nothing has come for: seldom while idle, soon after traffic. */
    private long pause() {
        long idle = loop.nanoTime() - lastWork;
        return Math.min(longestPauseNanos, Math.max(SHORTEST_PAUSE_NANOS, idle / 4));
    }

    private boolean hasWork(ControlBlock block) {
        if (block.driverEpoch() != block.driverEpochSeen()) {
            return true;
        }
        boolean agrees = block.serverEpochSeen() == block.serverEpoch();
        return switch (session) {
            case ENDED -> false;
            case AWAITED -> agrees;
            case GOING ->
                !agrees
                        || block.wtSeq() != block.wtAck()
                        || (device.serving() && commands.prepareToWait())
                        || (attached && events.ring().running() && events.prepareToWait());
        };
    }

    /** Does one share of what there is to do. */
    private boolean look(ControlBlock block) {
        int epoch = block.driverEpoch();
        if (epoch != block.driverEpochSeen()) {
            reset(block, epoch);
            return true;
        }
        if (session == Session.ENDED) {
            return false;
        }
        boolean agrees = block.serverEpochSeen() == block.serverEpoch();
        boolean worked = false;
        if (session == Session.AWAITED) {
            if (!agrees) {
                return false;
            }
            session = Session.GOING;
            device.begin();
            if (log.mayReport()) {
                log.info("a driver has begun a session");
            }
            worked = true;
        } else if (!agrees) {
            endSession();
            return true;
        }
        worked |= writeRegister(block);
        worked |= serve();
        if (commands.ring().broken()) {
            breakDown(
                    block,
                    MalformedInput.RING_BROKEN,
                    "command queue: " + commands.ring().breakage());
        } else if (events.ring().broken()) {
            breakDown(
                    block,
                    MalformedInput.RING_BROKEN,
                    "event queue: " + events.ring().breakage());
        }
        return worked;
    }

    /** A driver that starts anew: whatever the agent held is dropped, and only then the driver is told to go on. */
    private void reset(ControlBlock block, int epoch) {
        endSession();
        port.guestReset();
        session = Session.AWAITED;
        device.reset();
        block.skipWrites();
        block.putState(ControlBlock.STATE_READY);
        block.publish();
        block.acknowledgeDriver(epoch);
        tell(0);
    }

    private boolean writeRegister(ControlBlock block) {
        int seq = block.wtSeq();
        if (seq == block.wtAck()) {
            return false;
        }
        switch (device.write(block.wtOffset(), block.wtValue())) {
            case VIOLATION -> {
                breakDown(block, MalformedInput.BAD_RING_SETUP, device.violation());
                return true;
            }
            case DEVICE_RESET -> {
                detachIfNotServing();
                port.guestReset();
            }
            case DONE -> {}
        }
        block.acknowledgeWrite(seq);
        tell(0);
        return true;
    }

    private boolean serve() {
        detachIfNotServing();
        if (session != Session.GOING || !device.serving()) {
            return false;
        }
        if (!attached) {
            attached = true;
            port.attached(device.hasEvents() ? events : null, commands.newReplies());
        }
        boolean worked = commands.serve();
        if (events.ring().running() && events.buffersAppeared()) {
            port.flushEvents();
            worked = true;
        }
        return worked;
    }

    private void detachIfNotServing() {
        if (attached && !device.serving()) {
            attached = false;
            port.detached();
        }
    }

    private void breakDown(ControlBlock block, MalformedInput reason, String details) {
        endSession();
        port.malformed(reason);
        if (log.mayReport()) {
            log.warning("the driver broke a rule of the ring (" + details
                    + "); nothing is served until it begins a new session");
        }
        block.putState(ControlBlock.STATE_BROKEN);
        tell(0);
    }

    /** Stops serving; of what the agent holds nothing is dropped. */
    private void endSession() {
        session = Session.ENDED;
        device.halt();
        if (attached) {
            attached = false;
            port.detached();
        }
    }

    /** A reply that was put off is there, an event wants for a buffer, or the peer has rung, come or gone. */
    private void workAppeared() {
        EventLoop.Polling current = polling;
        if (current != null) {
            current.ready();
        }
    }

    // ---- Telling the driver.

    private void usedUpdated(int queue) {
        device.usedUpdated();
        tell(queue);
    }

    private void tell(int queue) {
        ControlBlock block = control;
        if (block != null) {
            block.countEvent(queue);
        }
        PeerBell ringing = bell;
        if (ringing != null) {
            ringing.ring(queue);
        }
    }

    /** What a guest has scribbled over is written again, and everything is looked at. */
    private void beat() {
        ControlBlock block = control;
        WindowFile.Opened opened = window;
        if (block == null || opened == null) {
            return;
        }
        if (file.isReplaced(opened)) {
            lose("was replaced: who opens it now has another memory");
            return;
        }
        try {
            block.publish();
            device.publish();
            Mapping.raiseFault();
        } catch (InternalError e) {
            lose();
            return;
        }
        workAppeared();
        armHeartbeat();
    }

    /** At full seconds of the loop's clock: one wake-up for all windows. */
    private void armHeartbeat() {
        heartbeat.arm(HEARTBEAT_NANOS - Math.floorMod(loop.nanoTime(), HEARTBEAT_NANOS));
    }

    // ---- Memory that is gone, and guests that are.

    private void noteMemoryLost() {
        memoryLost = true;
        loop.runSoon(loseLater);
    }

    private void loseIfNoted() {
        if (memoryLost) {
            lose();
        }
    }

    private void lose() {
        lose("was made shorter under way");
    }

    /** The file is not what it was: it is opened again until it is usable. */
    private void lose(String what) {
        memoryLost = false;
        forgetFault();
        port.malformed(MalformedInput.BAD_MEMORY);
        letGo();
        if (log.mayReport()) {
            log.warning("the window " + file.path() + " " + what + "; it is opened again");
        }
        retry.arm(HEARTBEAT_NANOS);
    }

    private void openAgain() {
        try {
            start();
        } catch (IOException e) {
            letGo();
            String failure = String.valueOf(e.getMessage());
            if (!failure.equals(lastFailure) && log.mayReport()) {
                lastFailure = failure;
                log.warning(failure);
            }
            retry.arm(HEARTBEAT_NANOS);
        }
    }

    /** A fault that is still to be thrown must not come up in another agent's work. */
    private static void forgetFault() {
        try {
            Mapping.raiseFault();
        } catch (InternalError e) {
            // It was this window's memory, which is let go now.
        }
    }

    /** Follows the process that runs the guest, if it is connected to the bell. */
    private final class GuestWatch implements PeerBell.Listener {
        @Override
        public void peerConnected(PeerIdentity peer) {
            port.peerConnected(peer);
            workAppeared();
        }

        @Override
        public void peerGone() {
            endSession();
            port.peerGone();
            workAppeared();
            ControlBlock block = control;
            if (block == null) {
                return;
            }
            // Whoever comes next finds a server that has just started, and not a session that it does not know.
            try {
                block.beginStart(EPOCHS.nextInt());
                device.reset();
                block.finishStart(block.driverEpoch());
                session = Session.AWAITED;
                Mapping.raiseFault();
            } catch (InternalError e) {
                noteMemoryLost();
            }
        }

        @Override
        public void rung() {
            workAppeared();
        }
    }
}
