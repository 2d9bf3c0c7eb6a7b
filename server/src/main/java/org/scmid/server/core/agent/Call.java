// One command on its way through the core.
package org.scmid.server.core.agent;

import org.jspecify.annotations.Nullable;
import org.scmid.protocol.Header;
import org.scmid.protocol.MessageBuffer;
import org.scmid.protocol.Status;
import org.scmid.protocol.StatusReply;

/**
 * One command: who sent it, its bytes, and the reply that is being written. Every agent has one, which is used again for
 * each command, since an agent's next command is taken only after the last one was answered.
 *
 * <p>A command that takes time is put off: its {@link Operation} keeps the ticket of {@link #defer}, the handler returns
 * {@link #DEFERRED}, and the operation {@link #complete}s it later. A ticket of a command that nobody waits for any more does nothing.
 */
public final class Call {
    /** What a handler returns instead of a status when the reply comes later. No status of SCMI. */
    public static final int DEFERRED = Integer.MIN_VALUE;

    private static final byte[] NOTHING = new byte[0];

    /** Takes the end of a command that was put off. */
    @FunctionalInterface
    interface Completion {
        void completed(Call call, int status);
    }

    private enum State {
        /** The handler runs. */
        RUNNING,
        /** The handler said that the reply comes later. */
        PUT_OFF,
        /** Nobody waits. */
        OVER
    }

    private final Agent agent;
    private final Completion completion;
    private final MessageBuffer request = new MessageBuffer();
    private final MessageBuffer reply = new MessageBuffer();
    private final byte[] overflow = new byte[Agent.MAX_MESSAGE];
    private byte[] replyBytes = NOTHING;
    private int capacity;
    private int header;
    private int version;
    private int replyLength;
    private long startNanos;
    private @Nullable AgentResource resource;
    private State state = State.OVER;
    private int ticket;

    Call(Agent agent, Completion completion) {
        this.agent = agent;
        this.completion = completion;
    }

    /**
     * Starts a command.
     *
     * @param replyCapacity at least {@link StatusReply#LENGTH}
     * @param nanos the time
     */
    void begin(byte[] requestBytes, int requestLength, byte[] into, int replyCapacity, long nanos) {
        request.wrap(requestBytes, 0, requestLength);
        replyBytes = into;
        capacity = replyCapacity;
        header = request.getU32(0);
        replyLength = StatusReply.LENGTH;
        startNanos = nanos;
        resource = null;
        state = State.RUNNING;
        ticket++;
    }

    /**
     * Prepares the reply. If its fixed part does not fit, the handler still gets room to write it, so that it can find a
     * worse mistake first; {@link #finish} then refuses.
     */
    public void prepareReply(int fixedLength, int spokenVersion, @Nullable AgentResource named) {
        version = spokenVersion;
        resource = named;
        if (fixedLength <= capacity) {
            reply.wrap(replyBytes, 0, capacity);
        } else {
            reply.wrap(overflow);
        }
    }

    /** Says how long the reply is, header included, that was written. Handlers end with it. */
    public int succeed(int length) {
        replyLength = length;
        return Status.Code.SUCCESS;
    }

    /** What the command asks of hardware, which may end later. */
    public Operation operation() {
        return agent.operation(0).begin(this, resource);
    }

    // ---- Replies that come later.

    /** Puts the reply off, by an {@link Operation}; the handler then returns {@link #DEFERRED}. The ticket is for {@link
     * #complete}. */
    int defer() {
        state = State.PUT_OFF;
        return ticket;
    }

    /** What was put off begins only now; false if nobody waits for it any more. */
    boolean goOn() {
        boolean isWanted = state == State.PUT_OFF;
        if (isWanted) {
            state = State.RUNNING;
        }
        return isWanted;
    }

    /** Whether somebody still waits for this command's reply. */
    boolean isWaiting(int itsTicket) {
        return state == State.PUT_OFF && ticket == itsTicket;
    }

    /**
     * Ends a command that was put off: its reply goes out. What is more to the reply than a status was written before,
     * and announced by {@link #succeed}. Does nothing if nobody waits for this command any more.
     */
    void complete(int itsTicket, int status) {
        if (!isWaiting(itsTicket)) {
            return;
        }
        state = State.OVER;
        completion.completed(this, status);
    }

    /**
     * The handler has returned.
     *
     * @return the status, or {@link #DEFERRED} if the reply comes later
     */
    public int returned(int status) {
        if (status != DEFERRED) {
            state = State.OVER;
        }
        return status;
    }

    /** Nobody waits for the reply any more. */
    public void abandon() {
        state = State.OVER;
    }

    // ---- The reply.

    /** Completes the reply, and returns its length; anything but success, and what does not fit, is a status only. */
    int finish(int status) {
        if (status == Status.Code.SUCCESS && replyLength > StatusReply.LENGTH) {
            return replyLength;
        }
        return StatusReply.write(reply.wrap(replyBytes, 0, capacity), header, status);
    }

    /** The status that is really answered: PROTOCOL_ERROR if the reply does not fit. */
    public int fitted(int status) {
        return status == Status.Code.SUCCESS && replyLength > capacity ? Status.Code.PROTOCOL_ERROR : status;
    }

    public Agent agent() {
        return agent;
    }

    /** The resource that the command names; the agent may use the command on it. */
    public AgentResource resource() {
        AgentResource named = resource;
        if (named == null) {
            throw new IllegalStateException("the command names no resource");
        }
        return named;
    }

    /** The version of the protocol that the agent speaks. */
    public int version() {
        return version;
    }

    public int header() {
        return header;
    }

    /** When it was taken, in nanoseconds. */
    long startNanos() {
        return startNanos;
    }

    public int payloadLength() {
        return request.length() - Header.REQUEST_PAYLOAD;
    }

    public MessageBuffer request() {
        return request;
    }

    public MessageBuffer reply() {
        return reply;
    }

    /** Bytes that the whole reply may have. */
    public int capacity() {
        return capacity;
    }
}
