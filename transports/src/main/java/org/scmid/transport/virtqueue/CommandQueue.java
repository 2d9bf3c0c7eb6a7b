// The command queue of a virtio-scmi device: from an available chain to its reply in the guest's memory.
package org.scmid.transport.virtqueue;

import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.scmid.linux.Mapping;
import org.scmid.transport.AgentLog;
import org.scmid.transport.AgentPort;
import org.scmid.transport.MalformedInput;
import org.scmid.transport.ReplyListener;

/**
 * Serves a command queue (virtio 1.2, section 5.17.6.1). A chain's readable part is {@code le32 header, parameters}, its
 * writable part receives {@code le32 header, le32 status, return values}. A chain without a reply (malformed, or no room)
 * goes back with used.len 0. While a reply is deferred the queue takes nothing. InternalError, see {@link Mapping}, goes to the caller of {@link #serve}.
 */
public final class CommandQueue {
    /** However cheap they are: how many messages are served at once, and how many descriptors until no more are begun. */
    private static final int MOST_MESSAGES = 64;

    private static final int MOST_DESCRIPTORS = 1024;

    /** In place of the length of a reply that is outstanding. */
    private static final int NOT_READY = -1;

    private final AgentPort port;
    private final AgentLog log;
    private final Doorbell bell;
    private final Runnable workAppeared;
    private final BooleanSupplier hasTime;
    private final SplitQueue queue;
    private final Chain chain = new Chain(AgentPort.MAX_MESSAGE, AgentPort.MAX_MESSAGE);
    private final byte[] reply = new byte[AgentPort.MAX_MESSAGE];
    private @Nullable Replies listener;
    private int capacity;
    private int lateLength = NOT_READY;

    /**
     * Makes one that does not run.
     *
     * @param port whose commands they are
     * @param log where a first malformed chain is reported
     * @param queue its ring, that does not run
     * @param bell tells the driver of replies
     * @param workAppeared called when a reply has come that {@link #serve} is to publish; comes out of other work, so it
     *     only takes note
     * @param hasTime asked after each message: {@link org.scmid.loop.EventLoop#hadTime}
     */
    public CommandQueue(
            AgentPort port,
            AgentLog log,
            SplitQueue queue,
            Doorbell bell,
            Runnable workAppeared,
            BooleanSupplier hasTime) {
        this.port = port;
        this.log = log;
        this.bell = bell;
        this.queue = queue;
        this.workAppeared = workAppeared;
        this.hasTime = hasTime;
    }

    /** The ring: to be started and stopped by the caller. */
    public SplitQueue ring() {
        return queue;
    }

    /** A listener for {@link AgentPort#attached}. The one before is not listened to any more. */
    public ReplyListener newReplies() {
        Replies fresh = new Replies();
        listener = fresh;
        return fresh;
    }

    /**
     * Executes what is available, as far as there is time, but at least one message; the driver need not kick meanwhile. Needs a running ring. If the
     * ring turns out to be broken, {@link SplitQueue#broken} says so afterwards; the caller acts on it.
     *
     * @return whether there was anything
     */
    public boolean serve() {
        if (!hasWork()) {
            return false;
        }
        queue.suppressKicks();
        int descriptors = 0;
        int messages = 0;
        boolean goesOn = true;
        if (queue.holding()) {
            completeLate();
            messages++;
            descriptors += chain.descriptors();
            goesOn = hasTime.getAsBoolean();
        }
        while (goesOn && messages < MOST_MESSAGES && descriptors < MOST_DESCRIPTORS) {
            goesOn = serveOne() && hasTime.getAsBoolean();
            messages++;
            descriptors += chain.descriptors();
        }
        if (queue.mustNotify()) {
            bell.ring();
        }
        Mapping.raiseFault();
        port.flushEvents();
        return true;
    }

    /**
     * Before a wait: asks for kicks, unless the queue takes nothing for now. Needs a running ring.
     *
     * @return whether there is work after all
     */
    public boolean prepareToWait() {
        return queue.holding() ? hasWork() : queue.requestKicks();
    }

    private boolean hasWork() {
        return queue.holding() ? lateLength != NOT_READY : queue.hasAvailable();
    }

    /** Goes on with the next chain; false if that has to wait. */
    private boolean serveOne() {
        switch (queue.take(chain)) {
            case NOTHING, BROKEN -> {
                return false;
            }
            case MALFORMED -> {
                report(chain.fault());
                queue.complete(chain, 0);
            }
            case CHAIN -> {
                int length = execute();
                if (length == AgentPort.DEFERRED) {
                    capacity = chain.writableLength();
                    lateLength = NOT_READY;
                    queue.hold();
                    return false;
                }
                queue.complete(chain, length);
            }
        }
        return true;
    }

    /** Writes and publishes a reply that came later. */
    private void completeLate() {
        int length = lateLength;
        lateLength = NOT_READY;
        SplitQueue.Taken again = queue.readAgain(chain);
        if (again == SplitQueue.Taken.BROKEN) {
            return;
        }
        if (again == SplitQueue.Taken.MALFORMED) {
            report(chain.fault());
            length = 0;
        } else if (length > chain.writableLength()) {
            report(MalformedInput.BAD_CHAIN); // the driver has changed it since it was taken
            length = 0;
        } else {
            chain.write(reply, length);
        }
        queue.complete(chain, length);
    }

    /** Runs the command; 0 if there is no reply, DEFERRED if it comes later. */
    private int execute() {
        // Memory that a peer has cut off must show before the server's state is touched, not in the middle of it.
        Mapping.raiseFault();
        int length;
        try {
            length = port.execute(chain.readable(), chain.readableLength(), reply, chain.writableLength());
        } catch (RuntimeException e) {
            // The guest gets its buffer back all the same: left in the ring, the message would come again for ever.
            if (log.mayReport()) {
                log.defect("a command failed inside the server", e);
            }
            return 0;
        }
        if (length == AgentPort.DEFERRED) {
            return length;
        }
        if (length < 0 || length > chain.writableLength()) {
            throw new IllegalStateException("a reply of " + length + " bytes for " + chain.writableLength());
        }
        chain.write(reply, length);
        return length;
    }

    private void report(@Nullable MalformedInput fault) {
        MalformedInput reason = fault == null ? MalformedInput.BAD_CHAIN : fault;
        port.malformed(reason);
        if (log.mayReport()) {
            log.warning("a malformed request was returned unused: " + queue.explained(chain, reason));
        }
    }

    /** Listens for one attachment of the port, so that what an earlier one left behind is recognised. */
    private final class Replies implements ReplyListener {
        @Override
        public void replyReady(int length) {
            if (listener != this || !queue.holding() || lateLength != NOT_READY) {
                return;
            }
            if (length < 0 || length > capacity) {
                throw new IllegalArgumentException("a reply of " + length + " bytes for " + capacity);
            }
            // Published by serve(): a fault of guest memory belongs there, not into whatever work this comes out of.
            lateLength = length;
            workAppeared.run();
        }
    }
}
