// The agent's end of a link to a platform: commands by token, and what comes by itself.
package org.scmid.agent;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.scmid.loop.Scheduler;
import org.scmid.protocol.Header;
import org.scmid.protocol.MessageType;
import org.scmid.protocol.Status;
import org.scmid.transport.virtqueue.LittleEndian;

/**
 * Sends commands to a platform, several under way at a time, and tells their replies apart by the token. Every command
 * ends: by its reply, its delayed response, in time, or with the link. Nothing here waits, queues or allocates for a
 * message, whatever the platform sends.
 *
 * <p>The platform is not trusted. A response has to have the token and the ids of a command that awaits it, and a status;
 * anything else is counted and dropped. What comes late for a command that timed out is recognised by its token, which no
 * other command has before: a token is used again when its late message came, when a link begins that brings nothing of an
 * earlier one or, if all others are in use, after the quarantine. For the loop's thread.
 */
public final class AgentClient implements PlatformLink.Listener {
    /** Who is told what is no end of a command. */
    public interface Listener {
        /**
         * A notification.
         *
         * @param message header and payload; valid during the call
         * @param length 4 to {@link PlatformLink#MAX_MESSAGE}
         */
        void notified(byte[] message, int length);

        /** A command that could not be sent for want of room may be tried again. */
        void writable();

        /** The link was lost, for this reason; what was under way has failed. */
        void lost(String why);

        /** A command was not answered in time, and nothing at all has come since the one before it that was. */
        default void timedOut() {}

        /** Something came, the first since {@link #timedOut}. */
        default void heard() {}
    }

    /** What a token stands for. */
    private enum Awaited {
        NOTHING,
        REPLY,
        DELAYED,
        LATE_REPLY,
        LATE_DELAYED
    }

    private static final int IDS = 0x0FFF_FFFF; // a header without its reserved bits
    private static final int TOKEN_SHIFT = 18;
    private static final int STATUS_AT = Header.HEADER_BYTES;
    private static final long TOKEN_NANOS = 1_000_000;

    private final Scheduler time;
    private final Listener listener;
    private final Tokens tokens;
    private final Awaited[] awaited = new Awaited[Tokens.COUNT];
    private final int[] headers = new int[Tokens.COUNT];
    private final boolean[] asynchronous = new boolean[Tokens.COUNT];
    private final @Nullable Command[] commands = new Command[Tokens.COUNT];
    private @Nullable PlatformLink link;
    private boolean hasBegun;
    private boolean dropping;
    private boolean isMissed;
    private int underWay;
    private long sent;
    private long malformed;
    private long unexpected;
    private long late;
    private long timeOuts;

    /**
     * Makes one without a link.
     *
     * @param time the loop
     * @param quarantineNanos how long after its time-out a command's reply may still come, in nanoseconds
     */
    public AgentClient(Scheduler time, long quarantineNanos, Listener listener) {
        this.time = time;
        this.listener = listener;
        this.tokens = new Tokens(quarantineNanos);
        Arrays.fill(awaited, Awaited.NOTHING);
    }

    /** Makes a command, to be sent many times. */
    public Command command(Command.Listener told) {
        return new Command(this, time, told);
    }

    /** Goes by this link from now on, which is new. Not from within a command's failure. */
    public void begin(PlatformLink fresh) {
        if (link != null || dropping) {
            throw new IllegalStateException("the link before has not ended yet");
        }
        if (fresh.bringsEarlierReplies() && hasBegun) {
            retireAll();
        } else {
            // An earlier process may have left commands, too: it has most likely ended with other tokens.
            tokens.reset(fresh.bringsEarlierReplies() ? (int) (time.nanoTime() / TOKEN_NANOS % Tokens.COUNT) : 0);
            Arrays.fill(awaited, Awaited.NOTHING);
        }
        hasBegun = true;
        isMissed = false;
        link = fresh;
    }

    /** What was under way on the link before may still be answered. */
    private void retireAll() {
        for (int token = 0; token < Tokens.COUNT; token++) {
            if (awaited[token] == Awaited.REPLY || awaited[token] == Awaited.DELAYED) {
                retire(token);
            }
        }
    }

    /** The longest message that can come, in bytes; a longer reply is lost on the way. */
    public int longestReply() {
        PlatformLink current = link;
        return current == null ? PlatformLink.MAX_MESSAGE : current.longestReply();
    }

    /** Ends the link; what is under way fails. */
    public void end() {
        PlatformLink ending = link;
        if (ending != null) {
            ending.close();
            dropLink();
        }
    }

    /** Commands that were sent. */
    public long sent() {
        return sent;
    }

    /** How many commands are under way. */
    public int underWay() {
        return underWay;
    }

    /** Messages that were too short, or of no type that a platform sends. */
    public long malformed() {
        return malformed;
    }

    /** Responses that no command awaited. */
    public long unexpected() {
        return unexpected;
    }

    /** Responses to commands that had timed out. */
    public long late() {
        return late;
    }

    /** Commands that timed out. */
    public long timeOuts() {
        return timeOuts;
    }

    // ---- for commands ----

    /** Sends a command; its token, or NONE if it was not sent. */
    int send(Command command, byte[] request, int length, boolean isAsynchronous) {
        if (length < Header.HEADER_BYTES || length > PlatformLink.MAX_MESSAGE) {
            throw new IllegalArgumentException("a command of " + length + " bytes");
        }
        int header = LittleEndian.getInt(request, 0);
        if (!Header.isCommand(header)) {
            throw new IllegalArgumentException("no command: 0x" + Integer.toHexString(header));
        }
        PlatformLink current = link;
        int token = current == null || length > current.longestMessage() ? Tokens.NONE : tokens.take(time.nanoTime());
        if (current == null || token == Tokens.NONE) {
            return Tokens.NONE;
        }
        int numbered = (header & ~(Header.MAX_TOKEN << TOKEN_SHIFT)) | (token << TOKEN_SHIFT);
        LittleEndian.putInt(request, 0, numbered);
        boolean isSent = isAsynchronous ? current.sendAsynchronous(request, length) : current.send(request, length);
        if (!isSent) {
            awaited[token] = Awaited.NOTHING;
            tokens.free(token);
            return Tokens.NONE;
        }
        headers[token] = numbered & IDS;
        asynchronous[token] = isAsynchronous;
        awaited[token] = Awaited.REPLY;
        commands[token] = command;
        underWay++;
        sent++;
        return token;
    }

    /** Its command has ended before the platform did its part. */
    void retire(int token) {
        forget(token);
        awaited[token] = awaited[token] == Awaited.REPLY ? Awaited.LATE_REPLY : Awaited.LATE_DELAYED;
        tokens.retire(token, time.nanoTime());
    }

    void countTimeOut() {
        timeOuts++;
        isMissed = true;
        listener.timedOut();
    }

    // ---- what comes ----

    @Override
    public void received(byte[] message, int length) {
        if (link == null) {
            return;
        }
        if (isMissed) {
            isMissed = false;
            listener.heard();
        }
        int header = LittleEndian.getInt(message, 0) & IDS;
        MessageType type = MessageType.of(Header.type(header));
        if (type == MessageType.NOTIFICATION) {
            listener.notified(message, length);
        } else if (type == null || length < Header.RESPONSE_PAYLOAD) {
            malformed++;
        } else if (type == MessageType.COMMAND) {
            response(header, message, length);
        } else {
            delayedResponse(header, message, length);
        }
    }

    private void response(int header, byte[] message, int length) {
        int token = Header.token(header);
        if (header != headers[token]) {
            unexpected++;
            return;
        }
        boolean more = asynchronous[token] && LittleEndian.getInt(message, STATUS_AT) == Status.SUCCESS.code();
        switch (awaited[token]) {
            case REPLY -> {
                Command command = commandOf(token);
                if (more) {
                    awaited[token] = Awaited.DELAYED;
                    command.accepted(message, length);
                } else {
                    free(token);
                    command.repliedLast(message, length);
                }
            }
            case LATE_REPLY -> {
                late++;
                if (more) {
                    awaited[token] = Awaited.LATE_DELAYED;
                } else {
                    free(token);
                }
            }
            case NOTHING, DELAYED, LATE_DELAYED -> unexpected++;
        }
    }

    private void delayedResponse(int header, byte[] message, int length) {
        int token = Header.token(header);
        if (header != Header.delayedResponseTo(headers[token]) || !asynchronous[token]) {
            unexpected++;
            return;
        }
        switch (awaited[token]) {
            case DELAYED -> {
                Command command = commandOf(token);
                free(token);
                command.delayed(message, length);
            }
            case REPLY -> {
                // By another channel it may overtake the reply, which is then of no more interest, but still to come.
                Command command = commandOf(token);
                asynchronous[token] = false;
                retire(token);
                command.delayed(message, length);
            }
            case LATE_DELAYED -> {
                late++;
                free(token);
            }
            case LATE_REPLY -> {
                late++;
                asynchronous[token] = false;
            }
            case NOTHING -> unexpected++;
        }
    }

    @Override
    public void writable() {
        listener.writable();
    }

    @Override
    public void lost(String why) {
        if (link != null) {
            dropLink();
            listener.lost(why);
        }
    }

    private void dropLink() {
        link = null;
        dropping = true;
        for (int token = 0; token < Tokens.COUNT; token++) {
            Command command = commands[token];
            if (command != null) {
                forget(token);
                command.lost();
            }
        }
        dropping = false;
    }

    private void free(int token) {
        forget(token);
        awaited[token] = Awaited.NOTHING;
        tokens.free(token);
    }

    private void forget(int token) {
        if (commands[token] != null) {
            commands[token] = null;
            underWay--;
        }
    }

    private Command commandOf(int token) {
        Command command = commands[token];
        if (command == null) {
            throw new IllegalStateException("no command has token " + token);
        }
        return command;
    }
}
