// A way to a platform: whole messages there and back.
package org.scmid.agent;

/**
 * Carries SCMI messages to a platform and back, on the loop's thread. The platform is not trusted: whatever it sends, no
 * more than {@link #MAX_MESSAGE} bytes come as one message, and a turn brings a bounded share of them.
 */
public interface PlatformLink extends AutoCloseable {
    /** Longest message in bytes, header included, either way. */
    int MAX_MESSAGE = 4096;

    /**
     * Sends one message, or nothing of it. Never calls the listener.
     *
     * @param message from index 0; the caller's again when this returns
     * @param length 4 to {@link #longestMessage}
     * @return false if there is no room for it now; {@link Listener#writable} comes when there is
     */
    boolean send(byte[] message, int length);

    /**
     * Sends one message, or nothing of it, as {@link #send}: a command that a delayed response is to follow, after the reply.
     * For links that have to know that.
     */
    default boolean sendAsynchronous(byte[] message, int length) {
        return send(message, length);
    }

    /**
     * The longest message that can be sent, in bytes. A link that agrees on it with the platform knows it when the first
     * message can be sent.
     */
    default int longestMessage() {
        return MAX_MESSAGE;
    }

    /** The longest message that can come, in bytes; a longer one is lost on the way. */
    default int longestReply() {
        return MAX_MESSAGE;
    }

    /** Whether what comes may be the answer to what was sent by an earlier link to the same platform. */
    default boolean bringsEarlierReplies() {
        return false;
    }

    /** Ends it, idempotently; the listener is not called any more. */
    @Override
    void close();

    /** Who is told what comes. */
    interface Listener {
        /**
         * A message came.
         *
         * @param message from index 0; valid during the call
         * @param length 4 to {@link #MAX_MESSAGE}; nothing else of it was looked at
         */
        void received(byte[] message, int length);

        /** There is room after {@link #send} found none, or a link that had to be set up with the platform first is ready. */
        void writable();

        /** The platform is gone or broke the rules of the link, for this reason. The link is closed. */
        void lost(String why);
    }
}
