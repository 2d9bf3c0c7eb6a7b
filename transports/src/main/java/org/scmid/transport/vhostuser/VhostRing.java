// One ring as the front end has set it up so far, and the descriptors that belong to it.
package org.scmid.transport.vhostuser;

import org.jspecify.annotations.Nullable;
import org.scmid.linux.Epoll;
import org.scmid.linux.EventFd;
import org.scmid.linux.LinuxException;
import org.scmid.loop.EventLoop;
import org.scmid.transport.virtqueue.BadRingException;
import org.scmid.transport.virtqueue.Doorbell;
import org.scmid.transport.virtqueue.RingLayout;
import org.scmid.transport.virtqueue.SplitQueue;

/**
 * A ring's settings. It <em>runs</em> while it is started (number of entries, addresses and kick are there) and enabled;
 * GET_VRING_BASE stops it, and the next kick descriptor starts it again. A ring that broke stays so until it is set up
 * again.
 */
final class VhostRing implements Doorbell, AutoCloseable {
    private final int index;
    private final EventLoop loop;
    private final GuestMemory memory;
    private final EventLoop.ReadyHandler kicked;
    private @Nullable SplitQueue queue;

    private int entries;
    private boolean placed;
    private long descriptors;
    private long used;
    private long available;
    private int base;
    private boolean stopped;
    private boolean enabled;
    private boolean kickSet;
    private @Nullable EventFd kick;
    private EventLoop.@Nullable Registration kickWatch;
    private @Nullable EventFd call;
    private @Nullable EventFd error;
    private @Nullable RingLayout runningAt;
    private boolean unusable;

    /** @param kicked called when the driver has kicked */
    VhostRing(int index, EventLoop loop, GuestMemory memory, EventLoop.ReadyHandler kicked) {
        this.index = index;
        this.loop = loop;
        this.memory = memory;
        this.kicked = kicked;
    }

    /** Says which queue serves it; once, before anything else. */
    void serveBy(SplitQueue queue) {
        this.queue = queue;
    }

    boolean running() {
        return queue().running();
    }

    /** Whether it runs, something may come into it, and nobody will say when. */
    boolean needsPolling() {
        return running() && kick == null && !queue().holding();
    }

    void setEntries(int count) throws RefusedException {
        checkNotRunning();
        try {
            RingLayout.checkSize(count);
        } catch (BadRingException e) {
            throw RefusedException.ring("ring " + index + ": " + e.getMessage());
        }
        entries = count;
        unusable = false;
    }

    void place(long descriptorsAt, long usedAt, long availableAt) throws RefusedException {
        boolean same = placed && descriptors == descriptorsAt && used == usedAt && available == availableAt;
        if (same && running()) {
            return;
        }
        checkNotRunning();
        descriptors = descriptorsAt;
        used = usedAt;
        available = availableAt;
        placed = true;
        unusable = false;
    }

    void setBase(int position) throws RefusedException {
        checkNotRunning();
        if ((position & ~0xffff) != 0) {
            throw RefusedException.fatal(
                    "ring " + index + ": base " + Integer.toUnsignedString(position) + " has more than 16 bits");
        }
        base = position;
        stopped = false;
        unusable = false;
    }

    /** @param fd null: the driver does not kick */
    void setKick(@Nullable EventFd fd) throws LinuxException {
        dropKick();
        if (fd != null) {
            kick = fd;
            kickWatch = loop.watch(fd.fd(), Epoll.IN | Epoll.EDGE, kicked); // by edge: the counter never has to be read
        }
        kickSet = true;
    }

    /** @param fd null: the driver does not want calls */
    void setCall(@Nullable EventFd fd) {
        EventFd old = call;
        call = fd;
        if (old != null) {
            old.close();
        }
        if (running()) {
            ring(); // one that was rung on the old descriptor may have been lost
        }
    }

    void setError(@Nullable EventFd fd) {
        EventFd old = error;
        error = fd;
        if (old != null) {
            old.close();
        }
    }

    void enable(boolean on) {
        enabled = on;
        if (!on) {
            halt();
        }
    }

    boolean enabled() {
        return enabled;
    }

    /** Whether the ring could run now, and does not. */
    boolean mayStart() {
        return enabled && kickSet && placed && entries > 0 && !unusable && runningAt == null;
    }

    /**
     * Begins to serve it.
     *
     * @throws RefusedException if it lies where it cannot be served; it is not tried again until it is set up anew
     */
    void start(boolean eventIdx, boolean indirect) throws RefusedException {
        RingLayout layout;
        try {
            layout = layout();
        } catch (BadRingException e) {
            unusable = true;
            throw RefusedException.ring("ring " + index + " is not served: " + e.getMessage());
        }
        runningAt = layout;
        queue().start(layout, base, eventIdx, indirect);
        // A process that was killed may have left replies behind without a call for them.
        ring();
    }

    /**
     * GET_VRING_BASE: ends the service; it takes a new kick descriptor to start again. The base is that of the first
     * chain that was not answered.
     */
    int stop() {
        halt();
        dropKick();
        kickSet = false;
        unusable = false;
        stopped = true;
        return base;
    }

    /** As new, but for the descriptors to call the driver by. */
    void reset() {
        stop();
        enabled = false;
        base = 0;
    }

    /** After the regions have changed: goes on at the same position where the ring is now, if it can. */
    void relocate(boolean eventIdx, boolean indirect) throws RefusedException {
        RingLayout before = runningAt;
        if (before == null) {
            unusable = false;
            return;
        }
        if (queue().broken()) {
            return;
        }
        RingLayout now;
        try {
            now = layout();
        } catch (BadRingException e) {
            halt();
            unusable = true;
            throw RefusedException.ring("ring " + index + " is no longer served: " + e.getMessage());
        }
        if (!now.equals(before)) {
            runningAt = now;
            queue().move(now, eventIdx, indirect);
            ring();
        }
    }

    /** Takes note that the queue found the ring broken; tells the front end. */
    void breakDown() {
        unusable = true;
        signal(error);
    }

    /** Whether {@link #breakDown} is due. */
    boolean foundBroken() {
        return runningAt != null && queue().broken() && !unusable;
    }

    /** Whether nothing was ever exchanged through it: a ring just made, or one that is not set up. */
    boolean fresh() {
        if (!placed || entries == 0) {
            return true;
        }
        int position = runningAt == null ? base : queue().position();
        try {
            return position == 0 && SplitQueue.usedIdxInMemory(layout()) == 0;
        } catch (BadRingException e) {
            return position == 0;
        }
    }

    /** Whether it was stopped and not been given a position since: what it was before says nothing of the guest now. */
    boolean awaitsPosition() {
        return stopped;
    }

    /** Calls the driver. */
    @Override
    public void ring() {
        signal(call);
    }

    @Override
    public void close() {
        halt();
        dropKick();
        setError(null);
        EventFd old = call;
        call = null;
        if (old != null) {
            old.close();
        }
    }

    private static void signal(@Nullable EventFd bell) {
        if (bell != null) {
            try {
                bell.signal();
            } catch (LinuxException e) {
                // It was checked to be an eventfd, and a full one is signalled already. Nothing else can be told to a
                // driver whose bell does not ring.
            }
        }
    }

    private void halt() {
        if (runningAt != null) {
            runningAt = null;
            base = queue().stop();
        }
    }

    private void dropKick() {
        EventLoop.Registration watch = kickWatch;
        kickWatch = null;
        if (watch != null) {
            watch.cancel();
        }
        EventFd old = kick;
        kick = null;
        if (old != null) {
            old.close();
        }
    }

    private RingLayout layout() throws BadRingException {
        return RingLayout.of(
                entries,
                part("descriptor table", descriptors, RingLayout.descriptorBytes(entries)),
                part("available ring", available, RingLayout.availableBytes(entries)),
                part("used ring", used, RingLayout.usedBytes(entries)));
    }

    private RingLayout.Part part(String name, long user, long bytes) throws BadRingException {
        RingLayout.Part part = memory.ringPart(user, bytes);
        if (part == null) {
            throw new BadRingException("the " + name + " at the VMM's address 0x" + Long.toHexString(user)
                    + " is not inside one region of the memory it shared: " + memory.describe());
        }
        return part;
    }

    private void checkNotRunning() throws RefusedException {
        if (running()) {
            throw RefusedException.fatal("ring " + index + " is set up while it runs");
        }
        if (runningAt != null) {
            stop(); // it is broken: the kick that ends the new set-up starts it again
        }
    }

    private SplitQueue queue() {
        SplitQueue served = queue;
        if (served == null) {
            throw new IllegalStateException("no queue");
        }
        return served;
    }
}
