// The command queue of a virtio-scmi device: from an available chain to its reply in the guest's memory.
package org.scmid.transport.virtqueue;

import org.jspecify.annotations.Nullable;
import org.scmid.linux.Mapping;
import org.scmid.transport.AgentLog;
import org.scmid.transport.AgentPort;
import org.scmid.transport.MalformedInput;

/**
 * Serves a command queue (virtio 1.2, section 5.17.6.1). A chain's readable part is {@code le32 header, parameters}, its
 * writable part receives {@code le32 header, le32 status, return values}. A chain without a reply (malformed, or no room)
 * goes back with used.len 0. InternalError, see {@link Mapping}, goes to the caller of {@link #serve}.
 */
public final class CommandQueue {
    /** A share: how many messages at most, and how many descriptors until no more messages are begun. */
    private static final int SHARE_MESSAGES = 64;

    private static final int SHARE_DESCRIPTORS = 1024;

    private final AgentPort port;
    private final AgentLog log;
    private final Doorbell bell;
    private final SplitQueue queue;
    private final Chain chain = new Chain(AgentPort.MAX_MESSAGE, AgentPort.MAX_MESSAGE);
    private final byte[] reply = new byte[AgentPort.MAX_MESSAGE];

    /**
     * Makes one that does not run.
     *
     * @param port whose commands they are
     * @param log where a first malformed chain is reported
     * @param memory where buffers are
     * @param bell tells the driver of replies
     */
    public CommandQueue(AgentPort port, AgentLog log, BufferMemory memory, Doorbell bell) {
        this.port = port;
        this.log = log;
        this.bell = bell;
        this.queue = new SplitQueue(memory);
    }

    /** The ring: to be started and stopped by the caller. */
    public SplitQueue ring() {
        return queue;
    }

    /**
     * Executes at most one share of what is available; the driver need not kick meanwhile. Needs a running ring. If the
     * ring turns out to be broken, {@link SplitQueue#broken} says so afterwards; the caller acts on it.
     *
     * @return whether there was anything
     */
    public boolean serve() {
        if (!queue.hasAvailable()) {
            return false;
        }
        queue.suppressKicks();
        int descriptors = 0;
        int messages = 0;
        while (messages < SHARE_MESSAGES && descriptors < SHARE_DESCRIPTORS && serveOne()) {
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

    private boolean serveOne() {
        switch (queue.take(chain)) {
            case NOTHING, BROKEN -> {
                return false;
            }
            case MALFORMED -> {
                report(chain.fault());
                queue.complete(chain, 0);
            }
            case CHAIN -> queue.complete(chain, execute());
        }
        return true;
    }

    /** Runs the command; 0 if there is no reply. */
    private int execute() {
        // Memory that a peer has cut off must show before the server's state is touched, not in the middle of it.
        Mapping.raiseFault();
        int length;
        try {
            length = port.execute(chain.readable(), chain.readableLength(), reply, chain.writableLength());
        } catch (RuntimeException e) {
            // The guest gets its buffer back all the same: left in the ring, the message would come again for ever.
            log.defect("a command failed inside the server", e);
            return 0;
        }
        if (length > chain.writableLength()) {
            throw new IllegalStateException("a reply of " + length + " bytes for " + chain.writableLength());
        }
        chain.write(reply, length);
        return length;
    }

    private void report(@Nullable MalformedInput fault) {
        MalformedInput reason = fault == null ? MalformedInput.BAD_CHAIN : fault;
        port.malformed(reason);
        if (log.mayReport()) {
            log.warning("a malformed request was returned unused: " + reason.label());
        }
    }
}
