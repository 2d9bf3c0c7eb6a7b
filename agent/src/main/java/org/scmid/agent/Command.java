// One command to a platform at a time, again and again.
package org.scmid.agent;

import org.scmid.loop.Scheduler;

/**
 * A command that is under way at most once at a time; made once by {@link AgentClient#command}, sent many times. Nothing is
 * allocated for a message. For the loop's thread.
 */
public final class Command {
    /** Why there is no reply. */
    public enum Failure {
        /** None came in time. */
        TIMED_OUT,
        /** The link was lost. */
        LINK_LOST
    }

    /** Who is told how it ends. It may be sent again from within each last call. */
    public interface Listener {
        /**
         * The reply. The last call, unless a delayed response was asked for and the status is SUCCESS.
         *
         * @param message header, status, return values; valid during the call
         * @param length 8 to {@link PlatformLink#MAX_MESSAGE}; whether the message's own length is right is not checked
         */
        void replied(byte[] message, int length);

        /** The delayed response, with the same layout; the last call. It may come without a {@link #replied} before. */
        void delayed(byte[] message, int length);

        /** There will be none; the last call. */
        void failed(Failure why);
    }

    static final long NO_DELAYED_RESPONSE = -1;

    private final AgentClient client;
    private final Listener listener;
    private final Scheduler.Timer timer;
    private int token = Tokens.NONE;
    private long delayedNanos;

    Command(AgentClient client, Scheduler time, Listener listener) {
        this.client = client;
        this.listener = listener;
        this.timer = time.timer(this::timedOut);
    }

    /** Whether its end is still to come. */
    public boolean isUnderWay() {
        return token != Tokens.NONE;
    }

    /**
     * Sends a command that has a reply only.
     *
     * @param request header and payload; the token in the header is overwritten
     * @param length 4 to {@link PlatformLink#MAX_MESSAGE}
     * @param replyNanos how long the reply is waited for, in nanoseconds, from 0
     * @return false if it was not sent, since there is no link, no room, no token, or it is longer than the link carries
     */
    public boolean send(byte[] request, int length, long replyNanos) {
        return send(request, length, replyNanos, NO_DELAYED_RESPONSE);
    }

    /**
     * Sends a command whose result comes by a delayed response.
     *
     * @param delayedNanos how long that is waited for after the reply, in nanoseconds, from 0
     */
    public boolean sendAsynchronous(byte[] request, int length, long replyNanos, long delayedNanos) {
        if (delayedNanos < 0) {
            throw new IllegalArgumentException("a time-out of " + delayedNanos + " ns");
        }
        return send(request, length, replyNanos, delayedNanos);
    }

    private boolean send(byte[] request, int length, long replyNanos, long delayed) {
        if (isUnderWay()) {
            throw new IllegalStateException("the command is under way already");
        }
        int taken = client.send(this, request, length, delayed != NO_DELAYED_RESPONSE);
        if (taken == Tokens.NONE) {
            return false;
        }
        token = taken;
        delayedNanos = delayed;
        timer.arm(replyNanos);
        return true;
    }

    /** Forgets it: its end is not told, and what still comes for it is dropped. */
    public void abandon() {
        if (isUnderWay()) {
            client.retire(end());
        }
    }

    private void timedOut() {
        client.retire(end());
        client.countTimeOut();
        listener.failed(Failure.TIMED_OUT);
    }

    void lost() {
        end();
        listener.failed(Failure.LINK_LOST);
    }

    void repliedLast(byte[] message, int length) {
        end();
        listener.replied(message, length);
    }

    /** Its delayed response comes later. */
    void accepted(byte[] message, int length) {
        timer.arm(delayedNanos);
        listener.replied(message, length);
    }

    void delayed(byte[] message, int length) {
        end();
        listener.delayed(message, length);
    }

    private int end() {
        timer.disarm();
        int ended = token;
        token = Tokens.NONE;
        return ended;
    }
}
