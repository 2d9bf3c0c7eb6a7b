// The event queue of a virtio-scmi device: notifications and delayed responses into the guest's posted buffers.
package org.scmid.transport.virtqueue;

import org.scmid.linux.Mapping;
import org.scmid.transport.AgentLog;
import org.scmid.transport.AgentPort;
import org.scmid.transport.EventSink;
import org.scmid.transport.MalformedInput;

/**
 * Fills the buffers of an event queue (virtio 1.2, section 5.17.6.2): {@code le32 header, payload}, one message per
 * chain. Buffers stay in the ring until an event needs them. One that no event could use (readable parts, no room for a
 * header, a malformed chain) goes back with used.len 0 when its turn comes; one that is only too small for what waits
 * does so by {@link #returnBuffer}.
 */
public final class EventQueue implements EventSink {
    private static final int HEADER_BYTES = 4;

    private final AgentPort port;
    private final AgentLog log;
    private final Doorbell bell;
    private final Runnable memoryLost;
    private final Runnable starving;
    private final SplitQueue queue;
    private final Chain chain = new Chain(0, AgentPort.MAX_MESSAGE);
    private boolean starved;

    /**
     * Makes one that does not run.
     *
     * @param port whose events they are
     * @param log where malformed buffers are reported
     * @param queue its ring, that does not run
     * @param bell tells the driver of events
     * @param memoryLost called when a peer has shrunk the memory under an event. Events come out of the work for another
     *     agent, so it only takes note, and ends this peer later
     * @param starving called when an event found no buffer, so that {@link #prepareToWait} is to ask for a kick; only takes
     *     note too
     */
    public EventQueue(
            AgentPort port, AgentLog log, SplitQueue queue, Doorbell bell, Runnable memoryLost, Runnable starving) {
        this.port = port;
        this.log = log;
        this.bell = bell;
        this.memoryLost = memoryLost;
        this.starving = starving;
        this.queue = queue;
    }

    /** The ring: to be started and stopped by the caller. */
    public SplitQueue ring() {
        return queue;
    }

    @Override
    public int maxLength() {
        return AgentPort.MAX_MESSAGE;
    }

    @Override
    public Result offer(byte[] event, int length) {
        if (length < HEADER_BYTES || length > AgentPort.MAX_MESSAGE) {
            return Result.TOO_LONG;
        }
        if (!queue.running()) {
            starved = true;
            return Result.NO_BUFFER;
        }
        Mapping.raiseFault(); // a fault that is pending now is another peer's
        try {
            queue.suppressKicks();
            Result result = fill(event, length);
            starved = result == Result.NO_BUFFER;
            if (starved) {
                starving.run();
            }
            if (queue.mustNotify()) {
                bell.ring();
            }
            Mapping.raiseFault();
            return result;
        } catch (InternalError e) {
            memoryLost.run();
            return Result.NO_BUFFER;
        }
    }

    @Override
    public void returnBuffer() {
        if (!queue.running()) {
            return;
        }
        Mapping.raiseFault(); // a fault that is pending now is another peer's
        try {
            if (queue.take(chain) == SplitQueue.Taken.CHAIN) {
                giveBack(MalformedInput.SMALL_EVENT_BUFFER, "an event buffer that is too small was returned unused: ");
            }
            if (queue.mustNotify()) {
                bell.ring();
            }
            Mapping.raiseFault();
        } catch (InternalError e) {
            memoryLost.run();
        }
    }

    /**
     * Whether an offer failed for want of a buffer, and there is one now. Says so once; the caller then calls
     * {@link AgentPort#flushEvents}. Needs a running ring.
     */
    public boolean buffersAppeared() {
        if (!starved || !queue.hasAvailable()) {
            return false;
        }
        starved = false;
        return true;
    }

    /**
     * Before a wait: asks for a kick if an event waits for a buffer.
     *
     * @return whether there is one after all
     */
    public boolean prepareToWait() {
        return starved && queue.requestKicks();
    }

    /** Fills the next buffer that can take it; gives unusable ones back on the way, a ring's worth at most. */
    private Result fill(byte[] event, int length) {
        for (int i = 0; i < RingLayout.MAX_SIZE; i++) {
            switch (queue.take(chain)) {
                case NOTHING, BROKEN -> {
                    return Result.NO_BUFFER;
                }
                case MALFORMED -> giveBack();
                case CHAIN -> {
                    if (chain.hasReadable() || chain.writableLength() < HEADER_BYTES) {
                        giveBack();
                    } else if (chain.writableLength() < length) {
                        return Result.TOO_LONG;
                    } else {
                        chain.write(event, length);
                        queue.complete(chain, length);
                        return Result.SENT;
                    }
                }
            }
        }
        return Result.NO_BUFFER;
    }

    private void giveBack() {
        MalformedInput fault = chain.fault();
        // An event buffer with readable bytes is long before it is anything else.
        MalformedInput reason =
                fault == null || fault == MalformedInput.LONG_REQUEST ? MalformedInput.BAD_EVENT_BUFFER : fault;
        giveBack(reason, "a malformed event buffer was returned unused: ");
    }

    private void giveBack(MalformedInput reason, String what) {
        port.malformed(reason);
        queue.complete(chain, 0);
        if (log.mayReport()) {
            log.warning(what + queue.explained(chain, reason));
        }
    }
}
