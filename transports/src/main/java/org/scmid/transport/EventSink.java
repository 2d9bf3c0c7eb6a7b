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
         * The message is longer than the agent's next buffer, or than {@link #maxLength}. It is not sent; the buffer stays
         * for a shorter one, until {@link #returnBuffer} gives it back.
         */
        TOO_LONG
    }

    /** Longest message in bytes, header included, that can ever be sent; the next buffer may be smaller. */
    int maxLength();

    /**
     * Sends one message, at the latest with {@link #sendOffered}.
     *
     * @param event header and payload in event[0..length); copied before this returns
     * @param length bytes, 4..{@link AgentPort#MAX_MESSAGE}
     */
    Result offer(byte[] event, int length);

    /**
     * Gives the agent's next buffer back unused, after {@link Result#TOO_LONG}, so that those behind it are reached; it is
     * counted as {@link MalformedInput#SMALL_EVENT_BUFFER}. Nothing to do where messages need no buffers of the agent's.
     */
    default void returnBuffer() {}

    /** Sends what was offered and not sent yet: called after one or more offers, so that they may go together. */
    default void sendOffered() {}
}
