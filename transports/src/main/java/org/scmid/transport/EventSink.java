package org.scmid.transport;

/**
 * Platform-to-agent messages of one agent: notifications and delayed responses. Valid from {@link AgentPort#attached}
 * until the next {@link AgentPort#attached} or {@link AgentPort#detached}; an offer to one that is no longer valid
 * answers {@link Result#NO_BUFFER}.
 */
public interface EventSink {
    /** What became of an offer. */
    enum Result {
        /** The message is in the agent's memory (or on its way in a socket). */
        SENT,
        /** There is no buffer now; {@link AgentPort#flushEvents} is called when there is one. */
        NO_BUFFER,
        /**
         * The message is longer than {@link #maxLength} or than the agent's next buffer. It is not sent, and would not be
         * later; the buffer stays for a shorter one.
         */
        TOO_LONG
    }

    /** Longest message in bytes, header included, that can ever be sent; the next buffer may be smaller. */
    int maxLength();

    /**
     * Sends one message.
     *
     * @param event header and payload in event[0..length); copied before this returns
     * @param length bytes, 4..{@link AgentPort#MAX_MESSAGE}
     */
    Result offer(byte[] event, int length);
}
